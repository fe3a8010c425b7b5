"""Months of the archive as readers meet them: which of their interactions count, and whether their
files can be read. A month is looked at when somebody asks for it, and once in a view.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, String, cast, select

from callcenter.archive.months import HARMED, READABLE, Month, State, bounds
from callcenter.ports.archive import ArchiveFiles, Part
from callcenter.store.tables import archive_months, archive_returned


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A month that lies in files. `noted`: what was told of them when they were made, as JSON that
    is read when the month is looked at: of most months nobody asks."""

    month: str
    folder: str
    first_id: int
    last_id: int
    harmed: bool
    noted: str

    def bounds(self) -> tuple[datetime, datetime]:
        return bounds(self.month)

    def overlaps(self, since: datetime | None, until: datetime | None) -> bool:
        """Whether it has something from `since` on and before `until`."""
        begin, end = self.bounds()
        return (since is None or end > since) and (until is None or begin < until)

    def may_hold(self, interaction_ids: Iterable[int]) -> bool:
        return any(self.first_id <= one <= self.last_id for one in interaction_ids)

    def files(self) -> Mapping[str, Mapping[str, object]]:
        found: Mapping[str, Mapping[str, object]] = json.loads(self.noted)
        return found


MonthAndPart = tuple[Shelved, Part]

_ROW: Final = archive_months.c
_SHELVED: Final = (
    select(_ROW.month, _ROW.state, _ROW.folder, _ROW.first_id, _ROW.last_id)
    .add_columns(_ROW.position, _ROW.stale, _ROW.problem, cast(_ROW.files, String).label("noted"))
    .where(_ROW.state.in_(READABLE), _ROW.folder != "")
    .order_by(_ROW.month.desc())
)


def shelved(connection: Connection) -> tuple[MonthAndPart, ...]:
    """The newest first."""
    rows = connection.execute(_SHELVED).all()
    struck = _struck(connection) if any(row.stale for row in rows) else {}
    return tuple(
        (
            Shelved(
                month=row.month,
                folder=row.folder,
                first_id=row.first_id,
                last_id=row.last_id,
                harmed=row.problem == HARMED,
                noted=row.noted,
            ),
            _part(row.state, row.folder, row.position, struck.get(row.month, ())),
        )
        for row in rows
    )


def any_shelved(connection: Connection) -> bool:
    return connection.scalar(_SHELVED.with_only_columns(_ROW.month).limit(1)) is not None


def part_of(month: Month, struck: Sequence[int] = ()) -> Part:
    return _part(month.state, month.folder, month.position, struck)


def _part(state: State, folder: str, position: int, struck: Sequence[int]) -> Part:
    if state == "deleting":
        return Part(folder, upto=position, struck=tuple(struck))
    above = position if state == "restoring" else 0
    return Part(folder, above=above, struck=tuple(struck))


def _struck(connection: Connection) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in connection.execute(select(archive_returned)):
        found.setdefault(row.month, []).append(row.interaction_id)
    return found


class Looks:
    """What one view knows of its months' files. `strict`: who is about to change what is in the
    archive takes files that somebody harmed as well, as long as they say anything: nobody is
    refused an erasure for them."""

    def __init__(self, files: ArchiveFiles, *, strict: bool) -> None:
        self._files, self._strict = files, strict
        self._known: dict[str, bool] = {}

    def readable(self, month: Shelved) -> bool:
        if month.folder not in self._known:
            self._known[month.folder] = (
                self._files.there(month.folder)
                if self._strict
                else not month.harmed and self.sound(month)
            )
        return self._known[month.folder]

    def sound(self, month: Shelved) -> bool:
        """As the files are now."""
        return self._files.sound(month.folder, month.files())

    def harmed(self, month: Shelved) -> None:
        """Somebody read it, and found that it says nothing."""
        self._files.harmed(month.folder, month.files())
        self._known[month.folder] = False
