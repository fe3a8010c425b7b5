"""Delays between attempts: exponential, jittered, capped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Backoff:
    """`random` gives numbers in [0, 1); injected so that a test knows the delays."""

    first: float
    cap: float
    random: Callable[[], float]
    _attempt: int = 0

    def next(self) -> float:
        """A delay between half and the whole of first * 2**n, at most `cap`."""
        whole = min(self.cap, self.first * 2.0 ** min(self._attempt, 32))
        self._attempt += 1
        return whole * (0.5 + self.random() / 2)

    def reset(self) -> None:
        self._attempt = 0
