"""Growing, jittered pauses, so that many processes do not return to a server all at once."""

from __future__ import annotations

import random


class Backoff:
    def __init__(self, first: float = 0.1, most: float = 5.0) -> None:
        self._first, self._most = first, most
        self._failures = 0

    def reset(self) -> None:
        self._failures = 0

    def next(self) -> float:
        pause = min(self._most, self._first * 2.0 ** min(self._failures, 16))
        self._failures += 1
        return pause * random.uniform(0.5, 1.0)  # noqa: S311 - spreading load, no secret
