"""Rows as PostgreSQL's COPY reads them: a column at a time, since what is asked of each value alone
costs more than the database takes for it. Inside `ahead` they are sent by a thread, while the next
are put together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from typing import Any, Final

import psycopg
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    Numeric,
    String,
    Table,
    event,
)
from sqlalchemy.exc import DBAPIError

from callcenter.store.text import to_json
from callcenter.store.types import UtcDateTime

Columns = Mapping[str, Sequence[Any]]
_MISSING: Final = "\\N"
_ESCAPED: Final = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ESCAPING: Final = str.maketrans(_ESCAPED)
_AHEAD: Final = "callcenter_copies_ahead"


def copy(connection: Connection, table: Table, columns: Columns) -> None:
    """Columns of the same length, each with a value or None for every row."""
    written = [_texts(table.c[name], values) for name, values in columns.items()]
    lines = "\n".join(map("\t".join, zip(*written, strict=True)))
    if not lines:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    statement = f'COPY "{table.name}" ({names}) FROM STDIN'
    driver: Any = connection.connection.dbapi_connection
    sender: _Sender | None = connection.info.get(_AHEAD)
    send = partial(_send, driver, statement, f"{lines}\n".encode())
    if sender is not None:
        sender.take(send)
        return
    with _lost_noticed(connection):
        send()


def _send(driver: Any, statement: str, lines: bytes) -> None:
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as to:
            to.write(lines)
    except psycopg.Error as error:
        raise DBAPIError.instance(statement, None, error, psycopg.Error) from error


@contextmanager
def _lost_noticed(connection: Connection) -> Iterator[None]:
    """SQLAlchemy knows nothing of what is copied: of a lost connection it would ask a rollback."""
    try:
        yield
    except DBAPIError as error:
        if not connection.invalidated and connection.connection.dbapi_connection.closed:  # type: ignore[union-attr]
            connection.invalidate(error)
        raise


@contextmanager
def ahead(connection: Connection) -> Iterator[None]:
    """What is copied inside is sent in order, behind the caller's back; whatever else is asked of
    the connection waits for it, and so does the end. What goes wrong is told then."""
    if connection.dialect.name != "postgresql":
        yield
        return
    with ThreadPoolExecutor(1, thread_name_prefix="copy") as thread:
        sender, told = _Sender(thread), connection.info
        waits = partial(_wait_before, sender)
        told[_AHEAD] = sender
        event.listen(connection, "before_cursor_execute", waits)
        try:
            with _lost_noticed(connection):
                yield
                sender.wait()
        finally:
            event.remove(connection, "before_cursor_execute", waits)
            told.pop(_AHEAD, None)


class _Sender:
    def __init__(self, thread: ThreadPoolExecutor) -> None:
        self._thread = thread
        self._coming: list[Future[None]] = []

    def take(self, send: Callable[[], None]) -> None:
        """Behind one that failed nothing is sent: its error is the one to be told."""
        before = self._coming[-1] if self._coming else None
        self._coming.append(self._thread.submit(_send_behind, before, send))

    def wait(self) -> None:
        coming, self._coming = self._coming, []
        for one in coming:
            one.result()


def _send_behind(before: Future[None] | None, send: Callable[[], None]) -> None:
    if before is not None:
        before.result()
    send()


def _wait_before(sender: _Sender, *_execution: object) -> None:
    sender.wait()


def _texts(column: Column[Any], values: Sequence[Any]) -> Sequence[str]:
    write = next(write for kind, write in _WRITERS if isinstance(column.type, kind))
    if None in values:
        known = iter(write([one for one in values if one is not None]))
        return [_MISSING if one is None else next(known) for one in values]
    return write(values)


def _escaped(texts: Sequence[str]) -> Sequence[str]:
    together = "".join(texts)
    if not any(sign in together for sign in _ESCAPED):
        return texts
    return [one.translate(_ESCAPING) for one in texts]


def _whole(values: Sequence[Any]) -> Sequence[str]:
    return [str(int(one)) for one in values]


@lru_cache(maxsize=256)  # what is written together happened at one moment
def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError(f"a naive datetime cannot be stored: {value.isoformat()}")
    return value.astimezone(UTC).isoformat()


_WRITERS: Final[tuple[tuple[type[Any], Callable[[Sequence[Any]], Sequence[str]]], ...]] = (
    (JSON, lambda values: _escaped(list(map(to_json, values)))),
    (Boolean, lambda values: ["t" if one else "f" for one in values]),
    (Integer, _whole),
    (UtcDateTime, lambda values: list(map(_moment, values))),
    (Date, lambda values: list(map(date.isoformat, values))),
    (Numeric, lambda values: list(map(str, values))),
    (String, _escaped),
)
