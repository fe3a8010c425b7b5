"""Writes of which much depends: tried again while the database is busy or away for a moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from callcenter.errors import Unavailable

_Done = TypeVar("_Done")
_WAITS: Final = (0.25, 1.0, 2.0, 4.0, 8.0)
"""Seconds; each try waits for a busy database by itself besides."""


def insisting(write: Callable[[], _Done], pause: Callable[[float], None]) -> _Done:
    """What `write` gives, which is one whole transaction. Whether one that failed was kept all the
    same nobody knows: it must do no harm twice. Raises its last Unavailable."""
    for wait in _WAITS:
        try:
            return write()
        except Unavailable:
            pause(wait)
    return write()
