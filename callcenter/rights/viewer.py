"""Somebody who looks or acts, with what their role lets them: asked wherever a record is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from callcenter.accounts.user import Role
from callcenter.rights.objects import ACCESSES, Access, Action, Object, Scope
from callcenter.rights.policy import BUILTIN, Policy


@dataclass(frozen=True, slots=True)
class Viewer:
    """`team_user_ids`: everybody in this person's teams, themselves as well; `team_ids`: the teams
    that they belong to or lead. `team_queues`: the queues in which these work, known where a right
    asks for them; `every_queue`: there is no other."""

    user_id: int
    role: str
    base: Role
    team_user_ids: frozenset[int] = frozenset()
    policy: Policy = field(default=BUILTIN["operator"])
    team_ids: frozenset[int] = frozenset()
    team_queues: frozenset[str] = frozenset()
    every_queue: bool = False

    def scope(self, thing: Object, action: Action) -> Scope:
        return self.policy.scope(thing, action)

    def may(self, thing: Object, action: Action) -> bool:
        """With any record at all."""
        return self.scope(thing, action) != "none"

    def user_ids(self, thing: Object, action: Action) -> frozenset[int] | None:
        """Whose records: None for everybody's."""
        scope = self.scope(thing, action)
        if scope == "all":
            return None
        if scope == "none":
            return frozenset()
        own = frozenset({self.user_id})
        return own | self.team_user_ids if scope == "team" else own

    def reaches(self, thing: Object, action: Action, owners: Iterable[int | None]) -> bool:
        """A record that belongs to these people; nobody's (no owner at all) is everybody's who may
        do it with any."""
        theirs = self.user_ids(thing, action)
        if theirs is None:
            return True
        known = {owner for owner in owners if owner is not None}
        return bool(known & theirs) if known else self.may(thing, action)

    def field(self, thing: Object, name: str) -> Access:
        return self.policy.field_access(thing, name)

    def own_field(self, thing: Object, key: str, *, sensitive: bool) -> Access:
        """Of a field of the company's own; a sensitive one has the stricter of its two rights."""
        access = self.field(thing, f"custom:{key}")
        if sensitive:
            access = min(access, self.field(thing, "sensitive"), key=ACCESSES.index)
        return access

    def sees_own(self, thing: Object, key: str, *, sensitive: bool) -> bool:
        return self.own_field(thing, key, sensitive=sensitive) in ("read", "write")

    def sees(self, thing: Object, name: str) -> bool:
        """The value itself, not only its shape."""
        return ACCESSES.index(self.field(thing, name)) >= ACCESSES.index("read")

    def writes(self, thing: Object, name: str) -> bool:
        return self.field(thing, name) == "write"


def built_in(user_id: int, role: Role) -> Viewer:
    return Viewer(user_id, role, role, frozenset({user_id}), BUILTIN[role])


EVERYTHING = Viewer(0, "admin", "admin", frozenset(), BUILTIN["admin"])
"""The product itself: its jobs and its commands."""
