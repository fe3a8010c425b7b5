"""Logs a failure when it begins and when it is over, however many callers it meets between."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

_LOG = structlog.get_logger("agi")


class OncePerSpell:
    """A spell of one kind of failure ends after `quiet` seconds without it."""

    def __init__(self, quiet: float = 30.0, now: Callable[[], float] = time.monotonic) -> None:
        self._quiet = quiet
        self._now = now
        self._spells: dict[str, tuple[float, int]] = {}

    def report(self, event: str, kind: str, **words: object) -> None:
        """One warning at the start of a spell. `kind` must come from a small fixed set."""
        key, now = f"{event}:{kind}", self._now()
        last, count = self._spells.get(key, (float("-inf"), 0))
        if now - last > self._quiet:
            _LOG.warning(event, kind=kind, unlogged_before=max(count - 1, 0), **words)
            count = 0
        self._spells[key] = (now, count + 1)
