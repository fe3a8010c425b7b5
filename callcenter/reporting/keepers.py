"""Whose business a report by mail is. It is made with its owner's rights, so whoever could turn
another's to themselves would read with those. Pure."""

from __future__ import annotations

from typing import Final

from callcenter.reporting.schedule import Schedule
from callcenter.rights.viewer import Viewer

_ITS_OWNERS: Final = ("report", "address", "recipients")


def keeps_all(viewer: Viewer) -> bool:
    """Who sees every report learns nothing by another's."""
    return viewer.scope("report", "read") == "all"


def keeps(viewer: Viewer, owner_id: int) -> bool:
    """Whether this viewer sees, changes, drops and sends one of this owner."""
    return owner_id == viewer.user_id or keeps_all(viewer)


def owner_of(after: Schedule, before: Schedule | None, user_id: int) -> int:
    """Whose it is once this user has saved it: who says what goes to whom answers for it."""
    if before is None:
        return user_id
    is_other = any(getattr(after, name) != getattr(before, name) for name in _ITS_OWNERS)
    return user_id if is_other else before.owner_id
