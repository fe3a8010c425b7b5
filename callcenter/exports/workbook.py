"""Tables as Excel workbooks, row by row in constant memory. Every cell is text: nothing in it is a
formula, a link or a number that Excel would round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

_MOST_IN_CELL = 32_767
_MOST_ROWS = 1_048_576


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """What does not fit on one sheet goes on on the next."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), {**options, "strings_to_numbers": False}) as book:
        bold = book.add_format({"bold": True})
        sheet, line = None, _MOST_ROWS
        for row in rows:
            if sheet is None or line >= _MOST_ROWS:
                sheet, line = _sheet(book, header, bold), 1
            for place, cell in enumerate(row):
                if cell:
                    sheet.write_string(line, place, cell[:_MOST_IN_CELL])
            line += 1
        if sheet is None:
            _sheet(book, header, bold)


def _sheet(book: Any, header: Sequence[str], bold: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for place, title in enumerate(header):
        sheet.write_string(0, place, title, bold)
    return sheet
