"""Tables written as CSV, row by row: UTF-8 with its mark, since Excel reads no other, and no cell
that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from callcenter.exports.guard import guarded

_CHUNK = 64 * 1024


def csv_chunks(rows: Iterable[Sequence[str]], delimiter: str = ",") -> Iterator[bytes]:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    text.write("\ufeff")
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
        if text.tell() > _CHUNK:
            yield _taken(text)
    if text.tell():
        yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    data = text.getvalue().encode("utf-8", "replace")
    text.seek(0)
    text.truncate()
    return data
