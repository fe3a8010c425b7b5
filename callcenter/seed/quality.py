"""The demo's score card, some assessments by it, and a sample that waits."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from callcenter.assessments.assessment import Assessment, Round
from callcenter.assessments.card import Question, ScoreCard, Section
from callcenter.assessments.life import State
from callcenter.assessments.sampling import Contact, Rules
from callcenter.assessments.scoring import Given, hundredths, score, share
from callcenter.errors import Conflict
from callcenter.ports import UnitOfWork
from callcenter.runtime import Runtime
from callcenter.services.samples import SampleDesk
from callcenter.services.score_cards import CardDesk

_CARD: Final = ScoreCard(
    title="Service on the phone and in writing",
    pass_score=8000,
    sections=(
        Section(
            title="Opening",
            questions=(
                Question(key="greeting", text="Greets with name and company", weight=5),
                Question(
                    key="identity",
                    text="Makes sure who it is before telling anything of the account",
                    weight=15,
                    fatal=True,
                    help="No: anything of the account was said to somebody not identified.",
                ),
            ),
        ),
        Section(
            title="The matter",
            questions=(
                Question(
                    key="listens",
                    text="Lets the customer finish and asks until it is clear",
                    kind="scale",
                    weight=20,
                    help="5: sums it up in own words. 3: asks twice for the same. 0: interrupts.",
                ),
                Question(
                    key="solves",
                    text="Solves it or says who will, and when",
                    kind="scale",
                    weight=30,
                ),
                Question(key="offer", text="Offers what would help further", weight=10),
            ),
        ),
        Section(
            title="Closing",
            questions=(
                Question(key="note", text="Leaves a note a colleague can work with", weight=10),
                Question(
                    key="tone", text="Polite to the end", kind="scale", weight=10, optional=False
                ),
            ),
        ),
    ),
)
# Answers in the card's order; None: does not apply.
_GIVEN: Final[tuple[tuple[int | None, ...], ...]] = (
    (1, 1, 4, 4, 1, 1, 5),
    (1, 1, 5, 5, None, 1, 5),
    (0, 1, 3, 4, 0, 1, 4),
    (1, 1, 4, 5, 1, 0, 5),
    (1, 0, 4, 5, 1, 1, 4),
    (1, 1, 3, 3, None, 1, 4),
    (1, None, 5, 4, 1, 1, 5),
)
_WORDS: Final = {
    "listens": "Asks back calmly although the customer is upset.",
    "offer": "The express delivery would have been worth a word here.",
    "identity": "The balance is told before the name was asked.",
}
_STATES: Final[tuple[State, ...]] = (
    "closed", "answered", "final", "answered", "closed", "final", "answered", "closed", "disputed",
)  # fmt: skip
_REPLY: Final = "They gave the customer number right at the beginning, before the recording's mark."
# Title, whether everybody has finished.
_ROUNDS: Final = (("What counts as solved", True), ("The same for new assessors", False))
_DIFFER: Final = (0, 5)
"""Of `_GIVEN`: what the two say of the same contact."""
_SINCE = timedelta(days=40)
_EACH: Final = 2
"""Of every operator and week."""


def fill(runtime: Runtime) -> None:
    """Assessed by the supervisor, on contacts that are there already."""
    parts = {"unit_of_work": runtime.unit_of_work, "clock": runtime.clock}
    card_id = CardDesk(unit_of_work=runtime.unit_of_work, clock=runtime.clock).create(_CARD)
    with runtime.unit_of_work() as uow:
        judge = uow.users.by_username("supervisor")
        if judge is None:
            return
        _assess(uow, runtime, card_id, judge.id)
        _calibrate(uow, runtime, card_id, judge.id)
        uow.commit()
    desk = SampleDesk(**parts, user_id=judge.id)  # type: ignore[arg-type]
    day = (runtime.clock.now() - timedelta(days=7)).date()
    with suppress(Conflict):
        desk.draw(card_id, day, ZoneInfo(judge.time_zone), Rules(per_operator=2, min_seconds=30))


def _assess(uow: UnitOfWork, runtime: Runtime, card_id: int, judge: int) -> None:
    card = uow.score_cards.get(card_id)
    if card is None:
        return
    weeks: dict[tuple[int, int], list[Contact]] = {}
    for one in _contacts(uow, runtime, card_id):
        weeks.setdefault((one.at.isocalendar().week, one.operator_id), []).append(one)
    chosen = [one for told in weeks.values() for one in told[:: 1 + len(told) // _EACH]]
    for place, one in enumerate(sorted(chosen, key=lambda one: (one.at, one.interaction_id))):
        _one(uow, card, one, place, judge)


def _contacts(uow: UnitOfWork, runtime: Runtime, card_id: int) -> list[Contact]:
    """Those not assessed yet, the oldest first."""
    now = runtime.clock.now()
    rules = Rules(min_seconds=0, channels=("call", "email", "chat"))
    found = uow.assessments.contacts(
        card_id, now - _SINCE, now, rules=rules, operator_ids=uow.assessments.operators(),
        limit=5000,
    )  # fmt: skip
    return sorted(found, key=lambda one: (one.at, one.interaction_id))


def _calibrate(uow: UnitOfWork, runtime: Runtime, card_id: int, judge: int) -> None:
    """A round that two have been through, and one that waits for them."""
    card, second = uow.score_cards.get(card_id), uow.users.by_username("admin")
    if card is None or second is None:
        return
    latest = runtime.clock.now() - timedelta(days=4)
    told = [one for one in _contacts(uow, runtime, card_id) if one.at < latest]
    for (title, over), contact in zip(_ROUNDS, reversed(told), strict=False):
        at = contact.at + timedelta(hours=20)
        people = (judge, second.id)
        made = Round(
            title=title,
            card_version_id=card.version_id,
            interaction_id=contact.interaction_id,
            assessor_ids=people,
            made_by=judge,
            made_at=at,
        )
        round_id = uow.assessments.add_round(made)
        if over:
            for person, place in zip(people, _DIFFER, strict=True):
                _one(uow, card, contact, place, person, round_id)
            uow.assessments.close_round(round_id, at + timedelta(days=1))


def _one(  # noqa: PLR0917 (one row)
    uow: UnitOfWork,
    card: ScoreCard,
    contact: Contact,
    place: int,
    judge: int,
    round_id: int | None = None,
) -> None:
    values = _GIVEN[place % len(_GIVEN)]
    answers = {
        question.key: Given(
            question=question.key,
            value=value,
            not_applicable=value is None,
            comment=_WORDS.get(question.key, "") if value in (0, 4) else "",
        )
        for question, value in zip(card.questions, values, strict=True)
    }
    came_to = score(card, answers)
    state = "final" if round_id is not None else _STATES[place % len(_STATES)]
    at = contact.at + timedelta(days=1)
    heard = state in ("answered", "disputed")
    made = uow.assessments.add(
        Assessment(
            card_id=card.id,
            card_version_id=card.version_id,
            interaction_id=contact.interaction_id,
            operator_id=contact.operator_id,
            assessor_id=judge,
            calibration_id=round_id,
            channel=contact.channel,
            queue=contact.queue,
            contact_at=contact.at,
            state=state,
            score=came_to.points,
            fatal=bool(came_to.fatal),
            reply=_REPLY if state == "disputed" else "",
            closing="Thank you, as agreed." if state == "closed" else "",
            closed_by=judge if state == "closed" else None,
            created_at=at,
            finished_at=at,
            answered_at=at + timedelta(hours=3) if heard else None,
            closed_at=at + timedelta(days=1) if state == "closed" else None,
        )
    )
    for question in card.questions:
        if made is not None:
            given = answers[question.key]
            uow.assessments.put_answer(made, given, hundredths(share(question, given)))
