"""How one contact of an archived month travels alone: what lists show of it, and the rest. Pure.

A page of contacts is read out of few such texts, where a statement over the month's files would go
through all of them. Rows are lists in the order of their table's columns as they were then.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from callcenter.archive.shapes import Packed, Plain

FILE: Final = "contacts.pages"
LISTED: Final = ("interactions", "call_legs", "notes", "interaction_outcomes")
"""What lists show; `explanation` is long, and in the rest."""
LEFT_OUT: Final = frozenset({"call_journal"})
"""Long, leaves its files before the others, and is asked for alone: it is in these alone."""
_LONG: Final = "explanation"
Columns = Mapping[str, Sequence[str]]
"""Table → its columns."""
Row = list[Any]


def texts_of(packed: Packed, columns: Columns) -> tuple[bytes, bytes]:
    """What lists show of it, and the rest."""
    [contact] = packed.rows["interactions"]
    listed = {name: _told(packed, name, columns) for name in LISTED if packed.rows.get(name)}
    listed["interactions"] = [_row({**contact, _LONG: None}, columns["interactions"])]
    further = {
        name: _told(packed, name, columns)
        for name, rows in packed.rows.items()
        if rows and name not in LISTED and name not in LEFT_OUT
    }
    return _text(listed), _text({**further, _LONG: contact.get(_LONG)})


def rows_of(columns: Columns, listed: bytes, rest: bytes = b"") -> Iterator[tuple[str, Row]]:
    """The rows again, each with its table."""
    told: dict[str, Any] = json.loads(listed)
    if rest:
        further = json.loads(rest)
        place = columns["interactions"].index(_LONG)
        told["interactions"][0][place] = further.pop(_LONG, None)
        told |= further
    for name, rows in told.items():
        yield from ((name, row) for row in rows)


def _told(packed: Packed, table: str, columns: Columns) -> list[Row]:
    return [_row(row, columns[table]) for row in packed.rows[table]]


def _row(row: Plain, columns: Sequence[str]) -> Row:
    return [row.get(name) for name in columns]


def _text(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, separators=(",", ":")).encode()
