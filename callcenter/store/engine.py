"""Makes the SQLAlchemy engine for a database URL. Connects to nothing by itself.

SQLite: write-ahead log, a bounded wait for the lock, foreign keys, and transactions that begin
when SQLAlchemy says so (the driver's own rules would leave DDL outside of them). A writer takes
the lock at once (`BEGIN IMMEDIATE`), because a reader that turns writer half-way cannot wait;
writers of one process take turns (`writer_turns`).
PostgreSQL: psycopg with bounded waits everywhere, so that a stuck server costs seconds, not calls.
"""

from __future__ import annotations

import re
import sqlite3
import time
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from callcenter.store.text import to_json
from callcenter.store.writer_turns import InTurn, WriterTurns, turns_of

WRITES: Final = {"callcenter_writes": True}
"""Execution options of a connection that is going to write."""

BEGAN: Final = "callcenter_began"
"""The execution option that holds a connection's `Began`, where anybody wants to know."""

_WRITE = "BEGIN IMMEDIATE"
_BUSY_SECONDS = 5.0
_POOL_SIZE = 8
_POOL_OVERFLOW = 16
_POOL_WAIT_SECONDS = 5
_CONNECT_SECONDS = 5
_STATEMENT_MILLISECONDS = 15_000
_LOCK_MILLISECONDS = 5_000
_IDLE_TRANSACTION_MILLISECONDS = 60_000


class Began:
    """When the transaction began that a connection has; None while it has none. The first statement
    after one begins the next, so that nobody else can tell."""

    __slots__ = ("at",)

    def __init__(self) -> None:
        self.at: float | None = None


def create(url: str, *, busy_seconds: float = _BUSY_SECONDS) -> Engine:
    """The engine for `url` (`sqlite:///PATH`, `postgresql://USER:PASSWORD@HOST/NAME`).

    `busy_seconds` bounds how long a writer waits for another writer's lock.
    """
    address = driver_url(url)
    is_sqlite = address.get_backend_name() == "sqlite"
    engine = (_create_sqlite if is_sqlite else _create_postgresql)(address, busy_seconds)
    event.listen(engine, "begin", _note_begin)  # last: waiting for the lock is before it
    return engine


def _note_begin(connection: Connection) -> None:
    began = connection.get_execution_options().get(BEGAN)
    if began is not None:
        began.at = time.monotonic()


def driver_url(url: str) -> URL:
    """The URL with the driver that we install, whichever way people write PostgreSQL's name."""
    address = make_url(re.sub(r"^postgres(ql)?(\+psycopg)?://", "postgresql+psycopg://", url))
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise ValueError(f"only SQLite and PostgreSQL are supported, not {address.drivername}")
    return address


def _create_sqlite(address: URL, busy_seconds: float) -> Engine:
    in_memory = address.database in (None, "", ":memory:")
    pool: dict[str, Any] = (
        {"poolclass": StaticPool}
        if in_memory
        else {"pool_size": _POOL_SIZE, "max_overflow": _POOL_OVERFLOW * 4}
    )
    engine = create_engine(
        address,
        json_serializer=to_json,
        hide_parameters=True,  # people's names and numbers have no place in a log
        connect_args={
            "timeout": busy_seconds,
            "check_same_thread": False,
            "factory": InTurn,
        },
        **pool,
    )
    event.listen(engine, "connect", partial(_prepare_sqlite, busy_seconds))
    turns = WriterTurns() if in_memory else turns_of(str(Path(str(address.database)).resolve()))
    event.listen(engine, "begin", partial(_begin_sqlite, turns, busy_seconds))
    return engine


def _prepare_sqlite(
    busy_seconds: float, connection: DBAPIConnection, _entry: ConnectionPoolEntry
) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN
    cursor = connection.cursor()
    _keep_write_ahead_log(cursor, busy_seconds)
    for pragma in (
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "cache_size = -20000",
        "temp_store = MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _keep_write_ahead_log(cursor: DBAPICursor, busy_seconds: float) -> None:
    """Turning it on in a new file locks the file, and SQLite does not wait there: we do."""
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(turns: WriterTurns, busy_seconds: float, connection: Connection) -> None:
    if not connection.get_execution_options().get("callcenter_writes", False):
        connection.exec_driver_sql("BEGIN")
        return
    driver = cast("InTurn", connection.connection.dbapi_connection)
    if not driver.take(turns, busy_seconds):
        busy = sqlite3.OperationalError("database is locked")
        raise OperationalError(_WRITE, None, busy)
    connection.exec_driver_sql(_WRITE)


def _create_postgresql(address: URL, busy_seconds: float) -> Engine:
    lock_milliseconds = min(_LOCK_MILLISECONDS, int(busy_seconds * 1000))
    limits = {
        "statement_timeout": _STATEMENT_MILLISECONDS,
        "lock_timeout": lock_milliseconds,
        "idle_in_transaction_session_timeout": _IDLE_TRANSACTION_MILLISECONDS,
    }
    return create_engine(
        address,
        json_serializer=to_json,
        hide_parameters=True,  # people's names and numbers have no place in a log
        pool_size=_POOL_SIZE,
        max_overflow=_POOL_OVERFLOW,
        pool_timeout=_POOL_WAIT_SECONDS,
        pool_pre_ping=True,
        pool_recycle=1800,
        connect_args={
            "connect_timeout": _CONNECT_SECONDS,
            "application_name": "callcenter",
            "options": " ".join(f"-c {name}={value}" for name, value in limits.items())
            + " -c timezone=UTC",
        },
    )
