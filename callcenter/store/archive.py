"""The archive as a second database of the same tables: whoever reads asks it with the statements
that they ask the database with.

An engine knows its archive's files by an execution option; one that does not has no archive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar
from weakref import WeakSet

from sqlalchemy import Connection, Engine, Result, Row, Select, select
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData

from callcenter.archive.months import READABLE, Month
from callcenter.archive.shapes import Packed
from callcenter.errors import Conflict, Unavailable
from callcenter.ports.archive import ArchiveFiles, Part, UnreadableError
from callcenter.store import archive_left_out, archive_looks
from callcenter.store.archive_looks import Looks, MonthAndPart, Shelved
from callcenter.store.archive_stage import Stage
from callcenter.store.archive_statements import Statement
from callcenter.store.sets import among
from callcenter.store.tables import archive_months, call_channels, calls, interactions

OPTION: Final = "callcenter_archive"
_MOST_ROUNDS: Final = 5
_SAME_CALL: Final = timedelta(days=1)
_LONG_CALL: Final = timedelta(days=1)
"""So long may it have gone on before somebody joined it."""
_NOTHING_MOVED: Final[WeakSet[Connection]] = WeakSet()
"""Asked once: before anything moves its folder is there."""
_More = ParamSpec("_More")
_Found = TypeVar("_Found")


def attach(engine: Engine, files: ArchiveFiles) -> None:
    files.order_as(engine.dialect.name)
    engine.update_execution_options(**{OPTION: files})


def files_of(connection: Connection) -> ArchiveFiles | None:
    """None where nothing was ever moved. Where the files' own folder is missing (not mounted, taken
    away), the database tells whether months lie in it: then these are away."""
    found: ArchiveFiles | None = connection.get_execution_options().get(OPTION)
    if found is None or found.any():
        return found
    if connection in _NOTHING_MOVED:
        return None
    if archive_looks.any_shelved(connection):
        return found
    _NOTHING_MOVED.add(connection)
    return None


@dataclass(frozen=True, slots=True)
class _Dialect:
    name: str = "sqlite"  # as for `among`: plain lists


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """The archive's months, the newest first, each looked at when it is asked for. Reads as a
    Connection does: what cannot be read is left out and told of (`archive_left_out`). `strict`:
    UnreadableError for it, and Conflict where files that are asked for are away."""

    connection: Connection
    files: ArchiveFiles
    shelved: tuple[MonthAndPart, ...]
    looks: Looks
    strict: bool = False
    dialect: _Dialect = _Dialect()

    @property
    def months(self) -> tuple[MonthAndPart, ...]:
        """Those that can be read: looks at each of them."""
        return tuple(one for one in self.shelved if self.looks.readable(one[0]))

    def execute(self, query: Select[Any], months: Sequence[Part] | None = None) -> Result[Any]:
        """The rows of a statement over some of the months, or over all of them."""
        parts = self.all() if months is None else months
        asked = Statement(self.connection, query)
        rows = self._read(parts, asked)
        return IteratorResult(SimpleResultMetaData(asked.names), iter(rows))

    def _read(self, parts: Sequence[Part], asked: Statement) -> list[Any]:
        """Without the months that say nothing, or nothing that could be true."""
        try:
            return asked.rows(self.files.query(parts, asked.sql, asked.values))
        except (UnreadableError, ValueError, TypeError) as error:
            if self.strict:
                raise UnreadableError(str(error)) from error
            if len(parts) == 1:
                self._leave_out(parts[0])
                return []
        good = [one for one in parts if self._says(one, asked)]
        if len(good) == len(parts):
            raise Unavailable("", "the archive cannot be asked for so much at once")
        return self._read(good, asked) if good else []

    def _says(self, part: Part, asked: Statement) -> bool:
        self._read([part], asked)
        return self.sound(part)

    def sound(self, part: Part) -> bool:
        """Looks again."""
        return all(self.looks.sound(month) for month in self._of(part))

    def _leave_out(self, part: Part) -> None:
        for month in self._of(part):
            self.looks.harmed(month)
            archive_left_out.tell(month.month)

    def _of(self, part: Part) -> list[Shelved]:
        return [month for month, one in self.shelved if one.folder == part.folder]

    def packed(self, part: Part, interaction_ids: Sequence[int]) -> list[Packed]:
        """Those of these that are in one month, whole; none where it says nothing."""
        try:
            return self.files.get([part], interaction_ids)
        except UnreadableError:
            self._leave_out(part)
            return []

    def all(self) -> list[Part]:
        return self._asked(lambda _: True)

    def scalars(self, query: Select[Any]) -> Any:
        return self.execute(query).scalars()

    def scalar(self, query: Select[Any]) -> Any:
        return self.execute(query).scalar()

    def within(self, since: datetime | None, until: datetime | None) -> list[Part]:
        """The months that have something from `since` on and before `until`."""
        return self._asked(lambda month: month.overlaps(since, until))

    def of(self, interaction_ids: Iterable[int]) -> list[Part]:
        """The months that may hold these."""
        ids = list(interaction_ids)
        return self._asked(lambda month: month.may_hold(ids))

    def _asked(self, is_meant: Callable[[Shelved], bool]) -> list[Part]:
        """Looks at no other month."""
        meant = [one for one in self.shelved if is_meant(one[0])]
        away = [month.month for month, _ in meant if not self.looks.readable(month)]
        if away and self.strict:
            raise Conflict("archive", f"files of the archive are away: {', '.join(sorted(away))}")
        archive_left_out.tell(*away)
        return [part for month, part in meant if month.month not in away]

    def group(self, parts: Sequence[Part]) -> ArchiveView:
        """Of these months alone."""
        wanted = set(parts)
        return replace(self, shelved=tuple(one for one in self.shelved if one[1] in wanted))

    def paged(self, parts: Sequence[Part]) -> bool:
        """Whether contacts of these months are found one by one."""
        return all(self.files.paged(part) for part in parts)

    def staged(
        self, interaction_ids: Iterable[int], parts: Sequence[Part], *, whole: bool = False
    ) -> Stage | None:
        """These contacts by themselves; None where they are to be looked for in the files."""
        if not self.paged(parts):
            return None
        stage = Stage(self.connection, self.files, parts)
        try:
            stage.add(interaction_ids, whole=whole)
        except ValueError:
            return None
        return stage

    def ids_of_call(self, call_id: str, parts: Sequence[Part]) -> list[int] | None:
        """None where they are to be looked for in the files."""
        if not self.paged(parts):
            return None
        ways = (self.files.newest(part, "call", call_id, None) for part in parts)
        try:
            return [one for way in ways for _, one in way]
        except ValueError:
            return None


Source = ArchiveView | Stage
"""Both read as a Connection does."""


def view(connection: Connection, *, strict: bool = False) -> ArchiveView | None:
    """None where nothing is in the archive. Readers go without months whose files are away; who is
    about to change what is in the archive (`strict`) gets Conflict for those they ask for."""
    files = files_of(connection)
    found = archive_looks.shelved(connection) if files is not None else ()
    if files is None or not found:
        return None
    return ArchiveView(connection, files, found, Looks(files, strict=strict), strict)


def moving(connection: Connection) -> tuple[object, ...]:
    """What tells two moments apart between which rows went to the archive, or came from it: one
    by one as well, which a month's state and position do not tell."""
    if files_of(connection) is None:
        return ()
    row = archive_months.c
    query = select(row.month, row.state, row.folder, row.position, row.updated_at)
    query = query.where(row.state.in_(READABLE)).order_by(row.month)
    return tuple(tuple(one) for one in connection.execute(query))


