"""Use cases of score cards: made, changed, taken away. Who may is asked here; every change is in
the audit log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from callcenter.assessments.card import ScoreCard, scores_alike, sections_to_json, with_keys
from callcenter.assessments.checks import Problem, check_card
from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.ports import Clock, UnitOfWork
from callcenter.services import rights

_MOST: Final = 50


class Unfit(Invalid):
    """Every problem that was found, for who shows them beside the fields."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(problems[0].field, problems[0].code)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDesk:
    """`user_id` None: the product itself."""

    unit_of_work: Callable[[], UnitOfWork]
    clock: Clock
    user_id: int | None = None

    def problems_of(self, draft: ScoreCard) -> tuple[Problem, ...]:
        with self.unit_of_work() as uow:
            return check_card(draft, frozenset(uow.staffing.queues()))

    def create(self, draft: ScoreCard) -> int:
        """The new card's id. Unfit with all that is wrong."""
        with self.unit_of_work() as uow:
            self._allow(uow)
            if len(uow.score_cards.all()) >= _MOST:
                raise Invalid("title", f"at most {_MOST} score cards")
            made = _tidy(draft)
            self._refuse(uow, made)
            card_id = uow.score_cards.add(made, self.user_id, self.clock.now())
            self._audit(uow, "score_card_created", card_id, after=document(made))
            uow.commit()
        return card_id

    def save(self, card_id: int, draft: ScoreCard, version: int) -> None:
        """Questions that changed become a new version where somebody was assessed by the old ones.
        Conflict where the card is not at `version` any more."""
        with self.unit_of_work() as uow:
            self._allow(uow)
            before = _existing(uow, card_id)
            after = replace(_tidy(draft), id=card_id)
            self._refuse(uow, after)
            if not uow.score_cards.save(after, version):
                raise Conflict("version", "somebody else changed this card meanwhile; look again")
            if not scores_alike(before, after):
                uow.score_cards.put_questions(after, self.user_id, self.clock.now())
            told = {"before": document(before), "after": document(after)}
            self._audit(uow, "score_card_changed", card_id, **told)
            uow.commit()

    def remove(self, card_id: int) -> None:
        """Only what nobody was assessed by: scores stay scores."""
        with self.unit_of_work() as uow:
            self._allow(uow)
            before = _existing(uow, card_id)
            if uow.score_cards.is_used(card_id):
                raise Conflict("", "somebody was assessed by this card: switch it off instead")
            uow.score_cards.remove(card_id)
            self._audit(uow, "score_card_deleted", card_id, before=document(before))
            uow.commit()

    def _allow(self, uow: UnitOfWork) -> None:
        rights.require(uow, self.user_id, "quality", "change")

    @staticmethod
    def _refuse(uow: UnitOfWork, draft: ScoreCard) -> None:
        problems = check_card(draft, frozenset(uow.staffing.queues()))
        others = (one for one in uow.score_cards.all() if one.id != draft.id)
        if any(one.title.casefold() == draft.title.casefold() for one in others):
            problems = (Problem("title", "title_taken"), *problems)
        if any(one.severity == "error" for one in problems):
            raise Unfit(tuple(sorted(problems, key=lambda one: one.severity)))

    def _audit(self, uow: UnitOfWork, action: str, card_id: int, **detail: Any) -> None:
        uow.audit.record(
            user_id=self.user_id,
            action=action,
            object_type="score_card",
            object_id=str(card_id),
            at=self.clock.now(),
            detail=detail,
        )


def document(card: ScoreCard) -> dict[str, Any]:
    """As the audit log shows it."""
    return {
        "title": card.title,
        "active": card.active,
        "queues": list(card.queues),
        "channels": list(card.channels),
        "pass_score": card.pass_score,
        "sections": sections_to_json(card.sections),
    }


def _tidy(draft: ScoreCard) -> ScoreCard:
    sections = tuple(
        replace(
            section,
            questions=tuple(
                replace(one, fatal=one.fatal and one.kind == "yesno") for one in section.questions
            ),
        )
        for section in draft.sections
    )
    return replace(draft, title=draft.title.strip(), sections=with_keys(sections))


def _existing(uow: UnitOfWork, card_id: int) -> ScoreCard:
    found = uow.score_cards.get(card_id)
    if found is None:
        raise NotFound("score_card", f"there is no score card {card_id}")
    return found
