"""Text tables (CSV, TSV): what separates their cells, and their records one by one.

Nothing is held but the record being read. A quote that is never closed costs the record it stands
in, not the rest of the file.
"""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TextIO

from callcenter.imports.record import MOST_CELLS, MOST_IN_CELL, Record

DELIMITERS: Final = (",", ";", "\t", "|")
QUOTES: Final = ('"', "'", "")
_LONGEST_LINE = 1_000_000
_MOST_LINES = 100
_SAMPLE_LINES = 200


@dataclass(frozen=True, slots=True)
class Form:
    """How cells are told apart; no `quote` means that none are quoted."""

    delimiter: str = ","
    quote: str = '"'


def guess_form(sample: str) -> Form:
    first, _, rest = sample.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip("\r")) == len("sep=;"):
        return Form(first[4], _quote(rest, first[4]))
    best = max(DELIMITERS, key=lambda one: _evenness(sample, one))
    return Form(best, _quote(sample, best))


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    """Tables have as many cells in one record as in the next, and more than one."""
    try:
        rows = csv.reader(sample.splitlines(keepends=True)[:_SAMPLE_LINES], delimiter=delimiter)
        widths = Counter(len(row) for row in rows if row)
    except csv.Error:
        return (0.0, 0)
    if not widths:
        return (0.0, 0)
    width, often = widths.most_common(1)[0]
    return (often / widths.total(), width) if width > 1 else (0.0, 0)


def _quote(sample: str, delimiter: str) -> str:
    doubles, singles = (
        sample.count(f"{delimiter}{mark}") + sample.count(f"{mark}{delimiter}")
        for mark in ('"', "'")
    )
    return "'" if singles > doubles * 2 and singles > 2 else '"'


def records(text: TextIO, form: Form) -> Iterator[Record]:
    """Every record, the header too, in order. Blank lines are none."""
    lines = _Lines(text)
    if lines.peek().lower().startswith("sep=") and len(lines.peek().strip()) <= len("sep=;"):
        next(lines)
    number = 0
    reader = _reader(lines, form)
    while True:
        lines.begin_record()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            yield Record(number, lines.first, (lines.give_back(),), _words(error))
            reader = _reader(lines, form)
            continue
        if any(cell.strip() for cell in cells):
            number += 1
            yield Record(number, lines.first, tuple(cells[:MOST_CELLS]), _too_much(cells))


def _reader(lines: _Lines, form: Form) -> Iterator[list[str]]:
    quoting = csv.QUOTE_MINIMAL if form.quote else csv.QUOTE_NONE
    return csv.reader(
        lines,
        delimiter=form.delimiter,
        quotechar=form.quote or None,
        quoting=quoting,  # type: ignore[arg-type]
        skipinitialspace=form.delimiter != "\t",
        strict=True,
    )


def _too_much(cells: list[str]) -> str:
    if len(cells) > MOST_CELLS:
        return f"has more than {MOST_CELLS} cells"
    if any(len(cell) > MOST_IN_CELL for cell in cells):
        return f"has a cell of more than {MOST_IN_CELL} characters"
    return ""


def _words(error: Exception) -> str:
    said = str(error)
    if "field limit" in said or "field larger" in said:
        return f"has a cell of more than {MOST_IN_CELL} characters"
    if "unexpected end" in said or "too many lines" in said:
        return "a quote is opened here and never closed"
    if "expected after" in said:
        return "a quote stands inside a quoted cell; it must be doubled"
    return "cannot be read as a row"


class _Lines:
    """The lines of a file, each bounded. Those of a record that failed can be given back."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._read = 0
        self.first = 1

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self._taken) >= _MOST_LINES:
            raise csv.Error("too many lines")
        line = self._again.popleft() if self._again else self._text.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        self._read += 1
        self._taken.append(line)
        return line

    def peek(self) -> str:
        if not self._again:
            self._again.append(self._text.readline(_LONGEST_LINE))
        return self._again[0]

    def begin_record(self) -> None:
        self._taken = []
        self.first = self._read + 1

    def give_back(self) -> str:
        """What the failed record began with; the lines after it are read once more."""
        first, *rest = self._taken or [""]
        self._again.extendleft(reversed(rest))
        self._read -= len(rest)
        return first.rstrip("\r\n")[:MOST_IN_CELL]
