"""Kinds of things with a time of their own. Pure."""

from __future__ import annotations

from typing import Final, Literal, get_args

from callcenter.errors import Invalid

Kind = Literal[
    "calls",
    "recordings",
    "conversations",
    "files",
    "changes",
    "audit",
    "imports",
    "unconfirmed",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
LEAST_DAYS: Final = 1
MOST_DAYS: Final = 36_500


def checked_days(days: int | None) -> int | None:
    """None keeps for good."""
    if days is not None and not LEAST_DAYS <= days <= MOST_DAYS:
        raise Invalid("days", f"must be from {LEAST_DAYS} to {MOST_DAYS}")
    return days
