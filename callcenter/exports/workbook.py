"""Tables as Excel workbooks, row by row in constant memory. Every cell is text unless it is said to
be a number: nothing in it is a formula, a link or a number that Excel would round."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

_MOST_IN_CELL = 32_767
_MOST_ROWS = 1_048_576
_LONGEST_NAME = 31
_NO_NAME = re.compile(r"[\[\]:*?/\\']")


def write(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    texts: int | None = None,
    *,
    about: Sequence[str] = (),
) -> None:
    """What does not fit on one sheet goes on on the next. `texts`: how many columns are text, those
    after them are numbers; None: all are. `about`: lines of a last sheet, the first its name."""
    options: dict[str, bool | str] = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    # Its own files of rows go where the workbook goes: as large, and gone together.
    options |= {"strings_to_numbers": False, "tmpdir": str(path.parent)}
    with xlsxwriter.Workbook(str(path), options) as book:
        bold = book.add_format({"bold": True})
        sheet, line = None, _MOST_ROWS
        for row in rows:
            if sheet is None or line >= _MOST_ROWS:
                sheet, line = _sheet(book, header, bold), 1
            for place, cell in enumerate(row):
                if not cell:
                    continue
                if texts is None or place < texts:
                    sheet.write_string(line, place, cell[:_MOST_IN_CELL])
                else:
                    sheet.write_number(line, place, float(cell))
            line += 1
        if sheet is None:
            _sheet(book, header, bold)
        if about:
            _tell_about(book, about, bold)


def _sheet(book: Any, header: Sequence[str], bold: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for place, title in enumerate(header):
        sheet.set_column(place, place, min(40, max(12, len(title) + 2)))
        sheet.write_string(0, place, title, bold)
    return sheet


def _tell_about(book: Any, lines: Sequence[str], bold: Any) -> None:
    sheet = book.add_worksheet(_NO_NAME.sub(" ", lines[0])[:_LONGEST_NAME])
    sheet.set_column(0, 0, 110)
    for place, text in enumerate(lines):
        sheet.write_string(place, 0, text[:_MOST_IN_CELL], *((bold,) if place == 0 else ()))
