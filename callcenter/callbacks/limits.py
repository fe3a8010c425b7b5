"""How many call-backs one caller may ask for at numbers that are not their own. Pure.

Whoever keys in a number has it called by us: one who did so without end would have us call
strangers. Callers who hide their number are counted as one, with more tries.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(hours=1)
OF_ONE: Final = 3
OF_HIDDEN: Final = 20
OF_ALL: Final = 100


class KeyedLimit:
    """Kept where callers are asked; a restart forgets it."""

    def __init__(self) -> None:
        self._asked: deque[tuple[datetime, str]] = deque()

    def takes(self, caller: str, now: datetime) -> bool:
        """Whether one more is taken of this caller ('': hidden); it counts from now on."""
        while self._asked and now - self._asked[0][0] > WINDOW:
            self._asked.popleft()
        theirs = sum(who == caller for _, who in self._asked)
        if theirs >= (OF_ONE if caller else OF_HIDDEN) or len(self._asked) >= OF_ALL:
            return False
        self._asked.append((now, caller))
        return True
