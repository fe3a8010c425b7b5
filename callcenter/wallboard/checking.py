"""What a folded board says otherwise than the database. Pure.

Messages follow their commit, so for a moment either side may be ahead: what a message has touched
since shortly before the database was read is left out, it is looked at the next time.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from callcenter.wallboard.board import Board


def differences(
    folded: Board, stored: Board, now: datetime, touched: Collection[str] = ()
) -> list[str]:
    """The parts (`call:<id>`, `agent:<id>`) that differ at `now`, in order."""
    mine, theirs = folded.parts(now), stored.parts(now)
    return sorted(
        part
        for part in mine.keys() | theirs.keys()
        if part not in touched and mine.get(part) != theirs.get(part)
    )


def mend(folded: Board, stored: Board, parts: Collection[str]) -> None:
    """The database wins."""
    for part in parts:
        folded.take(part, stored)
