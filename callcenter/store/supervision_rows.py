"""Reads who steps into which call; repository and queries share it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select, select

from callcenter.store.tables import calls, supervision_policy, supervision_sessions
from callcenter.supervision.stepping import Session

_T = supervision_sessions
_OPEN = _T.c.ended_at.is_(None)


def policy(connection: Connection) -> dict[str, bool]:
    rows = connection.execute(select(supervision_policy))
    return {row.role: row.visible for row in rows}


def session(row: Row[Any]) -> Session:
    return Session(**{column.name: row._mapping[column.name] for column in _T.columns})


def open_live() -> Select[Any]:
    """Stretches that have not ended, of calls that have not either."""
    joined = _T.join(calls, calls.c.id == _T.c.call_id)
    return select(_T).select_from(joined).where(_OPEN, calls.c.live)


def open_anywhere() -> Select[Any]:
    """The same of everybody. (SQLite takes the index of open stretches only when it is given a
    place in it to begin at.)"""
    return open_live().where(_T.c.call_id > "")
