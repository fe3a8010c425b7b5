"""With whose rights the signed-in user looks: read once for a request, from the policy kept."""

from __future__ import annotations

from typing import cast

from flask import g
from flask_login import current_user

from callcenter.queries import rights as queries
from callcenter.rights.viewer import Viewer
from web.context import me, reading

_KEPT = "callcenter_viewer"


def the_viewer() -> Viewer:
    """Only where somebody is signed in."""
    kept = cast("Viewer | None", g.get(_KEPT))
    user = me()
    if kept is not None and kept.user_id == user.id:
        return kept
    with reading() as connection:
        viewer = queries.viewer(connection, user.id, user.role, user.role_code)
    setattr(g, _KEPT, viewer)
    return viewer


def forget() -> None:
    """What was read for this request: after its user changed."""
    g.pop(_KEPT, None)


def is_signed_in() -> bool:
    return bool(current_user.is_authenticated)
