"""Keeps roles, what they allow, and teams; says whether a record is within somebody's reach."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select, update

from callcenter.rights.objects import Action, Object
from callcenter.rights.policy import Policy
from callcenter.rights.reference import Held, Reference
from callcenter.rights.teams import Team
from callcenter.rights.viewer import Viewer
from callcenter.store import account_rows, held_rows, rights_rows, visibility
from callcenter.store.repositories.base import insert
from callcenter.store.tables import (
    audit_log,
    field_rights,
    role_rights,
    roles,
    team_members,
    teams,
    users,
)

_A_MINUTE = timedelta(minutes=1)


class RightsRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def viewer(self, user_id: int) -> Viewer | None:
        user = account_rows.user(self._connection, users.c.id == user_id)
        if user is None or not user.active:
            return None
        return rights_rows.viewer(self._connection, user)

    def reaches(self, viewer: Viewer, thing: Object, action: Action, record_id: int) -> bool:
        return visibility.reaches(self._connection, viewer, thing, action, record_id)

    def held(self, reference: Reference) -> Held | None:
        return held_rows.held(self._connection, reference)

    def looks_since(self, user_id: int, now: datetime) -> int:
        table = audit_log.c
        query = select(func.count()).where(
            table.at > now - _A_MINUTE, table.user_id == user_id, table.action == "revealed"
        )
        return int(self._connection.scalar(query) or 0)

    def roles(self) -> list[Policy]:
        return rights_rows.all_roles(self._connection)

    def role(self, code: str) -> Policy | None:
        return rights_rows.policy(self._connection, code)

    def save_role(self, policy: Policy) -> None:
        values = {"title": policy.title, "base": policy.base, "stamp": secrets.token_hex(16)}
        self._connection.execute(
            insert(self._connection, roles)
            .values(code=policy.code, builtin=False, **values)
            .on_conflict_do_update(index_elements=["code"], set_=values)
        )
        self._forget_rights(policy.code)
        scopes = [
            {"role": policy.code, "object": thing, "action": action, "scope": scope}
            for (thing, action), scope in policy.scopes.items()
        ]
        fields = [
            {"role": policy.code, "object": thing, "field": name, "access": access}
            for (thing, name), access in policy.fields.items()
        ]
        if scopes:
            self._connection.execute(role_rights.insert(), scopes)
        if fields:
            self._connection.execute(field_rights.insert(), fields)

    def delete_role(self, code: str) -> None:
        self._forget_rights(code)
        self._connection.execute(delete(roles).where(roles.c.code == code, ~roles.c.builtin))

    def _forget_rights(self, code: str) -> None:
        self._connection.execute(delete(role_rights).where(role_rights.c.role == code))
        self._connection.execute(delete(field_rights).where(field_rights.c.role == code))

    def users_of_role(self, code: str) -> int:
        query = select(func.count()).select_from(users).where(users.c.role_code == code)
        return int(self._connection.scalar(query) or 0)

    def other_administrators(self, user_id: int) -> int:
        query = (
            select(users.c.id)
            .where(users.c.role == "admin", users.c.role_code.in_(("", "admin")))
            .where(users.c.active, users.c.id != user_id)
            .order_by(users.c.id)
            .with_for_update()
        )
        return len(self._connection.scalars(query).all())

    def teams(self) -> list[Team]:
        return rights_rows.all_teams(self._connection)

    def team(self, team_id: int) -> Team | None:
        return next((one for one in self.teams() if one.id == team_id), None)

    def save_team(self, team: Team) -> int:
        values = {"name": team.name, "lead_id": team.lead_id}
        if team.id:
            self._connection.execute(update(teams).where(teams.c.id == team.id).values(values))
            team_id = team.id
        else:
            made = self._connection.scalar(teams.insert().values(values).returning(teams.c.id))
            team_id = int(made or 0)
        self._connection.execute(delete(team_members).where(team_members.c.team_id == team_id))
        if team.member_ids:
            self._connection.execute(
                team_members.insert(),
                [{"team_id": team_id, "user_id": one} for one in dict.fromkeys(team.member_ids)],
            )
        return team_id

    def delete_team(self, team_id: int) -> None:
        self._connection.execute(delete(team_members).where(team_members.c.team_id == team_id))
        self._connection.execute(delete(teams).where(teams.c.id == team_id))

    def set_teams_of(self, user_id: int, team_ids: Sequence[int]) -> None:
        self._connection.execute(delete(team_members).where(team_members.c.user_id == user_id))
        if team_ids:
            self._connection.execute(
                team_members.insert(),
                [{"team_id": one, "user_id": user_id} for one in dict.fromkeys(team_ids)],
            )
