"""Rows on their way into a file, counted, so that whoever waits for it sees how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

Tell = Callable[[int, int], None]
"""How many rows are written, of how many; 0 where that is not known."""
_EACH: Final = 1_000


class Counted:
    """Tells at the beginning and every thousand rows. `count`: how many went through."""

    def __init__(self, rows: Iterable[tuple[str, ...]], total: int, tell: Tell) -> None:
        self._rows = rows
        self._total = total
        self._tell = tell
        self.count = 0

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        self._tell(0, self._total)
        for row in self._rows:
            yield row
            self.count += 1
            if self.count % _EACH == 0:
                # What was counted before may have grown meanwhile.
                self._tell(self.count, max(self._total, self.count))
