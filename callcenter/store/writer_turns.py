"""SQLite has one writer at a time, and lets those who wait for it look again and again: who writes
most often wins, others never. Within a process writers take turns, first come, first served."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from typing import Final

_LOCK: Final = threading.Lock()
_TURNS: Final[dict[str, WriterTurns]] = {}


class WriterTurns:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    def take(self, seconds: float) -> bool:
        """Waits for the turn, at most so long. Whether it came."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(seconds):
            return True
        with self._lock:
            if mine.is_set():
                return True
            self._waiting.remove(mine)
        return False

    def give(self) -> None:
        """To who has waited longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


def turns_of(database: str) -> WriterTurns:
    """Those of a file, whichever engine opened it."""
    with _LOCK:
        return _TURNS.setdefault(database, WriterTurns())


class InTurn(sqlite3.Connection):
    """Has the turn from `take` until its transaction ends, whichever way."""

    _turns: WriterTurns | None = None

    def take(self, turns: WriterTurns, seconds: float) -> bool:
        """Whether the turn came within so many seconds."""
        if self._turns is None and turns.take(seconds):
            self._turns = turns
        return self._turns is not None

    def commit(self) -> None:
        super().commit()
        self._give()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._give()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._give()

    def _give(self) -> None:
        turns, self._turns = self._turns, None
        if turns is not None:
            turns.give()
