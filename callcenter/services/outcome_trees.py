"""Use cases of supervisors: what may be chosen when a conversation ends, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from callcenter.accounts.user import LOCALES
from callcenter.errors import Invalid, NotFound
from callcenter.outcomes.outcome import (
    DEEPEST,
    KINDS,
    LONGEST_LABEL,
    REQUIREMENTS,
    Outcome,
    OutcomeDraft,
)
from callcenter.outcomes.tree import path_to
from callcenter.ports import Clock, UnitOfWork
from callcenter.services import history

UowFactory = Callable[[], UnitOfWork]
_CHANGEABLE = frozenset({"label", "labels", "kind", "requires", "active"})


def add_outcome(
    draft: OutcomeDraft, *, user_id: int, unit_of_work: UowFactory, clock: Clock
) -> int:
    clean = _cleaned(
        {name: getattr(draft, name) for name in ("label", "labels", "kind", "requires")}
    )
    with unit_of_work() as uow:
        _check_parent(uow, draft)
        outcome_id = uow.outcomes.add(
            OutcomeDraft(queue=draft.queue.strip(), parent_id=draft.parent_id, **clean)
        )
        history.record_created(uow, clock, [("outcome", outcome_id, None)], user_id=user_id)
        _audit(uow, clock, user_id, "outcome_added", outcome_id)
        uow.commit()
    return outcome_id


def change_outcome(
    outcome_id: int,
    changes: Mapping[str, Any],
    *,
    user_id: int,
    unit_of_work: UowFactory,
    clock: Clock,
) -> None:
    """Words, kind, what it asks for, whether it is in use. What was given keeps what it had."""
    unknown = sorted(set(changes) - _CHANGEABLE)
    if unknown:
        raise Invalid(unknown[0], "is not a field of an outcome")
    clean = _cleaned(changes)
    with unit_of_work() as uow:
        _existing(uow, outcome_id)
        with history.recorded(uow, clock, "outcome", outcome_id, user_id=user_id):
            uow.outcomes.update(outcome_id, clean)
        _audit(uow, clock, user_id, "outcome_changed", outcome_id, fields=sorted(changes))
        uow.commit()


def move_outcome(
    outcome_id: int, step: int, *, user_id: int, unit_of_work: UowFactory, clock: Clock
) -> None:
    """One place up (-1) or down (1) among those that stand beside it; at the edge it stays."""
    with unit_of_work() as uow:
        moved = _existing(uow, outcome_id)
        beside = [
            one
            for one in uow.outcomes.all()
            if (one.queue, one.parent_id) == (moved.queue, moved.parent_id)
        ]
        ids = [one.id for one in sorted(beside, key=lambda one: (one.position, one.id))]
        at = ids.index(outcome_id)
        ids.insert(max(0, min(at + step, len(ids) - 1)), ids.pop(at))
        for place, one_id in enumerate(ids):
            uow.outcomes.update(one_id, {"position": place})
        _audit(uow, clock, user_id, "outcome_changed", outcome_id, fields=["position"])
        uow.commit()


def _check_parent(uow: UnitOfWork, draft: OutcomeDraft) -> None:
    if draft.parent_id is None:
        return
    parent = uow.outcomes.get(draft.parent_id)
    if parent is None or parent.queue != draft.queue.strip():
        raise Invalid("parent_id", "there is no such group in this queue's outcomes")
    if len(path_to(uow.outcomes.all(), parent.id)) >= DEEPEST:
        raise Invalid("parent_id", f"at most {DEEPEST} choices one under the other")


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = dict(values)
    if "label" in clean:
        clean["label"] = str(clean["label"]).strip()
        if not clean["label"]:
            raise Invalid("label", "give the outcome a name")
    labels = {k: str(v).strip() for k, v in (clean.get("labels") or {}).items() if str(v).strip()}
    if "labels" in clean:
        clean["labels"] = labels
    for words in (clean.get("label", ""), *labels.values()):
        if len(words) > LONGEST_LABEL:
            raise Invalid("label", f"must have at most {LONGEST_LABEL} characters")
    if set(labels) - set(LOCALES):
        raise Invalid("labels", f"must be in one of: {', '.join(LOCALES)}")
    if clean.get("kind", KINDS[0]) not in KINDS:
        raise Invalid("kind", f"must be one of: {', '.join(KINDS)}")
    if set(clean.get("requires", ())) - set(REQUIREMENTS):
        raise Invalid("requires", f"must be some of: {', '.join(REQUIREMENTS)}")
    return clean


def _existing(uow: UnitOfWork, outcome_id: int) -> Outcome:
    found = uow.outcomes.get(outcome_id)
    if found is None:
        raise NotFound("outcome", f"there is no outcome {outcome_id}")
    return found


def _audit(
    uow: UnitOfWork,
    clock: Clock,
    user_id: int,
    action: str,
    outcome_id: int,
    *,
    fields: list[str] | None = None,
) -> None:
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type="outcome",
        object_id=str(outcome_id),
        at=clock.now(),
        detail={"fields": fields} if fields else {},
    )
