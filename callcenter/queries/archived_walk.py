"""Goes through archived contacts one by one, the newest first, without reading what is between."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from callcenter.ports.archive import Index, Part
from callcenter.store.archive import ArchiveView
from callcenter.store.archive_shapes import instant, micros
from callcenter.store.archive_stage import Stage

Step = tuple[Index, int | str | None]
"""What contacts have in common: a customer, a number, or nothing but that they were."""
TIME: Final[Step] = ("time", None)


class Walk:
    """`stage`: all that was looked at; not to be used once `harmed`. `place`: where it is now.
    `left`: the months that were not gone through to their end."""

    def __init__(
        self,
        view: ArchiveView,
        parts: Sequence[Part],
        steps: Sequence[Step],
        after: tuple[datetime, int] | None,
    ) -> None:
        self._view, self._steps = view, steps
        self.stage = Stage(view.connection, view.files, parts)
        self.left, self.place = list(parts), after
        self.looked, self.over = 0, False
        self._known: set[int] = set()
        self.harmed = False
        before = (micros(after[0]), after[1]) if after is not None else None
        self._found = self._all(before)

    def next_lot(self, size: int) -> list[int] | None:
        """The ids of the next contacts, which are on the stage then; None where they are to be
        read from the files."""
        parts = self.left
        try:
            lot = list(islice(self._found, size))
        except ValueError:
            self.harmed, self.left = True, parts
            return None
        ids = [one for _, one in lot]
        if not self.add(ids):
            self.left = parts
            return None
        self.looked += len(lot)
        self.over = len(lot) < size
        self.place = (instant(lot[-1][0]), lot[-1][1]) if lot else self.place
        return ids

    def add(self, interaction_ids: Sequence[int]) -> bool:
        """Puts these on the stage; False where one of them cannot be read."""
        fresh = [one for one in interaction_ids if one not in self._known]
        try:
            self.stage.add(fresh)
        except ValueError:
            self.harmed = True
            return False
        self._known.update(fresh)
        return True

    def _all(self, before: tuple[int, int] | None) -> Iterator[tuple[int, int]]:
        """Months follow each other: none has anything newer than the one before it."""
        files = self._view.files
        for number, part in enumerate(parts := self.left):
            self.left = parts[number:]
            ways = [files.newest(part, index, key, before) for index, key in self._steps]
            yield from heapq.merge(*ways, reverse=True)
