"""Two cards of one person become one, and two again.

All that points at the card that goes is the other's from then on, in one transaction; the card
itself stays behind, put aside, and leads to the one that stays. Parting them gives each back what
it had; what came after the merge stays where it came.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from callcenter.duplicates.joining import CHOICES, Choice, joined
from callcenter.duplicates.pair import Merge, ordered
from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.history.change import DELETED
from callcenter.history.document import differences, undone
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.rights.objects import FIELDS
from callcenter.services import figures, history
from callcenter.services.call_messages import messages_of
from callcenter.services.rights import require_fields, require_record

UowFactory = Callable[[], UnitOfWork]
_CUSTOMER = "customer"
_GUARDED = frozenset(FIELDS["customer"])


@dataclass(frozen=True, slots=True)
class Unmerged:
    """`stayed`: fields (as object_type, object_id, fields) that were changed since the merge."""

    survivor_id: int
    loser_id: int
    stayed: tuple[dict[str, Any], ...]


def merge(
    survivor_id: int,
    loser_id: int,
    choices: Mapping[str, str],
    *,
    user_id: int | None,
    unit_of_work: UowFactory,
    publisher: Publisher,
    clock: Clock,
) -> int:
    """One card of two. `choices` says field by field whose word counts; the merge's id."""
    if survivor_id == loser_id:
        raise Invalid("loser_id", "a card cannot be joined with itself")
    with unit_of_work() as uow:
        uow.merges.lock([survivor_id, loser_id])
        _cards(uow, survivor_id, loser_id)
        _check_may(uow, user_id, (survivor_id, loser_id), choices)
        _check_hold(uow, loser_id)
        merge_id = _merge(uow, clock, (survivor_id, loser_id), _checked(choices), user_id)
        figures.refresh(uow, clock, [survivor_id, loser_id], contacts=True)
        messages = _messages(uow, [survivor_id, loser_id], clock)
        uow.commit()
    publisher.publish(messages)
    return merge_id


def unmerge(
    merge_id: int,
    *,
    user_id: int | None,
    unit_of_work: UowFactory,
    publisher: Publisher,
    clock: Clock,
) -> Unmerged:
    """Two cards again. What was changed or came since the merge stays with the one that stayed."""
    with unit_of_work() as uow:
        merge = _undoable(uow, merge_id)
        ids = [merge.survivor_id, merge.loser_id]
        uow.merges.lock(ids)
        merge = _undoable(uow, merge_id)  # somebody else may have been about it just now
        _check_may(uow, user_id, ids[:1], {})
        with history.recorded_all(uow, clock, _CUSTOMER, ids, user_id=user_id, action="unmerge"):
            stayed = _part(uow, clock, merge)
        uow.merges.touch(ids)
        uow.merges.mark_undone(merge.id, user_id=user_id, at=clock.now())
        if merge.batch_id is not None:
            uow.batches.update(
                merge.batch_id, detail={"kept": list(stayed), "kept_count": len(stayed)}
            )
            uow.batches.mark_undone(merge.batch_id, user_id=user_id, at=clock.now())
        uow.duplicates.decide(*ordered(*ids), "open", user_id=user_id, at=clock.now())
        figures.refresh(uow, clock, ids, contacts=True)
        messages = _messages(uow, ids, clock)
        uow.commit()
    publisher.publish(messages)
    return Unmerged(merge.survivor_id, merge.loser_id, stayed)


def _check_may(
    uow: UnitOfWork, user_id: int | None, ids: Sequence[int], choices: Mapping[str, str]
) -> None:
    for customer_id in ids:
        viewer = require_record(uow, user_id, "customer", "merge", customer_id)
        require_fields(viewer, "customer", [name for name in choices if name in _GUARDED])


def _check_hold(uow: UnitOfWork, loser_id: int) -> None:
    """What a court wants to see is not joined into something else."""
    why = uow.privacy.hold(loser_id)
    if why:
        raise Conflict("legal_hold", f"this person's data must be kept: {why}")


def _checked(choices: Mapping[str, str]) -> dict[str, Choice]:
    found: dict[str, Choice] = {}
    for field, choice in choices.items():
        if choice not in CHOICES:
            raise Invalid(f"fields.{field}", f"must be one of {', '.join(CHOICES)}")
        found[field] = choice
    return found


