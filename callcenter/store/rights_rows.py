"""Reads roles and teams as policies and viewers; repositories and queries share it.

Built-in roles need no read. One made here is read once and kept until its stamp changes, which is
looked at every time: so a changed right holds at once, in every process.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Row, select

from callcenter.accounts.user import Role, User
from callcenter.rights.objects import Access, Action, Object, Scope
from callcenter.rights.policy import BUILTIN, Policy
from callcenter.rights.teams import Team
from callcenter.rights.viewer import Viewer
from callcenter.store import staffing_rows
from callcenter.store.tables import field_rights, role_rights, roles, team_members, teams
from callcenter.wallboard.reach import Centre

_KEPT: WeakKeyDictionary[Engine, dict[str, tuple[str, Policy]]] = WeakKeyDictionary()


def viewer(connection: Connection, user: User) -> Viewer:
    return viewer_of(connection, user.id, user.role, user.role_code)


def viewers(connection: Connection, users: Iterable[User]) -> dict[int, Viewer]:
    known = list(users)
    found = {code: policy(connection, code) for code in {one.role_code for one in known}}
    policies = [one for one in found.values() if one is not None]
    kept = all_teams(connection) if any(one.asks_for_teams for one in policies) else []
    centre = _centre(connection) if any(one.asks_for_queues for one in policies) else None
    return {
        one.id: _viewer(one, found[one.role_code] or Policy(one.role_code, one.role), kept, centre)
        for one in known
    }


def _viewer(user: User, policy: Policy, kept: Iterable[Team], centre: Centre | None) -> Viewer:
    mine = [one for one in kept if policy.asks_for_teams and one.has(user.id)]
    mates = frozenset[int]().union(*(one.people for one in mine))
    ids = frozenset(one.id for one in mine)
    viewer = Viewer(user.id, policy.code, user.role, mates | {user.id}, policy, ids)
    return _with_queues(viewer, centre) if centre and policy.asks_for_queues else viewer


def _with_queues(viewer: Viewer, centre: Centre) -> Viewer:
    """Where teams work as on boards: in a queue whose skill one of theirs has, or nobody."""
    if not viewer.team_ids:
        return viewer
    queues = frozenset(centre.queues_of(viewer.team_user_ids))
    every = bool(queues) and queues == centre.queues.keys()
    return replace(viewer, team_queues=queues, every_queue=every)


def _centre(connection: Connection) -> Centre:
    return Centre(staffing_rows.queues(connection), staffing_rows.skills(connection))


def viewer_of(connection: Connection, user_id: int, base: str, code: str) -> Viewer:
    found = policy(connection, code or base)
    if found is None:  # its role is gone: nothing is left that it would allow
        found = Policy(code, cast("Role", base))
    own = teams_of(connection, user_id) if found.asks_for_teams else frozenset[int]()
    mates = frozenset({user_id}) | (_people_of(connection, own) if own else frozenset())
    viewer = Viewer(user_id, found.code, cast("Role", base), mates, found, own)
    return _with_queues(viewer, _centre(connection)) if found.asks_for_queues else viewer


def policy(connection: Connection, code: str) -> Policy | None:
    if code in BUILTIN:
        return BUILTIN[code]
    row = connection.execute(select(roles).where(roles.c.code == code)).one_or_none()
    if row is None:
        return None
    kept = _KEPT.setdefault(connection.engine, {})
    stamp, known = kept.get(code, ("", None))
    if known is None or stamp != row.stamp:
        known = _read(connection, row)
        kept[code] = (row.stamp, known)
    return known


def _read(connection: Connection, row: Row[Any]) -> Policy:
    scopes = connection.execute(
        select(role_rights.c.object, role_rights.c.action, role_rights.c.scope).where(
            role_rights.c.role == row.code
        )
    )
    fields = connection.execute(
        select(field_rights.c.object, field_rights.c.field, field_rights.c.access).where(
            field_rights.c.role == row.code
        )
    )
    return Policy(
        row.code,
        cast("Role", row.base),
        row.title,
        {
            (cast("Object", thing), cast("Action", action)): cast("Scope", scope)
            for thing, action, scope in scopes
        },
        {(cast("Object", thing), name): cast("Access", access) for thing, name, access in fields},
    )


def teams_of(connection: Connection, user_id: int) -> frozenset[int]:
    """The teams that one belongs to or leads."""
    mine = (
        select(team_members.c.team_id)
        .where(team_members.c.user_id == user_id)
        .union(select(teams.c.id).where(teams.c.lead_id == user_id))
    )
    return frozenset(connection.scalars(mine))


def _people_of(connection: Connection, mine: frozenset[int]) -> frozenset[int]:
    """Everybody in these teams, and who leads them."""
    members = select(team_members.c.user_id).where(team_members.c.team_id.in_(mine))
    leads = select(teams.c.lead_id).where(teams.c.id.in_(mine), teams.c.lead_id.is_not(None))
    return frozenset(connection.scalars(members.union(leads)))


def teams_of_users(connection: Connection) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[int]] = defaultdict(list)
    for team_id, user_id in connection.execute(
        select(team_members.c.team_id, team_members.c.user_id)
    ):
        found[user_id].append(team_id)
    return {user_id: tuple(sorted(ids)) for user_id, ids in found.items()}


def all_roles(connection: Connection) -> list[Policy]:
    """The built-in ones first."""
    made = connection.scalars(
        select(roles.c.code).where(~roles.c.builtin).order_by(roles.c.title, roles.c.code)
    ).all()
    return [*BUILTIN.values(), *(one for code in made if (one := policy(connection, code)))]


def all_teams(connection: Connection) -> list[Team]:
    """By name."""
    members: dict[int, list[int]] = defaultdict(list)
    for user_id, team_ids in teams_of_users(connection).items():
        for team_id in team_ids:
            members[team_id].append(user_id)
    return [
        Team(id=row.id, name=row.name, lead_id=row.lead_id, member_ids=tuple(members[row.id]))
        for row in connection.execute(select(teams).order_by(teams.c.name, teams.c.id))
    ]
