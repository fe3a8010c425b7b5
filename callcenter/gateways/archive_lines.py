"""Rows on their way into the archive's files: JSON lines on the disk, brought into the order of
their owners, and into pieces of bounded size, without being held in memory.

DuckDB would sort them, too, but holds many whole rows while it does: a month of long ones (journals
of some kilobytes each) takes more memory than it is given, however much of that is spilled. And it
takes up to 2048 rows at a time from a file, whatever they weigh; from a small file, no more than
there are in it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from callcenter.archive.shapes import Owner, Packed, Plain, Shape, owned

_ORDER: Final = "order.scratch"
_DDL: Final = (
    "CREATE TABLE line (name TEXT, customer INT, started INT, id INT, place INT, size INT, "
    "PRIMARY KEY (name, customer, started, id)) WITHOUT ROWID"
)
_SORTED: Final = "SELECT place, size FROM line WHERE name = ? ORDER BY name, customer, started, id"
_NOBODY: Final = -1
"""Before every customer: what is of none comes first."""
_LINE: Final = 1 << 20
_PIECE: Final = 8 << 20
"""Bytes, or one owner's lines where these are more."""


class Lines:
    """Of all tables of a month; each contact is added once. `longest`: bytes of a line, at least
    so many that DuckDB makes room for anyway."""

    def __init__(self, folder: Path, shapes: Mapping[str, Shape]) -> None:
        self._folder, self._shapes = folder, shapes
        self.longest = _LINE
        self._ends: dict[str, int] = {}
        self._order = sqlite3.connect(
            folder / _ORDER, isolation_level=None, check_same_thread=False
        )
        for told in ("journal_mode = OFF", "synchronous = OFF", "temp_store = MEMORY"):
            self._order.execute(f"PRAGMA {told}")
        self._order.execute(_DDL)

    def add(self, packed: Sequence[Packed]) -> None:
        told: dict[str, list[tuple[Owner, bytes]]] = {}
        for one in packed:
            owner = owned(one)
            for name, rows in one.rows.items():
                if rows:
                    told.setdefault(name, []).append((one.owner, self._lines(name, rows, owner)))
        self._order.execute("BEGIN")
        for name, owners in told.items():
            with self._as_they_came(name).open("ab") as file:
                for whose, text in owners:
                    file.write(text)
                    self._note(name, whose, len(text))
        self._order.execute("COMMIT")

    def _lines(self, name: str, rows: Sequence[Plain], owner: Plain) -> bytes:
        key = self._shapes[name].key
        inside = sorted(rows, key=lambda row: [row[one] for one in key])
        lines = [f"{json.dumps({**row, **owner}, allow_nan=False)}\n" for row in inside]
        self.longest = max(self.longest, *(len(line) + 1 for line in lines))
        return "".join(lines).encode("ascii")

    def _note(self, name: str, owner: Owner, size: int) -> None:
        place = self._ends.get(name, 0)
        customer = _NOBODY if owner.customer_id is None else owner.customer_id
        key = (name, customer, owner.started_at, owner.interaction_id)
        self._order.execute("INSERT INTO line VALUES (?, ?, ?, ?, ?, ?)", (*key, place, size))
        self._ends[name] = place + size

    def in_order(self, name: str) -> list[Path]:
        """The pieces of a table by customer, time and contact: one without lines where it has
        none."""
        pieces, written = [self._piece(name, 0)], 0
        came = self._as_they_came(name)
        came.touch()
        with came.open("rb") as read, ExitStack() as stack:
            file = stack.enter_context(pieces[0].open("wb"))
            for place, size in self._order.execute(_SORTED, (name,)):
                if written and written + size > _PIECE:
                    stack.close()
                    pieces.append(self._piece(name, len(pieces)))
                    file, written = stack.enter_context(pieces[-1].open("wb")), 0
                read.seek(place)
                file.write(read.read(size))
                written += size
        came.unlink()
        return pieces

    def _piece(self, name: str, number: int) -> Path:
        return self._folder / f"{name}.{number:06}.jsonl"

    def close(self) -> None:
        self._order.close()
        (self._folder / _ORDER).unlink(missing_ok=True)

    def _as_they_came(self, name: str) -> Path:
        return self._folder / f"{name}.lines"
