"""Channel event logs as tables: CSV and its cousins, tables drawn with `|`, Asterisk's own files
without a row of titles. Text in, rows out; what is no row comes out as words.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ami.cel import parse_time
from ami.recording_rows import EVENT_TYPES, Row, column, names_a_row, row_of, told_time
from ami.recording_text import lines_of
from callcenter.pbx.ledger_columns import CEL_COLUMNS

_FOOTER = re.compile(r"\(?\d+ rows?( in set.*)?\)?", re.IGNORECASE)
_UNIQUEID = re.compile(r".*\d\.\d+")
_CHANNEL = re.compile(r"\s*\w+/.+-[0-9a-f]+(;[12])?\s*", re.IGNORECASE)
_LONGEST_CELL = 1_000_000
_FIRST_LINES = 200
# Where a stray separator may have come from: what people and dialplans write.
_FREE_TEXT = ("cid_name", "appdata", "extra", "userfield", "peer", "cid_num", "exten")
_SAMPLE: Sequence[str] = (
    *("eventtype", "eventtime", "cid_name", "cid_num", "cid_ani", "cid_rdnis", "cid_dnid"),
    *("exten", "context", "channame", "appname", "appdata", "amaflags", "accountcode"),
    *("uniqueid", "linkedid", "peer", "userfield", "userdeftype", "extra"),
)
# Files that Asterisk writes have no titles: ours, and those of its sample cel_custom.conf.
_UNTITLED: tuple[Sequence[str], ...] = (
    CEL_COLUMNS,
    _SAMPLE,
    _SAMPLE[:18],
    (_SAMPLE[0], "literal", *_SAMPLE[1:]),
)


@dataclass(frozen=True, slots=True)
class _Shape:
    separator: str
    quote: str
    header: Sequence[str]
    outer: bool = False
    """Pipes at both ends of a row, as its title row has them."""


def rows_of(text: str) -> Iterator[Row | str] | None:
    """The rows of the table; None where no row of titles and no known layout is found."""
    lines = [line for line in lines_of(text) if line.strip() and not _is_ruler(line)]
    for at, line in enumerate(lines[:_FIRST_LINES]):
        shape = _titled(line)
        if shape is not None:
            rest = text[text.index(line) + len(line) :]
            return _rows(lines[at + 1 :], rest, shape)
    shape = next(filter(None, map(_untitled, lines[:_FIRST_LINES])), None)
    return _rows(lines, text, shape) if shape is not None else None


def _titled(line: str) -> _Shape | None:
    for separator in "|\t;,":
        if separator not in line:
            continue
        outer = separator == "|" and line.lstrip().startswith("|")
        quote = "'" if line.lstrip(" |").startswith("'") else '"'
        header = [column(cell) for cell in _cells(line, _Shape(separator, quote, (), outer))]
        if names_a_row(set(header)):
            return _Shape(separator, quote, header, outer)
    return None


def _untitled(line: str) -> _Shape | None:
    for separator in "\t;,":
        cells = _cells(line, _Shape(separator, '"', ()))
        for header in _UNTITLED:
            row = dict(zip(header, cells, strict=False))
            if len(cells) == len(header) and _fits(row) and row["eventtype"] in EVENT_TYPES:
                return _Shape(separator, '"', header)
    return None


def _cells(line: str, shape: _Shape) -> list[str]:
    if shape.separator == "|":
        line = line.strip()
        text = line.removeprefix("|").removesuffix("|") if shape.outer else line
        return [_bare(cell.strip(), shape.quote) for cell in text.split("|")]
    reader = csv.reader([line], delimiter=shape.separator, quotechar=shape.quote)
    return next(reader, [])


def _bare(cell: str, quote: str) -> str:
    if len(cell) > 1 and cell[0] == cell[-1] == quote:
        return cell[1:-1].replace(quote * 2, quote)
    return cell


def _rows(lines: list[str], text: str, shape: _Shape) -> Iterator[Row | str]:
    found: Iterable[list[str] | str]
    if shape.separator == "|":
        found = (_cells(line, shape) for line in lines)
    else:
        found = _csv_rows(text, shape)
    for cells in found:
        if isinstance(cells, str):
            yield cells
        elif len(cells) == 1 and _FOOTER.fullmatch(cells[0].strip()):
            continue
        elif len(cells) < len(shape.header) // 2:
            yield f"torn ledger row: {str(cells)[:80]}"
        else:
            yield _row(cells, shape.header)


def _csv_rows(text: str, shape: _Shape) -> Iterator[list[str] | str]:
    """By the whole text, since a quoted cell may hold a line end."""
    csv.field_size_limit(_LONGEST_CELL)
    # Asterisk can be told to escape quotes by a backslash instead of doubling them.
    escape = "\\" if "{\\" + shape.quote in text else None
    rows = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=shape.separator,
        quotechar=shape.quote,
        escapechar=escape,
    )
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield f"not CSV: {error}"
            continue
        if any(cell.strip() for cell in cells) and not _is_ruler(",".join(cells)):
            yield cells


def _row(cells: list[str], header: Sequence[str]) -> Row:
    """Surplus cells are pieces of a text that held the separator: where ids and time then fit."""
    surplus = len(cells) - len(header)
    if surplus > 0 and not _fits(dict(zip(header, cells, strict=False))):
        for name in _FREE_TEXT:
            if name in header:
                joined = _joined(cells, header.index(name), surplus)
                if _fits(dict(zip(header, joined, strict=False))):
                    cells = joined
                    break
    return row_of(dict(zip(header, cells, strict=False)))


def _joined(cells: list[str], at: int, surplus: int) -> list[str]:
    whole = " | ".join(cell.strip() for cell in cells[at : at + surplus + 1])
    return [*cells[:at], whole, *cells[at + surplus + 1 :]]


def _fits(row: Row) -> bool:
    """Ids and the time are where the titles say."""
    time = row.get("eventtime")
    if time and parse_time(told_time(time)) is None:
        return False
    if "channame" in row and not _CHANNEL.fullmatch(row["channame"]):
        return False
    ids = [row.get(name, "").strip() for name in ("uniqueid", "linkedid") if name in row]
    return bool(ids and ids[0]) and all(not one or _UNIQUEID.fullmatch(one) for one in ids)


def _is_ruler(line: str) -> bool:
    return not set(line.strip()) - set("-+=| ")
