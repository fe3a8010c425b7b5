"""Outcomes, scripts and deals of the demo company, written into the seed's transaction."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from callcenter.outcomes.given import Given
from callcenter.outcomes.outcome import Outcome
from callcenter.outcomes.tree import tree_of, walk
from callcenter.ports import UnitOfWork
from callcenter.sales.deal import STAGES, DealDraft
from callcenter.seed.history import PastCall
from callcenter.seed.outcomes import TREES, Planned
from callcenter.seed.people import Person
from callcenter.seed.scripts import scripts

_SEED = 904
_RATE = {"PLN": 1, "RUB": 20, "GBP": 1}
_STEPS = {
    "en": ("Send the offer", "Ask whether they decided", "Agree on the dates"),
    "pl": ("Wysłać ofertę", "Zapytać o decyzję", "Uzgodnić terminy"),
    "ru": ("Отправить предложение", "Спросить о решении", "Согласовать сроки"),
}
_LOST = {"en": "Too expensive", "pl": "Za drogo", "ru": "Слишком дорого"}


def add_trees(uow: UnitOfWork) -> None:
    for queue, planned in TREES.items():
        _add(uow, queue, planned, None)


def _add(uow: UnitOfWork, queue: str, planned: Sequence[Planned], parent_id: int | None) -> None:
    for one in planned:
        outcome_id = uow.outcomes.add(one.draft(queue, parent_id))
        _add(uow, queue, one.under, outcome_id)


def add_scripts(uow: UnitOfWork, region: str, now: datetime) -> None:
    for script in scripts(region):
        uow.scripts.add(script, now)


def add_outcomes(
    uow: UnitOfWork,
    calls: Sequence[PastCall],
    written: Mapping[str, int],
    operators: Sequence[int],
) -> None:
    """Most answered calls were given one: of their queue's, and one that asks for no more."""
    dice = random.Random(_SEED)  # noqa: S311 (the same past every time)
    everything = uow.outcomes.all()
    for call in calls:
        chosen = _chosen(everything, call, dice)
        if call.record.ended_at is not None and chosen is not None:
            uow.outcomes.give(
                Given(
                    interaction_id=written[call.record.id],
                    outcome_id=chosen,
                    user_id=operators[call.operator],
                    at=call.record.ended_at + timedelta(seconds=20),
                    details={},
                )
            )


def _chosen(everything: Sequence[Outcome], call: PastCall, dice: random.Random) -> int | None:
    roll = dice.random()
    if call.record.result != "answered" or roll > 0.8:
        return None
    queue = call.record.queues[-1] if call.record.queues else ""
    leaves = [
        node.outcome
        for node in walk(tree_of(everything, queue))
        if node.is_leaf and (call.note or "note" not in node.outcome.requires)
    ]
    plain = [one for one in leaves if set(one.requires) <= {"note"}]
    good = [one for one in plain if one.kind == "good"]
    return dice.choice(good if good and roll < 0.6 else plain).id


def add_deals(
    uow: UnitOfWork,
    everyone: Sequence[Person],
    ids: Sequence[int],
    operators: Sequence[int],
    now: datetime,
) -> None:
    dice = random.Random(_SEED)  # noqa: S311 (the same deals every time)
    for index, (person, customer_id) in enumerate(zip(everyone, ids, strict=True)):
        if person.story == "blocked" or not (person.story == "vip" or index % 9 == 0):
            continue
        steps = _STEPS.get(person.culture.language, _STEPS["en"])
        begun = now - timedelta(days=dice.randrange(2, 60))
        stage = dice.choice(STAGES)
        deal_id = uow.deals.add(
            DealDraft(
                customer_id=customer_id,
                title=dice.choice(person.culture.goods),
                stage=stage,
                amount_minor=dice.randrange(20, 900) * 10_000 * _RATE[person.culture.currency],
                currency=person.culture.currency,
                next_step=steps[index % len(steps)],
                next_step_on=now.date() + timedelta(days=dice.randrange(-1, 9)),
                owner_id=operators[index % len(operators)],
            ),
            begun,
        )
        _end_some(uow, deal_id, index, person, now)


def _end_some(uow: UnitOfWork, deal_id: int, index: int, person: Person, now: datetime) -> None:
    if index % 27 not in (0, 18):
        return
    over = {"next_step": "", "next_step_on": None}
    lost = _LOST.get(person.culture.language, _LOST["en"])
    ended = {"state": "won"} if index % 27 else {"state": "lost", "loss_reason": lost}
    uow.deals.update(deal_id, over | ended, version=1, at=now)
