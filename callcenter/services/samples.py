"""Use cases of samples: drawn for a week, and single contacts set aside with the reason why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from secrets import token_hex
from typing import Final
from zoneinfo import ZoneInfo

from callcenter.assessments.card import ScoreCard
from callcenter.assessments.sampling import Drawn, Rules, draw, rules_to_json
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.ports import Clock, UnitOfWork
from callcenter.ports.assessments import SampleMade
from callcenter.services import rights

MOST_CONTACTS: Final = 200_000
_EARLIEST: Final = timedelta(weeks=26)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDesk:
    unit_of_work: Callable[[], UnitOfWork]
    clock: Clock
    user_id: int | None = None

    def draw(
        self, card_id: int, day: date, zone: ZoneInfo, rules: Rules, seed: str = ""
    ) -> tuple[int, Drawn]:
        """For the week that `day` is in. The seed is made here unless a draw is told again.

        Each operator whom the sampler may assess gets the same number; what they have of this
        week and card already counts.
        """
        monday = day - timedelta(days=day.weekday())
        since, until = _start(monday, zone), _start(monday + timedelta(days=7), zone)
        if until - self.clock.now() > timedelta(days=7) or since < self.clock.now() - _EARLIEST:
            raise Invalid("week", "must have begun, at most half a year ago")
        with self.unit_of_work() as uow:
            viewer = rights.require(uow, self.user_id, "quality", "create")
            card = _card(uow, card_id)
            meant = _within(card, rules)
            theirs = viewer.user_ids("quality", "read")
            operators = [
                one
                for one in uow.assessments.operators()
                if (theirs is None or one in theirs) and one != self.user_id
            ]
            contacts = uow.assessments.contacts(
                card_id, since, until,
                rules=meant, operator_ids=operators, limit=MOST_CONTACTS + 1,
            )  # fmt: skip
            if len(contacts) > MOST_CONTACTS:
                raise Invalid("queues", "more contacts than can be drawn from: name some queues")
            chance = seed or token_hex(16)
            drawn = draw(
                contacts, meant, chance,
                zone=zone, operators=operators, had=uow.assessments.drawn(card_id, monday),
                sampler_id=self.user_id,
            )  # fmt: skip
            if not drawn.items:
                raise Conflict("", "no contact of this week fits that was not drawn already")
            made = SampleMade(
                card_id=card_id,
                week=monday,
                zone=zone.key,
                rules=meant,
                seed=chance,
                made_by=viewer.user_id,
                made_at=self.clock.now(),
            )
            sample_id = uow.assessments.add_sample(made, drawn)
            told = {"card": card_id, "week": monday.isoformat(), "rules": rules_to_json(meant)}
            self._audit(uow, "sample_drawn", sample_id, {**told, "seed": chance})
            uow.commit()
        return sample_id, drawn

    def set_aside(self, item_id: int, reason: str) -> None:
        """Its operator gets another with the next draw of that week."""
        why = reason.strip()
        if not why:
            raise Invalid("reason", "say why, so that nobody can pick what suits them")
        with self.unit_of_work() as uow:
            viewer = rights.require(uow, self.user_id, "quality", "create")
            found = uow.assessments.item(item_id)
            if found is None or not viewer.reaches("quality", "read", (found.item.operator_id,)):
                raise NotFound("item", f"there is no drawn contact {item_id}")
            if found.item.operator_id == self.user_id:
                raise Forbidden("", "nobody decides on a contact of their own")
            if found.state != "open":
                raise Conflict("state", "this contact is assessed already, or set aside")
            uow.assessments.set_item(item_id, "aside", why)
            self._audit(uow, "sample_item_set_aside", item_id, {"reason": why})
            uow.commit()

    def _audit(self, uow: UnitOfWork, action: str, record_id: int, detail: object) -> None:
        uow.audit.record(
            user_id=self.user_id,
            action=action,
            object_type="sample",
            object_id=str(record_id),
            at=self.clock.now(),
            detail=detail,  # type: ignore[arg-type]
        )


def _within(card: ScoreCard, rules: Rules) -> Rules:
    """The card's own queues and channels are the widest that can be asked."""
    meant = replace(
        rules,
        queues=tuple(one for one in rules.queues if not card.queues or one in card.queues)
        or card.queues,
        channels=tuple(one for one in rules.channels if not card.channels or one in card.channels),
    )
    if problem := meant.problem():
        raise Invalid(problem, "cannot be meant so")
    return meant


def _card(uow: UnitOfWork, card_id: int) -> ScoreCard:
    card = uow.score_cards.hold(card_id)
    if card is None:
        raise NotFound("card", f"there is no score card {card_id}")
    if not card.active:
        raise Invalid("card", "this score card is switched off")
    return card


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
