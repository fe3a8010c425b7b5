"""Use cases on many customers at once: shown before, done by the worker part by part, undone.

Whom it is about is settled when it begins. Each part is one transaction, so that a kill in between
costs nothing but time: the next turn goes on with those who still wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from callcenter.customers.tags import clean_tag
from callcenter.errors import Conflict, Invalid, NotFound, ProductError
from callcenter.fields.values import as_json, parse
from callcenter.history.batch import Batch
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.rights.viewer import Viewer
from callcenter.segments.bulk import MOST, BulkAction, Planned, planned, read_action
from callcenter.services import batches, history, segments
from callcenter.services.rights import require, require_fields, viewer_of
from callcenter.services.tasks import add_task
from callcenter.tasks.task import TaskDraft

UowFactory = Callable[[], UnitOfWork]
PART: Final = 200
_ADDED_AT_ONCE: Final = 5_000
_SETTLED_WITHIN: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    customer_id: int
    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    why: str = ""
    """Why it is left out; empty where it is not."""


def preview(
    action: BulkAction, customer_ids: Sequence[int], *, user_id: int, unit_of_work: UowFactory
) -> tuple[PreviewRow, ...]:
    """What would become of these. Raises what beginning would raise."""
    with unit_of_work() as uow:
        clean = checked(uow, action, user_id)
        viewer = viewer_of(uow, user_id)
        documents = uow.history.documents("customer", list(customer_ids))
        return tuple(
            _row(uow, viewer, clean, one, documents[str(one)])
            for one in customer_ids
            if str(one) in documents
        )


def begin(
    action: BulkAction,
    customer_ids: Sequence[int],
    title: str,
    *,
    user_id: int,
    unit_of_work: UowFactory,
    clock: Clock,
) -> int:
    """Settles whom it is about; the worker does the rest. The batch's id."""
    if not customer_ids:
        raise Invalid("", "nobody is chosen")
    if len(customer_ids) > MOST:
        raise Invalid("", f"at most {MOST} customers at once; narrow the filter")
    with unit_of_work() as uow:
        clean = checked(uow, action, user_id)
        batch_id = batches.begin(
            uow,
            clock,
            "bulk",
            title[:255],
            user_id=user_id,
            total=len(customer_ids),
            detail={"action": clean.as_json(), "ready": False},
        )
        uow.commit()
    for start in range(0, len(customer_ids), _ADDED_AT_ONCE):
        with unit_of_work() as uow:
            uow.bulk_targets.add(batch_id, customer_ids[start : start + _ADDED_AT_ONCE])
            uow.commit()
    with unit_of_work() as uow:
        uow.batches.update(batch_id, detail={"action": clean.as_json(), "ready": True})
        uow.commit()
    return batch_id


def checked(uow: UnitOfWork, action: BulkAction, user_id: int) -> BulkAction:
    """The action with its value as it is kept. Raises Invalid or Forbidden, naming the field."""
    clean = read_action(action.as_json())
    viewer = require(uow, user_id, "customer", clean.right, owner_id=user_id)
    require_fields(viewer, "customer", clean.written)
    if clean.kind == "field" and _is_sensitive(uow, clean.key):
        require_fields(viewer, "customer", ["sensitive"])
    return BulkAction(
        kind=clean.kind, value=_value(uow, clean, user_id), key=clean.key, task=clean.task
    )


def _value(uow: UnitOfWork, action: BulkAction, user_id: int) -> Any:
    if action.kind == "owner":
        if action.value is not None and uow.users.get(action.value) is None:
            raise Invalid("value", f"there is no user {action.value}")
    elif action.kind in ("status", "segment"):
        lists = uow.fields.defs("customer", active=None, builtin=True)
        known = {choice.key for one in lists if one.key == action.kind for choice in one.choices}
        if action.value and action.value not in known:
            raise Invalid("value", f"must be one of: {', '.join(sorted(known))}")
        return action.value or ""
    elif action.kind == "field":
        return _own_value(uow, action)
    elif action.kind in ("add_tag", "remove_tag"):
        return clean_tag(str(action.value))
    elif action.kind in ("add_to_segment", "remove_from_segment"):
        found = segments.visible(uow, action.value, user_id)
        require(uow, user_id, "segment", "change", owner_id=found.owner_id)
        if not found.frozen:
            raise Invalid("value", "a live segment is whoever its filter holds for")
    elif action.kind == "tasks":
        require(uow, user_id, "task", "create")
    return action.value


def _is_sensitive(uow: UnitOfWork, key: str) -> bool:
    return any(one.key == key and one.sensitive for one in uow.fields.defs("customer"))


def _own_value(uow: UnitOfWork, action: BulkAction) -> Any:
    known = {one.key: one for one in uow.fields.defs("customer")}
    if action.key not in known:
        raise Invalid("key", f"there is no field {action.key}")
    if action.value in (None, ""):
        return None
    return as_json(parse(known[action.key], action.value))


# --- doing it -------------------------------------------------------------------------------------


def turn(*, unit_of_work: UowFactory, publisher: Publisher, clock: Clock) -> int:
    """One part of each bulk action under way. How many customers were gone through."""
    with unit_of_work() as uow:
        running = uow.bulk_targets.running()
    count = 0
    for one in running:
        try:
            count += run_part(one, unit_of_work=unit_of_work, publisher=publisher, clock=clock)
        except (Conflict, Invalid, NotFound) as error:
            # The database refuses it, and would the next time: what it is about may be gone.
            with unit_of_work() as uow:
                batches.told(uow, publisher, one, failed=str(error))
    return count


