"""The collector of cycles, kept out of the way where many objects come and hardly a cycle."""

from __future__ import annotations

import gc


def calm_collector() -> None:
    """Look for reference cycles more seldom, and never at what was there from the start.

    The default looks every 700 new objects: a quarter of the time spent on each event of a stream.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
