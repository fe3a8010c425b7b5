"""The board of this process: folded from the bus, made anew after a gap, checked every minute.

Kept only while somebody watches. `hear` is called by the bus's thread and does nothing but fold;
everything that reads the database is called by the thread that tells.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from prometheus_client import Counter

from callcenter.queries import wallboard as queries
from callcenter.realtime.messages import Message
from callcenter.runtime import Runtime
from callcenter.wallboard.board import Board
from callcenter.wallboard.checking import differences, mend
from callcenter.wallboard.setup import Setup

log = structlog.get_logger(__name__)

CHECKS = Counter(
    "callcenter_wallboard_checks_total", "Comparisons of the folded wallboard with the database"
)
DIFFERENCES = Counter(
    "callcenter_wallboard_differences_total",
    "Calls and operators that the folded wallboard had otherwise than the database",
)
UNDER_WAY: Final = 3.0
"""Seconds that a message may be on its way: what one has touched lately is not compared."""
_TOLD_AT_MOST: Final = 10


@dataclass(frozen=True, slots=True)
class Checked:
    """The last comparison, and how many differences there were since the board was made."""

    at: datetime | None = None
    differences: int = 0


class BoardState:
    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._lock = threading.Lock()
        self._board: Board | None = None
        self._early: list[Message] | None = None
        self._touched: deque[tuple[float, str]] = deque()
        self.setup = Setup()
        self.checked = Checked()
        self.complete_until: datetime | None = None
        """Everything that happened until then is on the board."""

    @property
    def is_made(self) -> bool:
        return self._board is not None

    def forget(self) -> None:
        with self._lock:
            self._board, self._early = None, None
            self._touched.clear()
            self.complete_until = None

    def make(self) -> bool:
        """From the database; whether it is another one than before. Messages that come meanwhile
        are folded afterwards: told again, they change nothing. What cannot be read stays as it
        was."""
        began, now = time.monotonic(), self._runtime.clock.now()
        with self._lock:
            self._early = []
        try:
            setup, board = self._read()
        except BaseException:
            with self._lock:
                self._early = None
            raise
        with self._lock:
            touched = self._touched_since(began - UNDER_WAY)
            differed = bool(self._board and differences(self._board, board, now, touched))
            early, self._early = self._early or [], None
            self.setup, self._board = setup, board
            for message in early:
                self._fold(message)
        self.checked = Checked(now, self.checked.differences)
        self.reach(now)
        return differed

    def reach(self, moment: datetime) -> None:
        """All news until this moment has been taken in."""
        self.complete_until = max(moment, self.complete_until or moment)

    def hear(self, message: Message) -> bool:
        """Whether it changed the board."""
        with self._lock:
            if self._early is not None:
                self._early.append(message)
            return self._board is not None and self._fold(message)

    def copy(self) -> Board:
        with self._lock:
            return self._board.copy() if self._board is not None else Board.empty()

    def check(self) -> int:
        """Compare with the database, which wins; how many parts differed."""
        began = time.monotonic()
        setup, stored = self._read()
        now = self._runtime.clock.now()
        with self._lock:
            if self._board is None:
                return 0
            touched = self._touched_since(began - UNDER_WAY)
            found = differences(self._board, stored, now, touched)
            mend(self._board, stored, found)
            self.setup = setup
        CHECKS.inc()
        DIFFERENCES.inc(len(found))
        if found:
            log.warning("wallboard.differed", count=len(found), parts=found[:_TOLD_AT_MOST])
        self.checked = Checked(now, self.checked.differences + len(found))
        return len(found)

    def read_setup(self) -> None:
        with self._runtime.reader() as connection:
            self.setup = queries.setup(connection)

    def _read(self) -> tuple[Setup, Board]:
        with self._runtime.reader() as connection:
            now = self._runtime.clock.now()
            return queries.setup(connection), queries.board(connection, now)

    def _fold(self, message: Message) -> bool:
        """A message that nobody understands is the next comparison's business."""
        if self._board is None:
            return False
        try:
            part = self._board.fold(message.kind, message.payload)
        except (KeyError, TypeError, ValueError):
            log.exception("wallboard.not_understood", kind=message.kind)
            return False
        if part is None:
            return False
        now = time.monotonic()
        self._touched.append((now, part))
        while self._touched and self._touched[0][0] < now - 10 * UNDER_WAY:
            self._touched.popleft()
        return True

    def _touched_since(self, moment: float) -> frozenset[str]:
        return frozenset(part for at, part in self._touched if at >= moment)
