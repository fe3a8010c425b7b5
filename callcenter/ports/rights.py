"""Who may do what: roles, teams, and whether a record is within somebody's reach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from callcenter.rights.objects import Action, Object
from callcenter.rights.policy import Policy
from callcenter.rights.reference import Held, Reference
from callcenter.rights.teams import Team
from callcenter.rights.viewer import Viewer


class Rights(Protocol):
    def viewer(self, user_id: int) -> Viewer | None:
        """None: there is no such user who may log in."""
        ...

    def reaches(self, viewer: Viewer, thing: Object, action: Action, record_id: int) -> bool:
        """Of what there is: a record that does not exist is out of reach."""
        ...

    def held(self, reference: Reference) -> Held | None:
        """What a reference stands for, whoever may see it."""
        ...

    def looks_since(self, user_id: int, now: datetime) -> int:
        """How many masked values this user had shown within the last minute."""
        ...

    def roles(self) -> list[Policy]: ...

    def role(self, code: str) -> Policy | None: ...

    def save_role(self, policy: Policy) -> None: ...

    def delete_role(self, code: str) -> None: ...

    def users_of_role(self, code: str) -> int: ...

    def other_administrators(self, user_id: int) -> int:
        """Who may log in and administer besides this one; held until the transaction ends."""
        ...

    def teams(self) -> list[Team]: ...

    def team(self, team_id: int) -> Team | None: ...

    def save_team(self, team: Team) -> int:
        """Id 0: a new one. Returns its id."""
        ...

    def delete_team(self, team_id: int) -> None: ...

    def set_teams_of(self, user_id: int, team_ids: Sequence[int]) -> None: ...
