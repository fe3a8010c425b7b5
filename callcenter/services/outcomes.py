"""Use cases of outcomes: say how a conversation ended, with all that is to follow from it, in one
transaction; keep what is typed until then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from callcenter.errors import Forbidden, Invalid, NotFound
from callcenter.outcomes.choice import Choice, Problem, check
from callcenter.outcomes.given import Contact, Given, may_give
from callcenter.outcomes.tree import path_to, tree_of
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.services import outcome_follow_ups as follow_ups
from callcenter.services.notes import LONGEST

UowFactory = Callable[[], UnitOfWork]
DRAFT_FIELDS = (
    "outcome_id",
    "callback_at",
    "task",
    "task_due_at",
    "deal_id",
    "deal_step",
    "deal_step_on",
)
_LONGEST_FIELD = 500
_LEADERS = ("supervisor", "admin")


class Incomplete(Invalid):
    """The outcome cannot be given yet: `problems` are all there is to mend, field by field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].field, problems[0].message)
        self.problems = tuple(problems)


def give_outcome(
    interaction_id: int,
    choice: Choice,
    *,
    user_id: int,
    unit_of_work: UowFactory,
    publisher: Publisher,
    clock: Clock,
) -> Given:
    """One for each contact; given again, it replaces the one before, with what followed from it."""
    with unit_of_work() as uow:
        contact, before = _mine(uow, interaction_id, user_id)
        outcomes = uow.outcomes.all()
        problems = check(tree_of(outcomes, contact.queue), choice, clock.now())
        if problems or choice.outcome_id is None:
            raise Incomplete(problems)
        if choice.note.strip():
            _save_note(uow, contact, choice.note, user_id, clock)
        title = _title(uow, [one.label_in for one in path_to(outcomes, choice.outcome_id)], user_id)
        scene = follow_ups.Scene(uow, contact, title, user_id, clock)
        details, news = follow_ups.follow(scene, choice, before.details if before else {})
        given = Given(
            interaction_id=interaction_id,
            outcome_id=choice.outcome_id,
            user_id=user_id,
            at=clock.now(),
            details=details,
        )
        uow.outcomes.give(given)
        uow.outcomes.drop_drafts(interaction_id)
        _audit(uow, given, before)
        uow.commit()
    publisher.publish(news)
    return given


def save_draft(
    interaction_id: int,
    fields: Mapping[str, str],
    *,
    user_id: int,
    unit_of_work: UowFactory,
    clock: Clock,
) -> None:
    """What an operator has chosen and typed so far: a reload, or another screen, loses nothing."""
    kept = {name: fields[name] for name in DRAFT_FIELDS if fields.get(name)}
    for name, text in kept.items():
        if len(text) > _LONGEST_FIELD:
            raise Invalid(name, f"must have at most {_LONGEST_FIELD} characters")
    with unit_of_work() as uow:
        _mine(uow, interaction_id, user_id)
        uow.outcomes.save_draft(interaction_id, user_id, kept, clock.now())
        uow.commit()


def refuse_missing(uow: UnitOfWork, call_id: str, user_id: int) -> None:
    """Invalid if the queue of this call asks for an outcome that nobody has given yet. Where no
    outcome is set up, none can be asked for."""
    interaction = uow.interactions.identified([call_id]).get(call_id)
    if interaction is None or uow.outcomes.given(interaction.id) is not None:
        return
    contact = uow.outcomes.contact(interaction.id, user_id)
    if contact is None or not uow.outcomes.is_required(contact.queue):
        return
    if tree_of(uow.outcomes.all(), contact.queue):
        raise Invalid("outcome_id", "choose an outcome first")


def _mine(uow: UnitOfWork, interaction_id: int, user_id: int) -> tuple[Contact, Given | None]:
    uow.interactions.get(interaction_id)  # back from the archive, where it is there
    contact = uow.outcomes.contact(interaction_id, user_id)
    if contact is None:
        raise NotFound("interaction", f"there is no interaction {interaction_id}")
    before = uow.outcomes.given(interaction_id)
    user = uow.users.get(user_id)
    leads = user is not None and user.role in _LEADERS
    if not may_give(contact, before, user_id, leads=leads):
        words = "another operator gave it an outcome; a supervisor can change it"
        raise Forbidden("interaction", words if before else "you took no part in this call")
    return contact, before


def _save_note(uow: UnitOfWork, contact: Contact, text: str, user_id: int, clock: Clock) -> None:
    if len(text) > LONGEST:
        raise Invalid("note", f"must have at most {LONGEST} characters")
    uow.notes.save(
        author_id=user_id,
        text=text.strip(),
        at=clock.now(),
        interaction_id=contact.interaction_id,
    )


def _title(uow: UnitOfWork, labels: Sequence[Callable[[str], str]], user_id: int) -> str:
    """The choices that led to the outcome, in the words of whoever gives it."""
    user = uow.users.get(user_id)
    locale = user.locale if user is not None else ""
    return " · ".join(label(locale) for label in labels)


def _audit(uow: UnitOfWork, given: Given, before: Given | None) -> None:
    detail: dict[str, Any] = {"outcome_id": given.outcome_id}
    if before is not None:
        detail |= {"before": before.outcome_id, "before_by": before.user_id}
    uow.audit.record(
        user_id=given.user_id,
        action="outcome_given",
        object_type="interaction",
        object_id=str(given.interaction_id),
        at=given.at,
        detail=detail,
    )
