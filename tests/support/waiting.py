"""Waiting for something that happens in another thread or process, with a generous limit."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait_until(condition: Callable[[], object], *, timeout: float = 20.0, words: str = "") -> None:
    """Return as soon as `condition()` is true. The limit is for a broken run, not a measurement."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(words or f"not so within {timeout:.0f} s: {condition}")
        time.sleep(0.01)
