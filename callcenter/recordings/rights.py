"""Who may hear a recording, and for how long one playing counts as one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from callcenter.rights.viewer import Viewer

ONE_PLAYING = timedelta(hours=4)
"""A player that stays open longer and asks for more is a new listening."""


def may_hear(viewer: Viewer, spoke: Iterable[int | None]) -> bool:
    """One's own are the calls that one spoke in, one's team's those that one of the team did.

    Not those of colleagues with the same customer: what was said there is in the notes.
    """
    theirs = viewer.user_ids("recording", "read")
    return theirs is None or any(one in theirs for one in spoke)
