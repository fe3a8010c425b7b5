"""Many changes at once, told as one: begun, told of while they run, taken back as one.

Undoing touches only what still is as the batch left it; the rest is listed, and stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import structlog

from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.history.batch import Batch, BatchKind, BatchState
from callcenter.history.change import DELETED, Change
from callcenter.history.document import applied, differences, undone
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Audience, Message
from callcenter.services import bulk_members, history, merging
from callcenter.services.rights import require

log = structlog.get_logger(__name__)

UowFactory = Callable[[], UnitOfWork]
_CHUNK: Final = 200
_MOST_LISTED: Final = 500


def begin(
    uow: UnitOfWork,
    clock: Clock,
    kind: BatchKind,
    title: str,
    *,
    user_id: int | None,
    total: int = 0,
    detail: Mapping[str, Any] | None = None,
) -> int:
    """Inside the caller's transaction. Its id goes into `recorded(…, batch_id=…)`."""
    return uow.batches.add(kind, title, user_id=user_id, at=clock.now(), total=total, detail=detail)


def told(
    uow: UnitOfWork,
    publisher: Publisher,
    batch_id: int,
    *,
    done: int | None = None,
    total: int | None = None,
    ended: bool = False,
    failed: str = "",
) -> None:
    """How far a batch has come: stored, and told to whoever began it. Commits the transaction."""
    state: BatchState | None = "failed" if failed else "done" if ended else None
    detail = {"problem": failed} if failed else None
    uow.batches.update(batch_id, state=state, done=done, total=total, detail=detail)
    batch = uow.batches.get(batch_id)
    uow.commit()
    if batch is not None:
        publisher.publish(progress(batch))


def progress(batch: Batch) -> list[Message]:
    if batch.user_id is None:
        return []
    payload = {
        "type": "job",
        "kind": batch.kind,
        "id": batch.id,
        "done": batch.done,
        "total": batch.total,
        "state": batch.state,
    }
    return [Message(kind="message", audience=Audience(users=(batch.user_id,)), payload=payload)]


def undo(
    batch_id: int,
    *,
    user_id: int | None,
    unit_of_work: UowFactory,
    publisher: Publisher,
    clock: Clock,
) -> tuple[dict[str, Any], ...]:
    """Takes back what still is as the batch left it, in small transactions. What is not is listed
    (object_type, object_id, fields) and stays. May be called again after it was interrupted."""
    with unit_of_work() as uow:
        batch = _undoable(uow, batch_id)
        if user_id is None or batch.user_id != user_id:
            require(uow, user_id, "history", "change")
    if batch.kind == "merge":
        kept = merging.unmerge(
            int(batch.detail["merge_id"]),
            user_id=user_id,
            unit_of_work=unit_of_work,
            publisher=publisher,
            clock=clock,
        ).stayed
        return tuple(kept)
    with unit_of_work() as uow:
        bulk_members.take_back(uow, batch)
        uow.commit()
    return _undo_changes(batch, user_id, unit_of_work, publisher, clock)


def ask_undo(batch_id: int, *, user_id: int, unit_of_work: UowFactory) -> None:
    """For a large one: the worker takes it back (`undo_asked`)."""
    with unit_of_work() as uow:
        batch = _undoable(uow, batch_id)
        if batch.user_id != user_id:
            require(uow, user_id, "history", "change")
        uow.batches.update(batch_id, detail={"undo_wanted": user_id, "undo_refused": ""})
        uow.commit()


def undo_asked(*, unit_of_work: UowFactory, publisher: Publisher, clock: Clock) -> None:
    """Whatever was asked for by `ask_undo`; goes on with what was interrupted."""
    with unit_of_work() as uow:
        asked = uow.batches.asked()
    for batch in asked:
        try:
            undo(
                batch.id,
                user_id=batch.detail["undo_wanted"],
                unit_of_work=unit_of_work,
                publisher=publisher,
                clock=clock,
            )
        except (Conflict, Forbidden, Invalid, NotFound) as error:
            # Asking again would change nothing, and those behind it are to have their turn.
            log.warning("batch.not_taken_back", batch=batch.id, why=str(error))
            _forget_wish(batch.id, str(error), unit_of_work)


