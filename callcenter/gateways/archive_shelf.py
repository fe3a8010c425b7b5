"""The months' contacts one by one, opened when somebody asks and kept open for a while."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import structlog

from callcenter.archive.pages import FILE, Row
from callcenter.gateways.archive_pages import Pages
from callcenter.ports.archive import Index, Part

log = structlog.get_logger(__name__)

_OPEN: Final = 48
"""Months, each an open file."""


class Shelf:
    def __init__(self, path: Callable[[str], Path]) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._open: OrderedDict[str, Pages | None] = OrderedDict()

    def paged(self, part: Part) -> bool:
        return self._pages(part.folder) is not None

    def contacts(
        self, part: Part, interaction_ids: Iterable[int], *, whole: bool
    ) -> Iterator[tuple[str, Sequence[str], Row]]:
        pages = self._pages(part.folder)
        if pages is None:
            return
        columns = pages.columns
        for one in interaction_ids:
            if part.counts(one):
                for table, row in self._rows(pages, part.folder, one, whole=whole):
                    yield table, columns[table], row

    def newest(
        self, part: Part, index: Index, key: int | str | None, before: tuple[int, int] | None
    ) -> Iterator[tuple[int, int]]:
        pages = self._pages(part.folder)
        if pages is None:
            return
        try:
            yield from (one for one in pages.newest(index, key, before) if part.counts(one[1]))
        except ValueError as error:
            self._give_up(part.folder, error)
            raise

    def forget(self, folder: str) -> None:
        with self._lock:
            self._open.pop(folder, None)

    def close(self) -> None:
        with self._lock:
            self._open.clear()

    def _rows(self, pages: Pages, folder: str, one: int, *, whole: bool) -> list[tuple[str, Row]]:
        try:
            return pages.rows(one, whole=whole)
        except ValueError as error:
            self._give_up(folder, error)
            raise

    def _give_up(self, folder: str, error: Exception) -> None:
        """The month's files are read instead."""
        log.warning("archive.pages_harmed", folder=folder, error=str(error))
        with self._lock:
            self._open[folder] = None

    def _pages(self, folder: str) -> Pages | None:
        with self._lock:
            if folder in self._open:
                self._open.move_to_end(folder)
                return self._open[folder]
        found = _opened(self._path(folder) / FILE)
        if found is not None:
            with self._lock:
                self._open[folder] = found
                while len(self._open) > _OPEN:
                    self._open.popitem(last=False)
        return found


def _opened(path: Path) -> Pages | None:
    """None where there is none: one may be made at any time."""
    try:
        return Pages(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("archive.pages_unreadable", folder=path.parent.name, error=str(error))
        return None
