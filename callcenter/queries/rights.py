"""Viewers, roles and teams, for the doors."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from callcenter.accounts.user import User
from callcenter.rights.policy import Policy
from callcenter.rights.teams import Team
from callcenter.rights.viewer import Viewer
from callcenter.store import rights_rows


def viewer(connection: Connection, user_id: int, base: str, code: str) -> Viewer:
    """Of somebody whose role is known already, as it is of whoever is signed in."""
    return rights_rows.viewer_of(connection, user_id, base, code)


def viewers(connection: Connection, users: Iterable[User]) -> dict[int, Viewer]:
    """Of these, by id: so many reads for all of them as there are roles, not people."""
    return rights_rows.viewers(connection, users)


def roles(connection: Connection) -> list[Policy]:
    """The built-in ones first."""
    return rights_rows.all_roles(connection)


def role(connection: Connection, code: str) -> Policy | None:
    return rights_rows.policy(connection, code)


def teams(connection: Connection) -> list[Team]:
    return rights_rows.all_teams(connection)


def teams_of_users(connection: Connection) -> dict[int, tuple[int, ...]]:
    """User id → ids of their teams."""
    return rights_rows.teams_of_users(connection)
