"""With whose rights the signed-in user looks: read once for a request, from the policy kept."""

from __future__ import annotations

from typing import cast

from flask import g
from flask_login import current_user

from callcenter.accounts.user import ROLES
from callcenter.queries import rights as queries
from callcenter.rights.policy import BUILTIN
from callcenter.rights.viewer import Viewer, built_in
from web.context import me, reading

_KEPT = "callcenter_viewer"


def the_viewer() -> Viewer:
    """Only where somebody is signed in."""
    kept = cast("Viewer | None", g.get(_KEPT))
    user = me()
    if kept is not None and kept.user_id == user.id:
        return kept
    viewer = known(user.id, user.role, user.role_code)
    if viewer is None:
        with reading() as connection:
            viewer = queries.viewer(connection, user.id, user.role, user.role_code)
    setattr(g, _KEPT, viewer)
    return viewer


def known(user_id: int, base: str, code: str) -> Viewer | None:
    """A viewer for whom nothing has to be read: of a built-in role without a right of teams."""
    role = next((one for one in ROLES if one == base), None)
    if role is None or code not in ("", role) or BUILTIN[role].asks_for_teams:
        return None
    return built_in(user_id, role)


def forget() -> None:
    """What was read for this request: after its user changed."""
    g.pop(_KEPT, None)


def is_signed_in() -> bool:
    return bool(current_user.is_authenticated)
