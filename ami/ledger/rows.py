"""From a record to a row of the ledger, or to the reason why it is none. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ami.cel import parse_time
from ami.ledger.records import Place, Record, beginnings
from callcenter.calls.ledger import SetAsideReason
from callcenter.pbx.ledger_columns import CEL_COLUMNS

AHEAD = timedelta(hours=1)
"""How far a PBX's clock may be ahead of ours."""
LONGEST_KEPT = 4_000
"""Letters of a line that is set aside."""

_LINE_ENDS = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_UNIQUEID = re.compile(r"(?:(.+)-)?(\d{1,11})\.(\d+)")


@dataclass(frozen=True, slots=True)
class Row:
    """One event of the ledger. `line` is the record on one line: line ends in fields are spaces."""

    place: Place
    line: str
    at: datetime
    uniqueid: str
    event: str
    cells: dict[str, str] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Refused:
    place: Place
    reason: SetAsideReason
    line: str


@dataclass(frozen=True, slots=True)
class Origin:
    """What a Uniqueid tells: the system's name ('' for none), the second, the counter."""

    system: str
    epoch: int
    counter: int


def origin_of(uniqueid: str) -> Origin | None:
    """None for an id that somebody else chose (an Originate with its own ChannelId)."""
    match = _UNIQUEID.fullmatch(uniqueid)
    if match is None:
        return None
    return Origin(match.group(1) or "", int(match.group(2)), int(match.group(3)))


def read_record(record: Record, now: datetime) -> Iterator[Row | Refused]:
    """Usually one row. Two where a record stands behind a torn one; none for a row of titles."""
    if record.fault:
        yield _refused(record, record.fault)
        return
    cells = _cells(record.data)
    if cells is None or len(cells) != len(CEL_COLUMNS):
        yield from _mended(record, cells, now)
    elif cells[0].lower() != CEL_COLUMNS[0]:
        yield _row(record, cells, now)


def _mended(record: Record, found: list[str] | None, now: datetime) -> Iterator[Row | Refused]:
    """A record behind a torn one shows by its own beginning, and is whole itself."""
    for at in reversed(beginnings(record.data)):
        cells = _cells(record.data[at:])
        if cells is not None and len(cells) == len(CEL_COLUMNS):
            place = Place(record.place.turn, record.place.offset + at, record.place.file_id)
            yield _refused(Record(record.place, record.data[:at]), "torn")
            yield _row(Record(place, record.data[at:]), cells, now)
            return
    lacks = found is None or len(found) < len(CEL_COLUMNS)
    yield _refused(record, "torn" if lacks and _begins_well(record.data) else "not_cel")


def _row(record: Record, cells: list[str], now: datetime) -> Row | Refused:
    named = dict(zip(CEL_COLUMNS, cells, strict=True))
    at = parse_time(named["eventtime"])
    if at is None or not named["uniqueid"] or not named["eventtype"]:
        return _refused(record, "not_cel")
    if at > now + AHEAD:
        return _refused(record, "future")
    event = named["eventtype"].strip().upper()
    text = record.data.decode("utf-8", "replace")
    line = _one_line(cells) if _LINE_ENDS.search(text) else text
    return Row(record.place, line, at, named["uniqueid"], event, named)


def _cells(data: bytes) -> list[str] | None:
    text = data.decode("utf-8", "replace")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return None
    return [cell.strip() for cell in rows[0]] if len(rows) == 1 else None


def line_of(**values: str) -> str:
    """A row of our own among the ledger's."""
    return _one_line([values.get(column, "") for column in CEL_COLUMNS])


def _one_line(cells: list[str]) -> str:
    """Who keeps and compares lines shall not have to know that a caller can break one."""
    doubled = (_LINE_ENDS.sub(" ", cell).replace('"', '""') for cell in cells)
    return ",".join(f'"{cell}"' for cell in doubled)


def _begins_well(data: bytes) -> bool:
    return re.match(rb'"[A-Z][A-Z_]{2,40}(","|"?$)', data) is not None


def _refused(record: Record, reason: SetAsideReason) -> Refused:
    return Refused(record.place, reason, record.data.decode("utf-8", "replace")[:LONGEST_KEPT])
