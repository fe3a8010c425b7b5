"""Who works here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from callcenter.accounts.user import Token, User, UserDraft


class Users(Protocol):
    def add(self, draft: UserDraft, password_hash: str, at: datetime) -> int: ...

    def get(self, user_id: int) -> User | None: ...

    def by_username(self, username: str) -> User | None: ...

    def password_hash(self, username: str) -> tuple[User, str] | None: ...

    def set_password(self, user_id: int, password_hash: str, *, end_sessions: bool) -> None: ...

    def end_sessions(self, user_id: int) -> int:
        """Raises the session epoch: every cookie and socket given out before is void."""
        ...

    def update(self, user_id: int, values: Mapping[str, Any]) -> None: ...

    def endpoint_map(self) -> dict[str, int]: ...

    def with_phones(self) -> list[User]:
        """Who may log in and has a phone, by extension."""
        ...

    def add_token(
        self,
        user_id: int,
        *,
        name: str,
        prefix: str,
        token_hash: str,
        scopes: Sequence[str],
        at: datetime,
    ) -> int: ...

    def token_by_hash(self, token_hash: str) -> Token | None: ...

    def get_token(self, token_id: int) -> Token | None: ...

    def revoke_token(self, token_id: int, at: datetime) -> bool: ...

    def revoke_tokens(self, user_id: int, at: datetime) -> list[int]:
        """All of theirs that still work; which ones."""
        ...

    def touch_token(self, token_id: int, at: datetime) -> None: ...
