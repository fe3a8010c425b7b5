"""The archive's files: Parquet, written and read by a DuckDB of our own that lives in memory, has
bounds on memory and threads, loads no extension, knows no network, opens nothing but this folder.

A month is a folder. It is made under another name and gets its own once it is whole; nothing in it
changes after that. Names of tables, columns and files in statements are our own; values are bound.
"""

# ruff: noqa: S608

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import structlog

from callcenter.archive.months import NO_MEMORY
from callcenter.archive.pages import FILE as PAGES
from callcenter.archive.pages import LEFT_OUT, Row
from callcenter.archive.shapes import OWNER_COLUMNS, Kind, Owner, Packed, Shape
from callcenter.errors import Unavailable
from callcenter.gateways import archive_spilled as spilled
from callcenter.gateways.archive_duckdb import lacks_room, opened, quoted
from callcenter.gateways.archive_lines import Lines
from callcenter.gateways.archive_pages import PagesWriter
from callcenter.gateways.archive_shelf import Shelf
from callcenter.gateways.archive_state import FilesState, sha256_of
from callcenter.ports.archive import Kept, Part, UnreadableError

if TYPE_CHECKING:
    import duckdb

log = structlog.get_logger(__name__)

_TYPES: Final[Mapping[Kind, str]] = {
    "whole": "BIGINT",
    "real": "DOUBLE",
    "flag": "BOOLEAN",
    "text": "VARCHAR",
    "instant": "TIMESTAMP",
    "json": "VARCHAR",
    "bytes": "BLOB",
}
_TOLD: Final[Mapping[Kind, str]] = {"instant": "BIGINT", "bytes": "VARCHAR"}
_IN: Final[Mapping[Kind, str]] = {"instant": "make_timestamp({})", "bytes": "from_base64({})"}
_OUT: Final[Mapping[Kind, str]] = {"instant": "epoch_us({})", "bytes": "base64({})"}
_ROW_GROUP: Final = 8192
_GROUP_BYTES: Final = "16MB"
"""A row group is held in memory until it is written: long rows make short groups."""
_NULLS: Final = {
    "sqlite": "nulls_first_on_asc_last_on_desc",
    "postgresql": "nulls_last_on_asc_first_on_desc",
}
"""Where what nobody knows stands in an order, as in the database beside us."""
_NEW: Final = "new-"
_FOLDER: Final = re.compile(r"\d{4}-\d{2}(\.[0-9a-f]{8})?")


