"""Brings a database's schema up to the code's, all of it or nothing, and tells how they compare.

All steps run in one transaction, on SQLite too: a step that fails leaves schema and data as they
were. Two processes that upgrade at once take turns.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from callcenter.errors import Conflict
from callcenter.store import engine as store_engine

State = Literal["current", "older", "newer"]

_MIGRATIONS = Path(__file__).parent / "migrations"
_TURN_SECONDS = 60.0
_TURN = 4_573_001  # names our advisory lock among those of other programs


def upgrade(
    url: str, *, migrations: Path = _MIGRATIONS, tell: Callable[[str], None] = lambda _line: None
) -> None:
    """Run the steps that are missing. Raises what the failing step raised; nothing then changed.

    `tell` hears of each step of a database that was in use: a large one takes minutes.
    """
    engine = store_engine.create(url, busy_seconds=_TURN_SECONDS)
    try:
        with _alone(engine) as connection:
            config = _config(migrations, connection)
            config.attributes["on_step"] = _telling(connection, tell)
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def _telling(connection: Connection, tell: Callable[[str], None]) -> Callable[..., None] | None:
    before = MigrationContext.configure(connection).get_current_revision()
    if before is None:
        return None
    began = time.monotonic()

    def told(*, step: Any, **_others: object) -> None:
        nonlocal began
        now = time.monotonic()
        tell(f"{step.up_revision_id} {step.up_revision.doc} {now - began:.1f} s")
        began = now

    if before != head():
        tell(f"The database is at {before}, this version at {head()}; it is changed all at once:")
    return told


def current(url: str) -> str | None:
    """The revision the database is at; None for an empty one."""
    engine = store_engine.create(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def head(*, migrations: Path = _MIGRATIONS) -> str:
    """The revision that this code is written for."""
    revision = ScriptDirectory.from_config(_config(migrations)).get_current_head()
    if revision is None:
        raise RuntimeError(f"no migrations in {migrations}")
    return revision


def state(url: str) -> State:
    revision = current(url)
    if revision == head():
        return "current"
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    return "older" if revision is None or revision in known else "newer"


def check(url: str) -> tuple[bool, str]:
    """(fit to run on, words for people)."""
    words: dict[State, str] = {
        "current": "The database is up to date.",
        "older": "The database is older than this version of the product (or empty): "
        "run `callcenter db upgrade`.",
        "newer": "The database was upgraded by a newer version of the product: install that "
        "version, or restore a backup taken before the upgrade.",
    }
    found = state(url)
    return found == "current", words[found]


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A connection in one transaction, while no other upgrade runs."""
    with engine.connect().execution_options(**store_engine.WRITES) as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            _foreign_keys_off(connection)
        with connection.begin():
            if not sqlite:
                for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
                    connection.execute(text(f"SET LOCAL {limit} = 0"))
                # Whoever kills an upgrade begins anew at once, not behind the dead one's statement.
                connection.execute(text("SET LOCAL client_connection_check_interval = '2s'"))
                connection.execute(text(f"SET LOCAL lock_timeout = '{_TURN_SECONDS:.0f}s'"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_TURN})"))
            yield connection
            if sqlite:
                _check_references(connection)
        connection.invalidate()


def _foreign_keys_off(connection: Connection) -> None:
    """A step that rebuilds a table drops it for a moment; this must be said before BEGIN."""
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys = OFF")
    cursor.close()


def _check_references(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    if broken is not None:
        raise Conflict("", f"the upgrade would leave a row of {broken[0]} without what it names")


def _config(migrations: Path = _MIGRATIONS, connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
