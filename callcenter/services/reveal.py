"""Use case: somebody looks at a value that is shown masked. Each look is written down."""

from __future__ import annotations

from collections.abc import Callable

from callcenter.errors import Conflict, Forbidden, NotFound
from callcenter.ports import Clock, UnitOfWork
from callcenter.rights.objects import Access, Object
from callcenter.rights.reference import DIALLED, Held, Reference
from callcenter.rights.viewer import Viewer
from callcenter.services import rights

REVEALED = "revealed"
MOST_A_MINUTE = 30
"""Somebody who reads out the whole base is stopped; who works is not."""
_BY_CUSTOMER: tuple[Object, ...] = ("customer", "organization")


def reveal(text: str, user_id: int, *, unit_of_work: Callable[[], UnitOfWork], clock: Clock) -> str:
    """The value behind a reference. NotFound also for what is hidden from this role wholly."""
    with unit_of_work() as uow:
        viewer = rights.viewer_of(uow, user_id)
        held = _held(uow, viewer, text)
        whose: Object = held.thing if held.thing in _BY_CUSTOMER else "customer"
        if _access(viewer, held) not in ("read", "write") and not _may_reveal(
            uow, viewer, held, whose
        ):
            raise Forbidden("", "your role does not allow to see this")
        now = clock.now()
        if uow.rights.looks_since(user_id, now) >= MOST_A_MINUTE:
            raise Conflict("", "too many values were shown in a minute; wait a little")
        uow.audit.record(
            user_id=user_id,
            action=REVEALED,
            object_type=held.thing,
            object_id=str(held.record_id),
            at=now,
            detail={"field": held.field, "reference": text},
        )
        uow.commit()
    return held.value


def dialled(uow: UnitOfWork, user_id: int, text: str) -> str:
    """The number that a reference stands for, to be dialled unseen; any other text as it is."""
    reference = Reference.read(text)
    if reference is None or reference.kind not in DIALLED:
        return text
    return _held(uow, rights.viewer_of(uow, user_id), text).value


def _held(uow: UnitOfWork, viewer: Viewer, text: str) -> Held:
    """What one may know to be there."""
    reference = Reference.read(text)
    held = uow.rights.held(reference) if reference is not None else None
    if (
        held is None
        or _access(viewer, held) == "hidden"
        or not uow.rights.reaches(viewer, held.thing, "read", held.record_id)
    ):
        raise NotFound("", "there is no such value")
    return held


def _access(viewer: Viewer, held: Held) -> Access:
    if held.field.startswith("custom:"):
        key = held.field.removeprefix("custom:")
        return viewer.own_field(held.thing, key, sensitive=held.sensitive)
    return viewer.field(held.thing, held.field)


def _may_reveal(uow: UnitOfWork, viewer: Viewer, held: Held, whose: Object) -> bool:
    if whose != held.thing:
        return viewer.may(whose, "reveal")
    return uow.rights.reaches(viewer, whose, "reveal", held.record_id)
