"""Use cases of calibration rounds: several assess one contact, each alone, then compare."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from callcenter.assessments.assessment import Assessment, Round
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.ports.assessments import Assessable
from callcenter.rights.viewer import Viewer
from callcenter.services import rights
from callcenter.services.quality_news import quality_news

FEWEST: Final = 2
MOST: Final = 20
_LONGEST_TITLE: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationDesk:
    unit_of_work: Callable[[], UnitOfWork]
    clock: Clock
    publisher: Publisher
    user_id: int | None = None

    def begin(
        self, interaction_id: int, card_id: int, title: str, assessor_ids: Iterable[int]
    ) -> int:
        """The round's id. Whose contact it is takes no part."""
        people = tuple(sorted(set(assessor_ids)))
        with self.unit_of_work() as uow:
            viewer = rights.require(uow, self.user_id, "quality", "change")
            rights.require_record(uow, self.user_id, "interaction", "read", interaction_id)
            contact = self._contact(uow, viewer, interaction_id)
            card = uow.score_cards.get(card_id)
            if card is None or not card.active:
                raise Invalid("card", "there is no such score card, or it is switched off")
            if not card.suits(contact.channel, contact.queue):
                raise Invalid("card", "this score card is not for this queue or channel")
            self._check_people(uow, people, contact.operator_id)
            if not title.strip():
                raise Invalid("title", "give the round a name")
            made = Round(
                title=title.strip()[:_LONGEST_TITLE],
                card_version_id=card.version_id,
                interaction_id=interaction_id,
                assessor_ids=people,
                made_by=viewer.user_id,
                made_at=self.clock.now(),
            )
            round_id = uow.assessments.add_round(made)
            told = {"interaction": interaction_id, "card": card_id, "assessors": list(people)}
            self._audit(uow, "calibration_begun", round_id, **told)
            others = [one for one in people if one != self.user_id]
            news = quality_news(uow, others, told="invited", place=round_id)
            news += quality_news(uow, {*people} - {*others})
            uow.commit()
        self.publisher.publish(news)
        return round_id

    def take_part(self, round_id: int) -> int:
        """One's own assessment in it, made when first asked for."""
        with self.unit_of_work() as uow:
            viewer = rights.require(uow, self.user_id, "quality", "create")
            made = self._mine(uow, viewer, round_id)
            known = uow.assessments.of_round(round_id, viewer.user_id)
            if known is not None:
                return known.id
            if not made.is_open:
                raise Conflict("state", "this round is closed")
            card = uow.score_cards.of_version(made.card_version_id)
            contact = uow.assessments.contact(made.interaction_id)
            if card is None or contact is None or contact.operator_id is None:
                raise NotFound("interaction", "the contact of this round is gone")
            draft = Assessment(
                card_id=card.id,
                card_version_id=made.card_version_id,
                interaction_id=made.interaction_id,
                operator_id=contact.operator_id,
                assessor_id=viewer.user_id,
                calibration_id=round_id,
                channel=contact.channel,
                queue=contact.queue,
                contact_at=contact.at,
                created_at=self.clock.now(),
            )
            added = uow.assessments.add(draft)
            if added is None:
                raise Conflict("", "this was begun in another window; look again")
            uow.commit()
        return added

    def close(self, round_id: int) -> None:
        """From now on everybody in it sees all answers, and nobody changes theirs."""
        with self.unit_of_work() as uow:
            viewer = rights.require(uow, self.user_id, "quality", "change")
            made = uow.assessments.round(round_id)
            if made is None:
                raise NotFound("calibration", f"there is no round {round_id}")
            self._contact(uow, viewer, made.interaction_id)
            if not made.is_open:
                raise Conflict("state", "this round is closed already")
            uow.assessments.close_round(round_id, self.clock.now())
            self._audit(uow, "calibration_closed", round_id)
            news = quality_news(uow, made.assessor_ids)
            uow.commit()
        self.publisher.publish(news)

    def _contact(self, uow: UnitOfWork, viewer: Viewer, interaction_id: int) -> Assessable:
        contact = uow.assessments.contact(interaction_id)
        if contact is None or contact.operator_id is None or not contact.done:
            raise Invalid("interaction", "nobody has spoken or written with them yet")
        if contact.operator_id == self.user_id:
            raise Forbidden("interaction", "a round about one's own contact is led by others")
        if not viewer.reaches("quality", "read", (contact.operator_id,)):
            raise Forbidden("interaction", "this operator is not of your team")
        return contact

    @staticmethod
    def _check_people(uow: UnitOfWork, people: tuple[int, ...], operator: int | None) -> None:
        if not FEWEST <= len(people) <= MOST:
            raise Invalid("assessors", f"from {FEWEST} to {MOST} people take part")
        for one in people:
            viewer = uow.rights.viewer(one)
            if viewer is None or not viewer.may("quality", "create"):
                raise Invalid("assessors", "somebody here may not assess")
            if one == operator:
                raise Invalid("assessors", "whose contact it is takes no part")

    @staticmethod
    def _mine(uow: UnitOfWork, viewer: Viewer, round_id: int) -> Round:
        made = uow.assessments.round(round_id)
        if made is None or viewer.user_id not in made.assessor_ids:
            raise NotFound("calibration", f"there is no round {round_id}")
        return made

    def _audit(self, uow: UnitOfWork, action: str, round_id: int, **detail: Any) -> None:
        uow.audit.record(
            user_id=self.user_id,
            action=action,
            object_type="calibration",
            object_id=str(round_id),
            at=self.clock.now(),
            detail=detail,
        )
