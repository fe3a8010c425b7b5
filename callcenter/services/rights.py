"""Whether somebody may do what they ask for. Every use case that changes something asks here.

A record that one may not read does not exist for them (NotFound); one that may be read, but not
changed so, is refused (Forbidden).
"""

from __future__ import annotations

from collections.abc import Iterable

from callcenter.errors import Forbidden, NotFound
from callcenter.ports import UnitOfWork
from callcenter.rights.objects import Action, Object
from callcenter.rights.viewer import EVERYTHING, Viewer


def viewer_of(uow: UnitOfWork, user_id: int | None) -> Viewer:
    """None: the product itself."""
    if user_id is None:
        return EVERYTHING
    found = uow.rights.viewer(user_id)
    if found is None:
        raise Forbidden("", "this user may not log in any more")
    return found


def require(
    uow: UnitOfWork,
    user_id: int | None,
    thing: Object,
    action: Action,
    *,
    owner_id: int | None = None,
    owners: Iterable[int | None] = (),
) -> Viewer:
    """`owner_id` (or several `owners`): whose the record is. Nobody's may be done by whoever may
    do it with their own."""
    viewer = viewer_of(uow, user_id)
    if not viewer.reaches(thing, action, (owner_id, *owners)):
        raise Forbidden(thing, f"your role does not allow this: {thing}, {action}")
    return viewer


def require_record(
    uow: UnitOfWork, user_id: int | None, thing: Object, action: Action, record_id: int
) -> Viewer:
    """For a customer, organization, interaction, conversation, deal or task that is stored."""
    viewer = viewer_of(uow, user_id)
    if not uow.rights.reaches(viewer, thing, "read", record_id):
        raise NotFound(thing, f"there is no {thing} {record_id}")
    if action != "read" and not uow.rights.reaches(viewer, thing, action, record_id):
        raise Forbidden(thing, f"your role does not allow this: {thing}, {action}")
    return viewer


def sees(uow: UnitOfWork, user_id: int | None, thing: Object, record_id: int) -> bool:
    """Whether a record that a request names exists for this user."""
    return uow.rights.reaches(viewer_of(uow, user_id), thing, "read", record_id)


def require_fields(viewer: Viewer, thing: Object, names: Iterable[str]) -> None:
    """Forbidden, naming the field, if one of them may not be written by this role."""
    for name in names:
        if not viewer.writes(thing, name):
            raise Forbidden(name, "your role does not allow to change this")