class ParquetArchive:
    """`memory` and `threads` bound every statement of this process; what is written has as much
    memory of its own meanwhile, and one thread."""

    def __init__(
        self, folder: Path, shapes: Sequence[Shape], *, memory: str = "256MB", threads: int = 2
    ) -> None:
        self._folder, self._shapes = folder.absolute(), {one.table: one for one in shapes}
        self._memory, self._threads = memory, threads
        self._lock = threading.Lock()
        self._database: duckdb.DuckDBPyConnection | None = None
        self._nulls = _NULLS["postgresql"]
        self._known: dict[tuple[str, str], set[str]] = {}
        self.shelf = Shelf(self.path)
        self.paged, self.newest = self.shelf.paged, self.shelf.newest
        state = FilesState(self.path)
        self.sound, self.harmed, self.intact = state.sound, state.harmed, state.intact

    def order_as(self, dialect: str) -> None:
        self._nulls = _NULLS[dialect]

    def any(self) -> bool:
        return self._folder.is_dir()

    def write(self, month: str) -> _Writer:
        self._folder.mkdir(parents=True, exist_ok=True)
        return _Writer(self, self._folder, month, self._shapes)

    def walk(
        self, folder: str, after: int = 0, lot: int = 500, *, lenient: bool = False
    ) -> Iterator[list[tuple[Packed, str]]]:
        while True:
            ids = self._ids(folder, after, lot, lenient=lenient)
            if not ids:
                return
            yield self._packed([Part(folder)], ids, lenient=lenient)
            after = ids[-1]

    def get(self, parts: Sequence[Part], interaction_ids: Sequence[int]) -> list[Packed]:
        if not parts or not interaction_ids:
            return []
        return [packed for packed, _ in self._packed(parts, interaction_ids)]

    def query(self, parts: Sequence[Part], sql: str, values: Sequence[Any]) -> list[Any]:
        if not parts:
            return []
        tables = [one for one in self._shapes if re.search(rf"\b{one}\b", sql)]
        views = ", ".join(
            f"{one} AS NOT MATERIALIZED ({self._source(one, parts)})" for one in tables
        )
        return self.run(f"WITH {views} {sql}", values)

    def contacts(
        self, part: Part, interaction_ids: Iterable[int], *, whole: bool = False
    ) -> Iterator[tuple[str, Sequence[str], Row]]:
        return self.shelf.contacts(part, interaction_ids, whole=whole)

    def make_pages(self, folder: str, stopping: Callable[[], bool]) -> int | None:
        made = self.path(folder) / f"{_NEW}{secrets.token_hex(4)}"
        writer = self.pages_writer(made)
        try:
            for lot in self.walk(folder):
                if stopping():
                    writer.drop()
                    return None
                writer.add([packed for packed, _ in lot])
            size = writer.finish()
        except BaseException:
            writer.drop()
            raise
        made.replace(self.path(folder) / PAGES)
        self.shelf.forget(folder)
        return size

    def pages_writer(self, path: Path) -> PagesWriter:
        columns = {
            name: [column for column, _ in shape.columns]
            for name, shape in self._shapes.items()
            if name not in LEFT_OUT
        }
        return PagesWriter(path, columns)

    def there(self, folder: str) -> bool:
        return bool(folder) and self._file(Part(folder), "interactions").is_file()

    def clear_spilled(self) -> None:
        spilled.clear(self._folder / spilled.FOLDER)

    def checked(self, folder: str) -> str:
        path = self.path(folder)
        return _digest_of(path) if path.is_dir() else ""

    def remove(self, folder: str) -> None:
        self.shelf.forget(folder)
        shutil.rmtree(self.path(folder), ignore_errors=True)

    def folders(self) -> list[str]:
        """Those that are whole, and what a process that died has left of others; nothing that is
        none of ours, such as what a file system of its own brings along."""
        return sorted(
            one.name
            for one in self._folder.glob("[!.]*")
            if (_FOLDER.fullmatch(one.name) or one.name.startswith(_NEW))
            and one.is_dir()
            and not one.is_symlink()
        )

    def run(
        self,
        sql: str,
        values: Sequence[Any] = (),
        database: duckdb.DuckDBPyConnection | None = None,
    ) -> list[Any]:
        cursor = (database or self._opened()).cursor()
        import duckdb  # noqa: PLC0415 (as below)

        try:
            return cursor.execute(sql, list(values)).fetchall()
        except (duckdb.OutOfMemoryException, duckdb.InterruptException) as error:
            raise Unavailable("", NO_MEMORY) from error
        except (duckdb.FatalException, duckdb.InternalException) as error:
            self._start_again()  # it answers nothing any more after such an error
            raise UnreadableError(_told_of(error)) from error
        except (duckdb.Error, UnicodeDecodeError) as error:
            if lacks_room(error):
                raise Unavailable("", NO_MEMORY) from error
            raise UnreadableError(_told_of(error)) from error
        finally:
            cursor.close()

    def opened_to_write(self) -> duckdb.DuckDBPyConnection:
        return opened(self._folder, self._memory, 1, self._nulls, writes=True)

    def close(self) -> None:
        self.shelf.close()
        self._start_again()
        spilled.drop_mine(self._folder / spilled.FOLDER)

    # -- inside ----------------------------------------------------------------------------------

    def _start_again(self) -> None:
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    def _opened(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            if self._database is None:
                bounds = (self._memory, self._threads)
                self._database = opened(self._folder, *bounds, self._nulls)
            return self._database

    def path(self, folder: str) -> Path:
        """Where a month's files lie."""
        if not (_FOLDER.fullmatch(folder) or folder.startswith(_NEW)) or "/" in folder:
            raise ValueError(f"no folder of the archive: {folder!r}")
        return self._folder / folder

    def _ids(self, folder: str, after: int, lot: int, *, lenient: bool) -> list[int]:
        sql = (
            "SELECT of_interaction FROM interactions WHERE of_interaction > $1 "
            "ORDER BY of_interaction LIMIT $2"
        )
        read = self._leniently if lenient else self.query
        return [row[0] for row in read([Part(folder)], sql, [after, lot])]

    def _leniently(self, parts: Sequence[Part], sql: str, values: Sequence[Any]) -> list[Any]:
        try:
            return self.query(parts, sql, values)
        except UnreadableError as error:
            log.warning("archive.left_out", error=str(error))
            return []

    def _packed(
        self, parts: Sequence[Part], ids: Sequence[int], *, lenient: bool = False
    ) -> list[tuple[Packed, str]]:
        read = self._leniently if lenient else self.query
        owners: dict[int, tuple[Owner, str]] = {}
        rows: dict[int, dict[str, list[dict[str, Any]]]] = {}
        for name, shape in self._shapes.items():
            columns = ", ".join(_told(column, of, _OUT) for column, of in shape.columns)
            sql = (
                f"SELECT of_interaction, of_customer, epoch_us(of_started), of_digest, {columns} "
                f"FROM {name} WHERE of_interaction IN (SELECT unnest($1::BIGINT[]))"
            )
            for row in read(parts, sql, [list(ids)]):
                told = dict(zip((one for one, _ in shape.columns), row[4:], strict=True))
                owners[row[0]] = (Owner(row[0], row[1], row[2]), row[3])
                rows.setdefault(row[0], {}).setdefault(name, []).append(told)
        return [
            (Packed(owners[one][0], rows[one]), owners[one][1])
            for one in ids
            if "interactions" in rows.get(one, ())
        ]

    def _source(self, table: str, parts: Sequence[Part]) -> str:
        shape = self._shapes[table]
        parts = [part for part in parts if self._file(part, table).is_file()]
        columns = (*shape.columns, *OWNER_COLUMNS)
        usual = {name for name, _ in columns}
        whole = [part for part in parts if _all(part) and usual <= self._names(part, table)]
        others = [part for part in parts if part not in whole]
        sources = []
        if whole:
            sources.append(f"SELECT * FROM {_read([self._file(one, table) for one in whole])}")
        if others or not whole:  # an empty table first: it has columns that came after these files
            nothing = ", ".join(f'NULL::{_TYPES[of]} AS "{name}"' for name, of in columns)
            sources.insert(0, f"SELECT {nothing} WHERE false")
        sources += [
            f"SELECT * FROM {_read([self._file(part, table)])} WHERE {_counts(part)}"
            for part in others
        ]
        return " UNION ALL BY NAME ".join(sources)

    def _names(self, part: Part, table: str) -> set[str]:
        """Which columns a file has. It never changes."""
        key = (part.folder, table)
        if key not in self._known:
            path = str(self._file(part, table))
            rows = self.run("SELECT name FROM parquet_schema($1)", [path])
            self._known[key] = {row[0] for row in rows}
        return self._known[key]

    def _file(self, part: Part, table: str) -> Path:
        return self.path(part.folder) / f"{table}.parquet"


class _Writer:
    """Rows go into JSON lines first, lot by lot, which are brought into their order on the disk."""

    def __init__(
        self, archive: ParquetArchive, folder: Path, month: str, shapes: Mapping[str, Shape]
    ) -> None:
        self._archive, self._folder, self._month, self._shapes = archive, folder, month, shapes
        self._ids: list[int] = []
        self._new = folder / f"{_NEW}{month}-{secrets.token_hex(4)}"
        self._new.mkdir()
        self._pages = archive.pages_writer(self._new / PAGES)
        self._lines = Lines(self._new, shapes)

    def add(self, packed: Sequence[Packed]) -> None:
        self._pages.add(packed)
        self._lines.add(packed)
        self._ids += [one.owner.interaction_id for one in packed]

    def finish(self) -> Kept:
        database = self._archive.opened_to_write()
        try:
            files = {name: self._made(shape, database) for name, shape in self._shapes.items()}
        finally:
            database.close()
        self._lines.close()
        files[PAGES] = {"bytes": self._pages.finish()}
        digest = _digest_of(self._new)
        folder = f"{self._month}.{digest[:8]}"
        target = self._folder / folder
        if target.exists():  # made before by a process that died: the same bytes
            (self._new / PAGES).replace(target / PAGES)
            self.drop()
        else:
            self._new.rename(target)
        return Kept(
            folder=folder,
            sha256=digest,
            bytes=sum(int(str(one["bytes"])) for one in files.values()),
            interactions=len(self._ids),
            first_id=min(self._ids, default=0),
            last_id=max(self._ids, default=0),
            files=files,
        )

    def drop(self) -> None:
        self._pages.drop()
        self._lines.close()
        shutil.rmtree(self._new, ignore_errors=True)

    def _made(self, shape: Shape, database: duckdb.DuckDBPyConnection) -> dict[str, object]:
        pieces, made = self._lines.in_order(shape.table), self._new / f"{shape.table}.parquet"
        columns = (*shape.columns, *OWNER_COLUMNS)
        wanted = ", ".join(_told(name, of, _IN) for name, of in columns)
        types = ", ".join(f"\"{name}\": '{_TOLD.get(of, _TYPES[of])}'" for name, of in columns)
        self._archive.run(
            f"COPY (SELECT {wanted} FROM read_json([{', '.join(map(quoted, pieces))}], "
            f"format='newline_delimited', columns={{{types}}}, "
            f"maximum_object_size={self._lines.longest})) TO {quoted(made)} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP}, "
            f"ROW_GROUP_SIZE_BYTES '{_GROUP_BYTES}')",
            (),
            database,
        )
        for piece in pieces:
            piece.unlink()
        [(rows,)] = self._archive.run(f"SELECT count(*) FROM {_read([made])}")
        return {"rows": rows, "bytes": made.stat().st_size, "sha256": sha256_of(made)}


def _told_of(error: Exception) -> str:
    return " ".join(str(error).split())[:250]


def _told(name: str, of: Kind, how: Mapping[Kind, str]) -> str:
    return f'{how.get(of, "{}").format(chr(34) + name + chr(34))} AS "{name}"'


def _all(part: Part) -> bool:
    return part.above == 0 and part.upto is None and not part.struck


def _counts(part: Part) -> str:
    """Whole numbers of our own alone."""
    asked = [f"of_interaction > {int(part.above)}"]
    if part.upto is not None:
        asked.append(f"of_interaction <= {int(part.upto)}")
    if part.struck:
        asked.append(f"of_interaction NOT IN ({', '.join(str(int(one)) for one in part.struck)})")
    return " AND ".join(asked)


def _read(paths: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(map(quoted, paths))}])"


def _digest_of(folder: Path) -> str:
    told = "".join(f"{path.name} {sha256_of(path)}\n" for path in sorted(folder.glob("*.parquet")))
    return hashlib.sha256(told.encode()).hexdigest()
