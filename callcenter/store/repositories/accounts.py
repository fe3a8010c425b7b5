"""Keeps users and their API tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from callcenter.accounts.user import Token, User, UserDraft
from callcenter.store import account_rows
from callcenter.store.tables import api_tokens, users


class UserRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, draft: UserDraft, password_hash: str, at: datetime) -> int:
        new_id = self._connection.scalar(
            users.insert()
            .values(
                username=draft.username,
                display_name=draft.display_name,
                password_hash=password_hash,
                role=draft.role,
                role_code=draft.role_code,
                endpoint=draft.endpoint,
                extension=draft.extension,
                locale=draft.locale,
                time_zone=draft.time_zone,
                created_at=at,
            )
            .returning(users.c.id)
        )
        return int(new_id or 0)

    def get(self, user_id: int) -> User | None:
        return account_rows.user(self._connection, users.c.id == user_id)

    def by_username(self, username: str) -> User | None:
        return account_rows.user(self._connection, users.c.username == username)

    def password_hash(self, username: str) -> tuple[User, str] | None:
        user = self.by_username(username)
        if user is None:
            return None
        stored = self._connection.scalar(select(users.c.password_hash).where(users.c.id == user.id))
        return user, str(stored)

    def set_password(self, user_id: int, password_hash: str, *, end_sessions: bool) -> None:
        self._connection.execute(
            update(users).where(users.c.id == user_id).values(password_hash=password_hash)
        )
        if end_sessions:
            self.end_sessions(user_id)

    def end_sessions(self, user_id: int) -> int:
        epoch = self._connection.scalar(
            update(users)
            .where(users.c.id == user_id)
            .values(session_epoch=users.c.session_epoch + 1)
            .returning(users.c.session_epoch)
        )
        return int(epoch or 0)

    def update(self, user_id: int, values: Mapping[str, Any]) -> None:
        self._connection.execute(update(users).where(users.c.id == user_id).values(dict(values)))

    def endpoint_map(self) -> dict[str, int]:
        return account_rows.endpoint_map(self._connection)

    def with_phones(self) -> list[User]:
        here = users.c.active & (users.c.endpoint != "")
        query = account_rows.USER.where(here).order_by(users.c.extension, users.c.id)
        return [account_rows.as_user(row) for row in self._connection.execute(query)]

    def add_token(
        self,
        user_id: int,
        *,
        name: str,
        prefix: str,
        token_hash: str,
        scopes: Sequence[str],
        at: datetime,
    ) -> int:
        new_id = self._connection.scalar(
            api_tokens.insert()
            .values(
                user_id=user_id,
                name=name,
                prefix=prefix,
                token_hash=token_hash,
                scopes=" ".join(scopes),
                created_at=at,
            )
            .returning(api_tokens.c.id)
        )
        return int(new_id or 0)

    def token_by_hash(self, token_hash: str) -> Token | None:
        return account_rows.token(self._connection, api_tokens.c.token_hash == token_hash)

    def get_token(self, token_id: int) -> Token | None:
        return account_rows.token(self._connection, api_tokens.c.id == token_id)

    def revoke_token(self, token_id: int, at: datetime) -> bool:
        revoked = self._connection.execute(
            update(api_tokens)
            .where(api_tokens.c.id == token_id, api_tokens.c.revoked_at.is_(None))
            .values(revoked_at=at)
        )
        return revoked.rowcount > 0

    def revoke_tokens(self, user_id: int, at: datetime) -> list[int]:
        revoked = self._connection.scalars(
            update(api_tokens)
            .where(api_tokens.c.user_id == user_id, api_tokens.c.revoked_at.is_(None))
            .values(revoked_at=at)
            .returning(api_tokens.c.id)
        )
        return sorted(revoked)

    def touch_token(self, token_id: int, at: datetime) -> None:
        self._connection.execute(
            update(api_tokens).where(api_tokens.c.id == token_id).values(last_used_at=at)
        )

    def count(self) -> int:
        return self._connection.scalar(select(func.count()).select_from(users)) or 0
