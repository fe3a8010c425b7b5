"""Reads one manager event: text, numbers and moments of its headers, whichever of them are there.

Pure. Repeated headers may be lists; what is missing or broken is empty, never an exception.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

Event = Mapping[str, str | list[str]]

_UNKNOWN_TEXT = frozenset({"<unknown>", "<none>", "unknown", "<no name>"})

Common = dict[str, Any]


def text(event: Event, *names: str) -> str:
    """The first non-empty of these headers, as one string."""
    for name in names:
        value = event.get(name)
        if value:
            return value if isinstance(value, str) else value[-1]
    return ""


def party(event: Event, *names: str) -> str:
    value = text(event, *names)
    return "" if value in _UNKNOWN_TEXT else value


def moment(event: Event) -> datetime | None:
    stamp = event.get("Timestamp")
    if not stamp:
        return None
    try:
        return datetime.fromtimestamp(float(cast("str", stamp)), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def number(event: Event, name: str) -> int | None:
    value = text(event, name)
    return int(value) if value.isdecimal() and len(value) < 9 else None


def channel(event: Event, prefix: str = "") -> Common:
    return {
        "uniqueid": text(event, prefix + "Uniqueid", prefix + "UniqueID"),
        "channel": text(event, prefix + "Channel"),
        "linkedid": text(event, prefix + "Linkedid", prefix + "LinkedID"),
    }
