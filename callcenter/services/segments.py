"""Use cases around segments: save, change, freeze and delete them; what users choose to see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from callcenter.errors import Conflict, Forbidden, NotFound
from callcenter.ports import Clock, UnitOfWork
from callcenter.rights.objects import Action
from callcenter.segments.segment import Segment, SegmentDraft, clean_name
from callcenter.services import history
from callcenter.services.rights import require

UowFactory = Callable[[], UnitOfWork]
_CHANGEABLE = frozenset({"name", "filter", "shared", "columns"})
_MEMBERS_AT_ONCE = 5_000


def create(
    draft: SegmentDraft,
    *,
    user_id: int,
    unit_of_work: UowFactory,
    clock: Clock,
    members: Sequence[int] = (),
) -> int:
    """`members` are those of a frozen one; they are written in parts."""
    clean = SegmentDraft(
        name=clean_name(draft.name),
        filter=draft.filter,
        frozen=draft.frozen,
        shared=draft.shared,
        columns=draft.columns,
    )
    with unit_of_work() as uow:
        require(uow, user_id, "segment", "create")
        segment_id = uow.segments.add(clean, user_id, clock.now())
        history.record_created(uow, clock, [("segment", segment_id, None)], user_id=user_id)
        uow.commit()
    if clean.frozen:
        add_members(segment_id, members, unit_of_work=unit_of_work)
    return segment_id


def add_members(segment_id: int, customer_ids: Sequence[int], *, unit_of_work: UowFactory) -> None:
    for start in range(0, len(customer_ids), _MEMBERS_AT_ONCE):
        with unit_of_work() as uow:
            part = customer_ids[start : start + _MEMBERS_AT_ONCE]
            uow.segments.add_members(segment_id, part)
            uow.commit()


def update(
    segment_id: int,
    values: Mapping[str, Any],
    *,
    version: int,
    user_id: int,
    unit_of_work: UowFactory,
    clock: Clock,
) -> int:
    """Name, filter, columns and whether it is shared. The new version."""
    changed = {name: value for name, value in values.items() if name in _CHANGEABLE}
    if "name" in changed:
        changed["name"] = clean_name(changed["name"])
    with unit_of_work() as uow:
        segment = _mine(uow, segment_id, user_id, "change")
        if segment.frozen and "filter" in changed:
            raise Conflict("filter", "a frozen segment is its members; its filter stays as it was")
        with history.recorded(uow, clock, "segment", segment_id, user_id=user_id):
            new_version = uow.segments.update(segment_id, changed, version=version, at=clock.now())
        uow.commit()
    return new_version


def delete(segment_id: int, *, user_id: int, unit_of_work: UowFactory, clock: Clock) -> None:
    with unit_of_work() as uow:
        _mine(uow, segment_id, user_id, "delete")
        with history.recorded(uow, clock, "segment", segment_id, user_id=user_id, action="delete"):
            uow.segments.delete(segment_id)
        uow.commit()


def visible(uow: UnitOfWork, segment_id: int, user_id: int | None) -> Segment:
    """One's own, or one that is shared; NotFound otherwise."""
    segment = uow.segments.get(segment_id)
    if segment is None or not (segment.shared or segment.owner_id == user_id or user_id is None):
        raise NotFound("segment", f"there is no segment {segment_id}")
    return segment


def remember(user_id: int, key: str, value: Any, *, unit_of_work: UowFactory) -> None:
    with unit_of_work() as uow:
        uow.segments.remember(user_id, key, value)
        uow.commit()


def _mine(uow: UnitOfWork, segment_id: int, user_id: int, action: Action) -> Segment:
    segment = visible(uow, segment_id, user_id)
    require(uow, user_id, "segment", action, owner_id=segment.owner_id)
    if segment.owner_id != user_id and not segment.shared:
        raise Forbidden("segment", "it is somebody else's own")
    return segment
