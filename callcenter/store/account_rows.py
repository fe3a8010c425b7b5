"""Reads users, tokens and agents as plain values; repositories and queries share it."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, select

from callcenter.accounts.user import Token, User, endpoints_of
from callcenter.store.tables import api_tokens, users

USER: Final = select(*(column for column in users.columns if column.name != "password_hash"))
_TOKEN: Final = select(*(column for column in api_tokens.columns if column.name != "token_hash"))


def user(connection: Connection, condition: ColumnElement[bool]) -> User | None:
    row = connection.execute(USER.where(condition)).one_or_none()
    return as_user(row) if row is not None else None


def as_user(row: Row[Any]) -> User:
    values = dict(row._mapping)
    return User(**{**values, "role_code": row.role_code or row.role})


def token(connection: Connection, condition: ColumnElement[bool]) -> Token | None:
    row = connection.execute(_TOKEN.where(condition)).one_or_none()
    return as_token(row) if row is not None else None


def tokens(connection: Connection, condition: ColumnElement[bool]) -> list[Token]:
    query = _TOKEN.where(condition).order_by(api_tokens.c.id)
    return [as_token(row) for row in connection.execute(query)]


def as_token(row: Row[Any]) -> Token:
    values = dict(row._mapping)
    return Token(**{**values, "scopes": tuple(values["scopes"].split())})


def endpoint_map(connection: Connection) -> dict[str, int]:
    """Device → its operator, for desk phones and their twins in the browser."""
    query = select(users.c.endpoint, users.c.id).where(users.c.active, users.c.endpoint != "")
    return {
        device: user_id
        for endpoint, user_id in connection.execute(query)
        for device in endpoints_of(endpoint)
    }