def steady(connection: Connection, read: Callable[[], _Found]) -> _Found:
    """What `read` finds in the database and in the archive while nothing moves between them."""
    for _ in range(_MOST_ROUNDS):
        before = moving(connection)
        found = read()
        if moving(connection) == before:
            break
    return found


def steadily(
    read: Callable[Concatenate[Connection, _More], _Found],
) -> Callable[Concatenate[Connection, _More], _Found]:
    """`read` of the database and then of the archive, while nothing moves between them."""

    @wraps(read)
    def steady_read(connection: Connection, /, *more: _More.args, **named: _More.kwargs) -> _Found:
        return steady(connection, lambda: read(connection, *more, **named))

    return steady_read


def months(connection: Connection) -> list[Month]:
    """The oldest first."""
    query = select(archive_months).order_by(archive_months.c.month)
    return [month_of(row) for row in connection.execute(query)]


def month_of(row: Row[Any]) -> Month:
    values = dict(row._mapping)
    values.pop("updated_at")
    return Month(**values)


def where_calls_are(
    connection: Connection, pbx: str, moments: Mapping[str, datetime | None]
) -> list[int]:
    """Archived interactions of calls that had these channels, at about these times: a PBX that was
    made anew gives its names again."""
    found = view(connection, strict=True) if moments else None
    if found is None:
        return []
    table = call_channels.c
    query = (
        select(interactions.c.id, table.uniqueid, table.at)
        .join_from(interactions, call_channels, table.call_id == interactions.c.call_id)
        .where(table.pbx == pbx, table.uniqueid.in_(sorted(moments)))
    )
    ids = set()
    for row in found.execute(query, _about(found, moments.values())):
        around = moments[row.uniqueid]
        if around is None or abs(row.at - around) <= _SAME_CALL:
            ids.add(row.id)
    return sorted(ids)


