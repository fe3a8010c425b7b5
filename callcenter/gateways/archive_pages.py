"""A month's contacts one by one, in one SQLite file beside its Parquet files: found by id,
customer, number, call or time without going through the month. Made from what those hold; without
it, or where it is harmed, they are read instead. Nothing in it changes once it is there.

Texts are packed, each alone, with the words that contacts have in common at hand.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from callcenter.archive.pages import Columns, Row, rows_of, texts_of
from callcenter.archive.shapes import Packed
from callcenter.ports.archive import Index

_VERSION: Final = 1
_WORDS: Final = 32_000
_TABLES: Final = """
PRAGMA page_size = 8192;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE about (version INTEGER NOT NULL, columns TEXT NOT NULL, words BLOB NOT NULL);
CREATE TABLE contacts (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, customer INTEGER, number TEXT, call TEXT,
    listed BLOB NOT NULL, rest BLOB NOT NULL
);
"""
_INDEXED: Final = """
CREATE INDEX by_time ON contacts (at, id);
CREATE INDEX by_customer ON contacts (customer, at, id) WHERE customer IS NOT NULL;
CREATE INDEX by_number ON contacts (number, at, id) WHERE number IS NOT NULL;
CREATE INDEX by_call ON contacts (call, at, id) WHERE call IS NOT NULL;
"""
_NEWEST: Final[dict[Index, str]] = {
    "time": "TRUE",
    "customer": "customer = :key",
    "number": "number = :key",
    "call": "call = :key",
}


class PagesWriter:
    """Rows in any order, lot by lot; nothing is there before `finish`."""

    def __init__(self, path: Path, columns: Columns) -> None:
        self._path, self._columns, self._words = path, columns, b""
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.executescript(_TABLES)
        self._database.execute("BEGIN")

    def add(self, packed: Sequence[Packed]) -> None:
        told = [texts_of(one, self._columns) for one in packed]
        if not self._words and told:
            self._words = _in_common(told)
        self._database.executemany(
            "INSERT INTO contacts VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (*_keys(one), *(_packed(text, self._words) for text in texts))
                for one, texts in zip(packed, told, strict=True)
            ),
        )

    def finish(self) -> int:
        """The size in bytes."""
        about = (_VERSION, json.dumps(self._columns), self._words)
        self._database.execute("INSERT INTO about VALUES (?, ?, ?)", about)
        self._database.execute("COMMIT")
        self._database.executescript(_INDEXED)
        self._database.close()
        return self._path.stat().st_size

    def drop(self) -> None:
        self._database.close()
        self._path.unlink(missing_ok=True)


class Pages:
    """Read by any thread. Raises OSError or ValueError where there is no such file, or it is none
    of ours."""

    def __init__(self, path: Path) -> None:
        with path.open("rb"):
            pass  # SQLite does not tell a missing file from others
        place = f"file:{quote(str(path))}?mode=ro&immutable=1"
        self._database = sqlite3.connect(place, uri=True, check_same_thread=False)
        with _in_words():
            self._database.execute("PRAGMA trusted_schema = OFF")
            found = self._database.execute("SELECT version, columns, words FROM about").fetchall()
        if len(found) != 1 or found[0][0] != _VERSION:
            raise ValueError(f"{path.name} is none of ours")
        self.columns: Columns = json.loads(found[0][1])
        self._words: bytes = found[0][2]

    def rows(self, interaction_id: int, *, whole: bool) -> list[tuple[str, Row]]:
        """The rows of one contact with their tables; none where it is not here. Raises ValueError
        where it is harmed."""
        wanted = "listed, rest" if whole else "listed"
        query = f"SELECT {wanted} FROM contacts WHERE id = ?"  # noqa: S608 (our own words)
        with _in_words():
            found = self._database.execute(query, (interaction_id,)).fetchone()
            texts = [_unpacked(one, self._words) for one in found or ()]
        return list(rows_of(self.columns, *texts)) if texts else []

    def newest(
        self, index: Index, key: int | str | None, before: tuple[int, int] | None
    ) -> Iterator[tuple[int, int]]:
        """(microseconds since 1970, id) of what has this key, those before a place."""
        earlier = " AND (at, id) < (:at, :id)" if before is not None else ""
        query = (
            f"SELECT at, id FROM contacts WHERE {_NEWEST[index]}{earlier}"  # noqa: S608 (our own)
            " ORDER BY at DESC, id DESC"
        )
        at, last = before if before is not None else (0, 0)
        with _in_words():
            yield from self._database.execute(query, {"key": key, "at": at, "id": last})


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (sqlite3.DatabaseError, zlib.error) as error:
        raise ValueError(f"the file of contacts cannot be read: {error}") from error


def _keys(packed: Packed) -> tuple[Any, ...]:
    owner, [row] = packed.owner, packed.rows["interactions"]
    keys = (row.get("number") or None, row.get("call_id") or None)
    return owner.interaction_id, owner.started_at, owner.customer_id, *keys


def _in_common(told: Sequence[tuple[bytes, bytes]]) -> bytes:
    """What contacts look like: zlib looks the words of each up there."""
    rest = b"".join(one for _, one in told)[: _WORDS // 2]
    return rest + b"".join(one for one, _ in told)[: _WORDS // 2]


def _packed(text: bytes, words: bytes) -> bytes:
    writer = zlib.compressobj(zdict=words)
    return writer.compress(text) + writer.flush()


def _unpacked(packed: bytes, words: bytes) -> bytes:
    reader = zlib.decompressobj(zdict=words)
    return reader.decompress(packed) + reader.flush()
