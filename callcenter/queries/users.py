"""People who log in, their tokens, their states at work, and what was done by whom."""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from callcenter.accounts.user import Token, User
from callcenter.agents.status import AgentStatus
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.store import account_rows, agent_rows
from callcenter.store.tables import api_tokens, audit_log, users


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    id: int
    at: datetime
    user_id: int | None
    action: str
    object_type: str
    object_id: str
    detail: dict[str, Any]


def by_id(connection: Connection, user_id: int) -> User | None:
    return account_rows.user(connection, users.c.id == user_id)


def by_username(connection: Connection, username: str) -> User | None:
    return account_rows.user(connection, users.c.username == username)


def by_token_hash(connection: Connection, token_hash: str) -> tuple[User, Token] | None:
    """The token and whose it is; revoked tokens and inactive users open nothing."""
    token = account_rows.token(connection, api_tokens.c.token_hash == token_hash)
    if token is None or token.revoked_at is not None:
        return None
    user = by_id(connection, token.user_id)
    return (user, token) if user is not None and user.active else None


def all(connection: Connection) -> builtins.list[User]:  # noqa: A001 (read as users.all)
    query = account_rows.USER.order_by(users.c.display_name, users.c.id)
    return [account_rows.as_user(row) for row in connection.execute(query)]


def endpoint_map(connection: Connection) -> dict[str, int]:
    return account_rows.endpoint_map(connection)


def agents(connection: Connection, now: datetime) -> builtins.list[tuple[User, AgentStatus | None]]:
    """Everyone who has a phone, with their state; None before their first log-in."""
    statuses = agent_rows.all_of(connection, now)
    return [(user, statuses.get(user.id)) for user in _with_phone(connection, users.c.active)]


def deactivated(connection: Connection, now: datetime) -> builtins.list[tuple[User, AgentStatus]]:
    """Those who had a phone and have worked with it, and may log in no more."""
    found = _with_phone(connection, ~users.c.active)
    statuses = agent_rows.all_of(connection, now) if found else {}
    return [(user, statuses[user.id]) for user in found if user.id in statuses]


def _with_phone(connection: Connection, which: ColumnElement[bool]) -> builtins.list[User]:
    query = account_rows.USER.where(which, users.c.endpoint != "")
    rows = connection.execute(query.order_by(users.c.display_name, users.c.id))
    return [account_rows.as_user(row) for row in rows]


def tokens(connection: Connection, user_id: int) -> builtins.list[Token]:
    """Those that still work."""
    return account_rows.tokens(
        connection, (api_tokens.c.user_id == user_id) & api_tokens.c.revoked_at.is_(None)
    )


def every_token(connection: Connection) -> builtins.list[Token]:
    """Everybody's that still work."""
    return account_rows.tokens(connection, api_tokens.c.revoked_at.is_(None))


def audit(connection: Connection, cursor: str | None, limit: int) -> Page[AuditEntry]:
    """What was done, the newest first."""
    limit = bounded(limit)
    query = select(audit_log).order_by(audit_log.c.id.desc()).limit(limit + 1)
    if cursor:
        (last,) = decode_cursor(cursor, int)
        query = query.where(audit_log.c.id < last)
    rows = [AuditEntry(**row._mapping) for row in connection.execute(query)]
    more = len(rows) > limit
    return Page(tuple(rows[:limit]), encode_cursor(rows[limit - 1].id) if more else None)