def _about(found: ArchiveView, moments: Iterable[datetime | None]) -> list[Part]:
    """The months in which calls began that had channels at about these times: of no other one it
    matters whether its files are away."""
    parts: dict[Part, None] = {}
    for at in moments:
        parts |= dict.fromkeys(
            found.all()
            if at is None
            else found.within(at - _SAME_CALL - _LONG_CALL, at + _SAME_CALL)
        )
    return list(parts)


def id_of_call(connection: Connection, call_id: str) -> int | None:
    found = view(connection)
    if found is None:
        return None
    parts = found.all()
    if (ids := found.ids_of_call(call_id, parts)) is not None:
        return next(iter(ids), None)
    return found.scalar(select(interactions.c.id).where(interactions.c.call_id == call_id))  # type: ignore[no-any-return]


def source_of(connection: Connection, interaction_ids: Sequence[int]) -> Source | None:
    """The archive, as far as it may hold these."""
    found = view(connection) if interaction_ids else None
    parts = found.of(interaction_ids) if found is not None else []
    if found is None or not parts:
        return None
    return found.staged(interaction_ids, parts, whole=True) or found.group(parts)


def source_of_contact(connection: Connection, interaction_id: int) -> Any:
    """Where a contact is read: the database, or the archive that may have it."""
    if files_of(connection) is None or live_ids(connection, [interaction_id]):
        return connection
    return source_of(connection, [interaction_id]) or connection


def source_of_call(connection: Connection, call_id: str) -> Any:
    """Where a call is read, all but its journal: the database, or the archive that has it."""
    if _is_live(connection, call_id):
        return connection
    found = view(connection)
    if found is None:
        return connection
    parts = found.all()
    ids = found.ids_of_call(call_id, parts)
    return found if ids is None else found.staged(ids, parts, whole=True) or found


def source_of_journal(connection: Connection, call_id: str) -> Any:
    """Where a call's journal is read."""
    return connection if _is_live(connection, call_id) else view(connection) or connection


def _is_live(connection: Connection, call_id: str) -> bool:
    if files_of(connection) is None:
        return True
    return connection.scalar(select(calls.c.id).where(calls.c.id == call_id)) is not None


def live_ids(connection: Connection, ids: Sequence[int]) -> set[int]:
    query = select(interactions.c.id).where(among(connection, interactions.c.id, ids))
    return set(connection.scalars(query))
