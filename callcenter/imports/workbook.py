"""Excel workbooks, row by row and in bounded memory: what unpacks to more than it may is refused
before it is unpacked, and again while it is read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from callcenter.imports.record import MOST_CELLS, MOST_IN_CELL, Record, Unreadable

MOST_UNPACKED = 2 * 1024**3
MOST_LINES = 1_048_576
"""A row that says it is a later one is preceded by as many empty ones."""
MOST_SHARED = 64 * 1024**2
"""Of the texts that cells share: they are held in memory whole."""
_WORST_RATIO = 200
_SMALL = 10 * 1024**2
_DAMAGED = (
    zipfile.BadZipFile,
    InvalidFileException,
    KeyError,
    ValueError,
    OSError,
    EOFError,
    TypeError,
    AttributeError,
    SyntaxError,  # defused or plain XML errors
)


def sheets(file: BinaryIO) -> tuple[str, ...]:
    book = _open(file)
    try:
        return tuple(book.sheetnames)
    finally:
        book.close()


def records(file: BinaryIO, sheet: str = "") -> Iterator[Record]:
    book = _open(file)
    try:
        page = book[sheet] if sheet in book.sheetnames else book.worksheets[0]
        page.reset_dimensions()
        number = 0
        for line, row in enumerate(page.iter_rows(values_only=True), start=1):
            if line > MOST_LINES:
                raise Unreadable("this workbook has more rows than Excel knows")
            cells = tuple(_text(value) for value in row[:MOST_CELLS])
            while cells and not cells[-1]:
                cells = cells[:-1]
            if cells:
                number += 1
                yield Record(number, line, cells, _too_much(row, cells))
    except _DAMAGED as error:
        raise Unreadable("this workbook is damaged: a part of it cannot be read") from error
    finally:
        book.close()


def _too_much(row: tuple[Any, ...], cells: tuple[str, ...]) -> str:
    if len(row) > MOST_CELLS and any(value is not None for value in row[MOST_CELLS:]):
        return f"has more than {MOST_CELLS} cells"
    if any(len(cell) > MOST_IN_CELL for cell in cells):
        return f"has a cell of more than {MOST_IN_CELL} characters"
    return ""


def _open(file: BinaryIO) -> Any:
    check_size(file)
    try:
        return load_workbook(_Plain(file), read_only=True, data_only=True, keep_links=False)
    except _DAMAGED as error:
        raise Unreadable("this is not an Excel workbook that can be read") from error


def check_size(file: BinaryIO) -> None:
    """By the directory of the archive, which unpacking then holds it to."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Unreadable("this is not an Excel workbook that can be read") from error
    for part in parts:
        ratio = part.file_size / max(part.compress_size, 1)
        shared = part.filename.lower().endswith("sharedstrings.xml")
        if (part.file_size > _SMALL and ratio > _WORST_RATIO) or (
            shared and part.file_size > MOST_SHARED
        ):
            raise Unreadable("this workbook unpacks to far more than it may; save it as CSV")
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable("this workbook unpacks to far more than it may; save it as CSV")
    file.seek(0)


class _Plain(io.BufferedReader):
    """openpyxl looks at names of files; this one has none."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(_Raw(file))


class _Raw(io.RawIOBase):
    """Leaves the file open, whoever closes the workbook."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
