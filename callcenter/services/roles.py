"""Use cases: an administrator makes roles and teams. Built-in roles stay as they are; a role that
somebody has is not taken away."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.ports import Clock, UnitOfWork
from callcenter.rights.objects import (
    ACTIONS,
    FIELDS,
    OBJECTS,
    Access,
    Action,
    Object,
    Scope,
    accesses_of,
    scopes_of,
)
from callcenter.rights.policy import BUILTIN, Policy
from callcenter.rights.teams import Team

_LONGEST = 80
_LONGEST_CODE = 32


def copy_role(
    source: str,
    title: str,
    *,
    user_id: int | None,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
) -> str:
    """A new role that may what the other may. Returns its code."""
    with unit_of_work() as uow:
        known = uow.rights.role(source)
        if known is None:
            raise NotFound("role", f"there is no role {source}")
        named = _title(uow, title, "")
        code = _free_code(uow, named)
        uow.rights.save_role(replace(known, code=code, title=named, builtin=False))
        _audit(uow, clock, user_id, "role_created", ("role", code), title=named, like=source)
        uow.commit()
    return code


def save_role(
    code: str,
    title: str,
    scopes: Mapping[tuple[str, str], str],
    fields: Mapping[tuple[str, str], str],
    *,
    user_id: int | None,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
) -> None:
    """What is not named is denied: no scope, no field. Raises Invalid naming what is wrong."""
    with unit_of_work() as uow:
        known = _made_here(uow, code)
        policy = replace(
            known, title=_title(uow, title, code), scopes=_scopes(scopes), fields=_fields(fields)
        )
        uow.rights.save_role(policy)
        changed = _differences(known, policy)
        _audit(uow, clock, user_id, "role_changed", ("role", code), **changed)
        uow.commit()


def delete_role(
    code: str, *, user_id: int, unit_of_work: Callable[[], UnitOfWork], clock: Clock
) -> None:
    with unit_of_work() as uow:
        _made_here(uow, code)
        if uow.rights.users_of_role(code):
            raise Conflict("role", "somebody has this role: give them another one first")
        uow.rights.delete_role(code)
        _audit(uow, clock, user_id, "role_deleted", ("role", code))
        uow.commit()


def save_team(
    team: Team, *, user_id: int, unit_of_work: Callable[[], UnitOfWork], clock: Clock
) -> int:
    """A new one where the id is 0. Returns its id."""
    name = team.name.strip()
    if not 0 < len(name) <= _LONGEST:
        raise Invalid("name", f"must have 1 to {_LONGEST} characters")
    with unit_of_work() as uow:
        others = {one.name.casefold(): one.id for one in uow.rights.teams()}
        if team.id and team.id not in others.values():
            raise NotFound("team", f"there is no team {team.id}")
        if others.get(name.casefold(), team.id) != team.id:
            raise Conflict("name", f"there is a team {name} already")
        for one in {*team.member_ids, *({team.lead_id} if team.lead_id else ())}:
            if uow.users.get(one) is None:
                raise Invalid("members", f"there is no user {one}")
        team_id = uow.rights.save_team(replace(team, name=name))
        members = list(team.member_ids)
        what = ("team", str(team_id))
        _audit(
            uow, clock, user_id, "team_saved", what, name=name, lead=team.lead_id, members=members
        )
        uow.commit()
    return team_id


def delete_team(
    team_id: int, *, user_id: int, unit_of_work: Callable[[], UnitOfWork], clock: Clock
) -> None:
    """Its boards would become everybody's: they are given to another team first."""
    with unit_of_work() as uow:
        if uow.boards.are_of_team(team_id):
            raise Conflict("", "wallboards show this team: choose another team for them first")
        uow.rights.delete_team(team_id)
        _audit(uow, clock, user_id, "team_deleted", ("team", str(team_id)))
        uow.commit()


def set_teams_of(
    target_id: int,
    team_ids: Sequence[int],
    *,
    user_id: int,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
) -> None:
    with unit_of_work() as uow:
        known = {one.id for one in uow.rights.teams()}
        if not set(team_ids) <= known:
            raise Invalid("teams", "there is no such team")
        uow.rights.set_teams_of(target_id, team_ids)
        what = ("user", str(target_id))
        _audit(uow, clock, user_id, "teams_chosen", what, teams=list(team_ids))
        uow.commit()


def _made_here(uow: UnitOfWork, code: str) -> Policy:
    known = uow.rights.role(code)
    if known is None:
        raise NotFound("role", f"there is no role {code}")
    if known.builtin:
        raise Conflict("role", "built-in roles stay as they are: copy one and change the copy")
    return known


def _title(uow: UnitOfWork, title: str, code: str) -> str:
    named = title.strip()
    if not 0 < len(named) <= _LONGEST:
        raise Invalid("title", f"must have 1 to {_LONGEST} characters")
    if any(r.title.casefold() == named.casefold() and r.code != code for r in uow.rights.roles()):
        raise Conflict("title", f"there is a role {named} already")
    return named


def _free_code(uow: UnitOfWork, title: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:_LONGEST_CODE] or "role"
    taken = {one.code for one in uow.rights.roles()} | set(BUILTIN)
    return next(
        code for n in range(1, 10_000) if (code := stem if n == 1 else f"{stem}_{n}") not in taken
    )


def _scopes(told: Mapping[tuple[str, str], str]) -> dict[tuple[Object, Action], Scope]:
    found: dict[tuple[Object, Action], Scope] = {}
    for thing in OBJECTS:
        for action in ACTIONS[thing]:
            scope = told.get((thing, action), "none")
            if scope not in scopes_of(thing, action):
                raise Invalid(f"{thing}.{action}", f"must be one of {scopes_of(thing, action)}")
            found[thing, action] = scope
    return found


def _fields(told: Mapping[tuple[str, str], str]) -> dict[tuple[Object, str], Access]:
    found: dict[tuple[Object, str], Access] = {}
    for (thing, name), access in told.items():
        known = name in FIELDS.get(cast("Object", thing), ()) or name.startswith("custom:")
        if not known or access not in accesses_of(cast("Object", thing), name):
            raise Invalid(f"{thing}.{name}"[:80], "is no right over a field")
        found[cast("Object", thing), name] = access
    for one, names in FIELDS.items():
        for name in names:
            found.setdefault((one, name), "hidden")
    return found


def _differences(before: Policy, after: Policy) -> dict[str, Any]:
    """What the audit keeps: each right that is another now."""
    rights = {
        f"{thing}.{action}": [before.scope(thing, action), scope]
        for (thing, action), scope in after.scopes.items()
        if before.scope(thing, action) != scope
    }
    fields = {
        f"{thing}.{name}": [before.field_access(thing, name), access]
        for (thing, name), access in after.fields.items()
        if before.field_access(thing, name) != access
    }
    return {"rights": rights, "fields": fields}


def _audit(
    uow: UnitOfWork,
    clock: Clock,
    user_id: int | None,
    action: str,
    what: tuple[str, str],
    **detail: Any,
) -> None:
    kind, key = what
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type=kind,
        object_id=key,
        at=clock.now(),
        detail=detail,
    )
