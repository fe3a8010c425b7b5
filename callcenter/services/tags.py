"""Use cases around tags themselves: call one otherwise, give it a colour, do away with it."""

from __future__ import annotations

from collections.abc import Callable

from callcenter.customers.tags import TONES, Tag, clean_tag
from callcenter.errors import Invalid, NotFound
from callcenter.ports import Clock, UnitOfWork
from callcenter.services import history, rights


def add_tag(
    name: str,
    tone: str,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
    user_id: int | None,
) -> int:
    clean = clean_tag(name, "name")
    with unit_of_work() as uow:
        rights.require(uow, user_id, "customer", "change")
        (tag_id,) = uow.tags.ensure([clean])
        found = uow.tags.get(tag_id)
        if found is not None and found.tone != tone:
            uow.tags.change(tag_id, found.name, _tone(tone))
        if not uow.history.since("tag", tag_id, 0):  # it may have been there before
            history.record_created(uow, clock, [("tag", tag_id, None)], user_id=user_id)
        _audit(uow, clock, user_id, "tag_added", tag_id)
        uow.commit()
    return tag_id


def change_tag(
    tag_id: int,
    name: str,
    tone: str,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
    user_id: int | None,
) -> None:
    clean = clean_tag(name, "name")
    with unit_of_work() as uow:
        rights.require(uow, user_id, "settings", "change")
        _existing(uow, tag_id)
        with history.recorded(uow, clock, "tag", tag_id, user_id=user_id):
            uow.tags.change(tag_id, clean, _tone(tone))
        _audit(uow, clock, user_id, "tag_changed", tag_id)
        uow.commit()


def remove_tag(
    tag_id: int, *, unit_of_work: Callable[[], UnitOfWork], clock: Clock, user_id: int | None
) -> int:
    """From every customer. How many had it."""
    with unit_of_work() as uow:
        rights.require(uow, user_id, "settings", "change")
        _existing(uow, tag_id)
        with history.recorded(uow, clock, "tag", tag_id, user_id=user_id):
            had = uow.tags.remove(tag_id)
        _audit(uow, clock, user_id, "tag_removed", tag_id)
        uow.commit()
    return had


def _existing(uow: UnitOfWork, tag_id: int) -> Tag:
    found = uow.tags.get(tag_id)
    if found is None:
        raise NotFound("tag", f"there is no tag {tag_id}")
    return found


def _tone(tone: str) -> str:
    if tone not in TONES:
        raise Invalid("tone", f"must be one of: {', '.join(filter(None, TONES))}")
    return tone


def _audit(uow: UnitOfWork, clock: Clock, user_id: int | None, action: str, tag_id: int) -> None:
    uow.audit.record(
        user_id=user_id, action=action, object_type="tag", object_id=str(tag_id), at=clock.now()
    )
