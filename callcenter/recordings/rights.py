"""Who may hear a recording, and for how long one playing counts as one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

ONE_PLAYING = timedelta(hours=4)
"""A player that stays open longer and asks for more is a new listening."""


def may_hear(role: str, user_id: int, spoke: Iterable[int | None]) -> bool:
    """Supervisors and administrators hear all; operators the calls that they spoke in.

    Not those of colleagues with the same customer: what was said there is in the notes.
    """
    return role in ("supervisor", "admin") or user_id in spoke
