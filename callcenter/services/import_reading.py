"""Reads the rows of a file a lot ahead: the next one is read while the database writes this one."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import BinaryIO, Final

from callcenter.imports import source
from callcenter.imports.plan import Plan
from callcenter.imports.rows import Row, RowReader

Lot = tuple[list[Row], int]
"""Rows, and how much of the file had been read by then."""
_SELDOM: Final = (100_000, 20, 50)


def lots(
    file: BinaryIO, plan: Plan, reader: RowReader, *, after: int, size: int
) -> Generator[Lot, None, None]:
    """To be closed before the file is. Two lots are held at any time, and no more."""
    coming = _lots(file, plan, reader, after, size)
    with ThreadPoolExecutor(1, thread_name_prefix="import") as ahead:
        next_one = ahead.submit(next, coming, None)
        while (lot := next_one.result()) is not None:
            next_one = ahead.submit(next, coming, None)
            yield lot


def _lots(file: BinaryIO, plan: Plan, reader: RowReader, after: int, size: int) -> Iterator[Lot]:
    records = source.rows_of(file, plan, after=after)
    while rows := [reader.read(record) for record in islice(records, size)]:
        yield rows, file.tell()


@contextmanager
def little_to_collect() -> Iterator[None]:
    """Thousands of small values are made and dropped for each lot, none of them in a circle:
    looking for circles among them as often as usual takes a fifth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