def _cards(uow: UnitOfWork, survivor_id: int, loser_id: int) -> dict[str, Any]:
    documents = uow.history.documents(_CUSTOMER, [survivor_id, loser_id])
    found = {}
    for side, one in (("survivor", survivor_id), ("loser", loser_id)):
        card = documents.get(str(one))
        if card is None or (card.get(DELETED) and not card.get("merged_into")):
            raise NotFound(f"{side}_id", f"there is no customer {one}")
        if card.get("merged_into"):
            raise Conflict(f"{side}_id", f"customer {one} was joined with another already")
        found[side] = card
    return found


def _merge(
    uow: UnitOfWork,
    clock: Clock,
    ids: tuple[int, int],
    choices: Mapping[str, Choice],
    user_id: int | None,
) -> int:
    survivor_id, loser_id = ids
    at = clock.now()
    before = _cards(uow, survivor_id, loser_id)
    found = joined(before["survivor"], before["loser"], choices)
    values = {name: pair[1] for name, pair in differences(before["survivor"], found).items()}
    title = f"{before['loser']['display_name']} → {before['survivor']['display_name']}"
    batch_id = uow.batches.add("merge", title, user_id=user_id, at=at, total=1)
    with history.recorded_all(
        uow, clock, _CUSTOMER, ids, user_id=user_id, batch_id=batch_id, action="merge"
    ):
        moved: dict[str, Any] = uow.merges.move(loser_id, survivor_id)
        uow.history.write(_CUSTOMER, survivor_id, values, at)
        uow.merges.close(loser_id, survivor_id, at)
        settled = uow.merges.settle_candidates(survivor_id)
    uow.merges.touch(ids)
    after = uow.history.documents(_CUSTOMER, [survivor_id])[str(survivor_id)]
    merge_id = uow.merges.add(
        survivor_id=survivor_id,
        loser_id=loser_id,
        at=at,
        user_id=user_id,
        batch_id=batch_id,
        moved={"rows": moved, "settled": settled},
        before={**before, "fields": differences(before["survivor"], after)},
    )
    uow.batches.update(batch_id, state="done", done=1, detail={"merge_id": merge_id})
    uow.duplicates.decide(*ordered(*ids), "merged", user_id=user_id, at=at)
    payload = {"id": survivor_id, "merged": loser_id}
    uow.outbox.tell("customer.merged", _CUSTOMER, survivor_id, payload, at)
    return merge_id


def _part(uow: UnitOfWork, clock: Clock, merge: Merge) -> tuple[dict[str, Any], ...]:
    at = clock.now()
    survivor_id, loser_id = merge.survivor_id, merge.loser_id
    rows = merge.moved["rows"].get("interactions.customer_id", [])
    uow.archive.bring_back([*merge.moved["settled"], *(key for (key,) in rows)])
    uow.merges.unsettle_candidates(merge.moved["settled"], survivor_id)
    uow.merges.move_back(merge.moved["rows"], loser_id, survivor_id)
    present = history.document(uow, _CUSTOMER, survivor_id)
    back = undone(present, merge.before["fields"])
    uow.history.write(_CUSTOMER, survivor_id, back.values, at)
    uow.merges.close(loser_id, None, at)
    if not back.kept:
        return ()
    kept = {"object_type": _CUSTOMER, "object_id": str(survivor_id), "fields": list(back.kept)}
    return (kept,)


def _undoable(uow: UnitOfWork, merge_id: int) -> Merge:
    merge = uow.merges.get(merge_id)
    if merge is None:
        raise NotFound("merge", f"there is no merge {merge_id}")
    if merge.undone_at is not None:
        raise Conflict("", "these cards were parted already")
    if not merge.before:
        raise Conflict("", "what these cards were has been erased")
    documents = uow.history.documents(_CUSTOMER, [merge.survivor_id])
    further = documents.get(str(merge.survivor_id), {}).get("merged_into")
    if further is not None:
        raise Conflict(
            "", f"customer {merge.survivor_id} was joined with {further} since; part those first"
        )
    return merge


def _messages(uow: UnitOfWork, ids: Sequence[int], clock: Clock) -> list[Message]:
    """Calls that go on: whoever has one of them on the screen sees the card it is now."""
    found: list[Message] = []
    for interaction_id in uow.merges.live_interactions(ids):
        interaction = uow.interactions.get(interaction_id)
        if interaction is not None:
            found += messages_of(uow, interaction, clock)
    return found