def _forget_wish(batch_id: int, why: str, unit_of_work: UowFactory) -> None:
    with unit_of_work() as uow:
        uow.batches.update(batch_id, detail={"undo_refused": why, "problem": why})
        uow.commit()


def _undo_changes(
    batch: Batch,
    user_id: int | None,
    unit_of_work: UowFactory,
    publisher: Publisher,
    clock: Clock,
) -> tuple[dict[str, Any], ...]:
    kept: list[dict[str, Any]] = []
    below: int | None = None
    more = True
    while more:
        with unit_of_work() as uow:
            held = uow.batches.hold(batch.id)
            if held is None or held.state == "undone":  # somebody else asked for it, and was faster
                break
            changes = uow.history.of_batch(batch.id, below, _CHUNK)
            kept += take_back(uow, clock, changes, user_id)
            more = len(changes) == _CHUNK
            below = changes[-1].id if changes else None
            if not more:
                listed = {"kept": kept[:_MOST_LISTED], "kept_count": len(kept)}
                uow.batches.update(batch.id, detail=listed)
                uow.batches.mark_undone(batch.id, user_id=user_id, at=clock.now())
            uow.commit()
    with unit_of_work() as uow:
        publisher.publish(progress(_existing(uow, batch.id)))
    return tuple(kept)


def take_back(
    uow: UnitOfWork, clock: Clock, changes: Sequence[Change], user_id: int | None
) -> list[dict[str, Any]]:
    """Inside the caller's transaction. What could not be taken back."""
    _hold_cards(uow, changes)
    made = [change for change in changes if change.action == "create"]
    others = [change for change in changes if change.action != "create"]
    kept = [found for change in others if (found := _change_back(uow, clock, change, user_id))]
    for object_type in dict.fromkeys(change.object_type for change in made):
        theirs = [change for change in made if change.object_type == object_type]
        kept += _unmake(uow, clock, object_type, theirs, user_id)
    return kept


def _hold_cards(uow: UnitOfWork, changes: Sequence[Change]) -> None:
    """The latest change goes back first, but everybody takes cards in one order."""
    cards = {int(one.object_id) for one in changes if one.object_type == "customer"}
    if cards:
        uow.customers.hold(sorted(cards))


def _unmake(
    uow: UnitOfWork,
    clock: Clock,
    object_type: str,
    made: Sequence[Change],
    user_id: int | None,
) -> list[dict[str, Any]]:
    """What the batch made goes again, unless somebody has worked with it since."""
    ids = [change.object_id for change in made]
    present = uow.history.documents(object_type, ids)
    used = uow.history.used(object_type, ids)
    kept, gone = [], []
    for change in made:
        now = present.get(change.object_id)
        if now is None or now.get(DELETED):
            continue
        changed = sorted(differences(applied({}, change.fields), now))
        if changed or change.object_id in used:
            kept.append(_kept(change, changed))
        else:
            gone.append(change.object_id)
    with history.recorded_all(uow, clock, object_type, gone, user_id=user_id, action="delete"):
        for object_id in gone:
            uow.history.remove(object_type, object_id, clock.now())
    return kept


def _change_back(
    uow: UnitOfWork, clock: Clock, change: Change, user_id: int | None
) -> dict[str, Any] | None:
    kind, one = change.object_type, change.object_id
    present = uow.history.documents(kind, [one]).get(one)
    if present is None and change.action != "delete":
        return _kept(change, sorted(change.fields))
    found = undone(present or {}, change.fields)
    if found.values:
        with history.recorded(uow, clock, kind, one, user_id=user_id, action="restore"):
            uow.history.write(kind, one, found.values, clock.now())
    return _kept(change, list(found.kept)) if found.kept else None


def _kept(change: Change, fields: list[str]) -> dict[str, Any]:
    return {"object_type": change.object_type, "object_id": change.object_id, "fields": fields}


def _existing(uow: UnitOfWork, batch_id: int) -> Batch:
    batch = uow.batches.get(batch_id)
    if batch is None:
        raise NotFound("batch", f"there is no batch {batch_id}")
    return batch


def _undoable(uow: UnitOfWork, batch_id: int) -> Batch:
    batch = _existing(uow, batch_id)
    if batch.state == "undone":
        raise Conflict("", "this was taken back already")
    if batch.state == "running":
        raise Conflict("", "this is still running; wait until it has ended")
    return batch