def run(batch_id: int, *, unit_of_work: UowFactory, publisher: Publisher, clock: Clock) -> None:
    """All of it, here and now."""
    while run_part(batch_id, unit_of_work=unit_of_work, publisher=publisher, clock=clock):
        pass


def run_part(batch_id: int, *, unit_of_work: UowFactory, publisher: Publisher, clock: Clock) -> int:
    with unit_of_work() as uow:
        batch = uow.batches.hold(batch_id)  # another worker may be about the same part
        if batch is None or batch.state != "running":
            return 0
        if not batch.detail.get("ready"):
            _give_up(uow, publisher, clock, batch)
            return 0
        ids = uow.bulk_targets.waiting(batch_id, PART)
        action = read_action(batch.detail["action"])
        try:
            left_out = _apply(uow, clock, action, ids, batch_id, batch.user_id) if ids else {}
        except ProductError as error:
            uow.rollback()
            batches.told(uow, publisher, batch_id, failed=str(error))
            return 0
        uow.bulk_targets.done(batch_id, left_out, [one for one in ids if one not in left_out])
        counts = uow.bulk_targets.counts(batch_id)
        gone_through = counts.get("done", 0) + counts.get("left", 0)
        ended = not counts.get("waiting")
        batches.told(uow, publisher, batch_id, done=gone_through, ended=ended)
    return len(ids)


def _give_up(uow: UnitOfWork, publisher: Publisher, clock: Clock, batch: Batch) -> None:
    """Killed while it was still being settled whom it is about: nobody knows that any more."""
    if clock.now() - batch.at > _SETTLED_WITHIN:
        batches.told(uow, publisher, batch.id, failed="it was broken off before it began")


def _apply(  # noqa: PLR0917 (in which transaction, what, to whom, as what, by whom)
    uow: UnitOfWork,
    clock: Clock,
    action: BulkAction,
    ids: Sequence[int],
    batch_id: int,
    user_id: int | None,
) -> dict[int, str]:
    """Who was left out, and why."""
    viewer = viewer_of(uow, user_id)
    uow.customers.hold(ids)
    documents = uow.history.documents("customer", list(ids))
    plans = {
        one: _plan(uow, viewer, action, one, documents[str(one)])
        if str(one) in documents
        else Planned(why="gone")
        for one in ids
    }
    todo = [one for one, plan in plans.items() if not plan.why]
    if action.kind == "add_tag" and todo:
        uow.tags.ensure([str(action.value)])
    if action.kind == "add_to_segment":
        uow.segments.add_members(action.value, todo)
    elif action.kind == "remove_from_segment":
        uow.segments.remove_members(action.value, todo)
    elif action.kind == "tasks":
        _make_tasks(uow, clock, action, todo, batch_id, user_id)
    else:
        with history.recorded_all(
            uow,
            clock,
            "customer",
            todo,
            user_id=user_id,
            batch_id=batch_id,
            action="delete" if action.kind == "delete" else "update",
        ):
            for one in todo:
                _write(uow, clock, action, one, plans[one])
    return {one: plan.why for one, plan in plans.items() if plan.why}


def _write(
    uow: UnitOfWork, clock: Clock, action: BulkAction, customer_id: int, plan: Planned
) -> None:
    if action.kind == "delete":
        uow.history.remove("customer", customer_id, clock.now())
    else:
        uow.history.write("customer", customer_id, plan.values, clock.now())


def _make_tasks(  # noqa: PLR0917
    uow: UnitOfWork,
    clock: Clock,
    action: BulkAction,
    ids: Sequence[int],
    batch_id: int,
    user_id: int | None,
) -> None:
    due = action.task.get("due_at")
    made = [
        add_task(
            uow,
            TaskDraft(
                title=str(action.task["title"]),
                details=str(action.task.get("details") or ""),
                due_at=datetime.fromisoformat(due) if due else clock.now() + timedelta(days=1),
                customer_id=one,
                assignee_id=action.task.get("assignee_id"),
            ),
            created_by=user_id,
            clock=clock,
        )[0]
        for one in ids
    ]
    history.record_created(
        uow, clock, [("task", one, None) for one in made], user_id=user_id, batch_id=batch_id
    )


def _plan(
    uow: UnitOfWork,
    viewer: Viewer,
    action: BulkAction,
    customer_id: int,
    document: Mapping[str, Any],
) -> Planned:
    if document.get("deleted"):
        return Planned(why="gone")
    every = viewer.scope("customer", action.right) == "all"
    if not every and not uow.rights.reaches(viewer, "customer", action.right, customer_id):
        return Planned(why="rights")
    return planned(action, document)


def _row(
    uow: UnitOfWork,
    viewer: Viewer,
    action: BulkAction,
    customer_id: int,
    document: Mapping[str, Any],
) -> PreviewRow:
    plan = _plan(uow, viewer, action, customer_id, document)
    return PreviewRow(
        customer_id=customer_id,
        name=str(document.get("display_name") or ""),
        before={name: document.get(name) for name in plan.values},
        after=plan.values,
        why=plan.why,
    )


def left_out(batch_id: int, *, unit_of_work: UowFactory, limit: int = 200) -> list[tuple[int, str]]:
    with unit_of_work() as uow:
        if uow.batches.get(batch_id) is None:
            raise NotFound("batch", f"there is no batch {batch_id}")
        return uow.bulk_targets.left_out(batch_id, limit)
