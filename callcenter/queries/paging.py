"""Pages by keyset: a cursor names the last row seen, so that a page costs the same everywhere in
the list and no row is shown twice because others were added meanwhile.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from callcenter.errors import Invalid

T = TypeVar("T")
LARGEST_PAGE = 200
_TOO_LARGE = 2**63


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`next_cursor` is opaque: hand it back for the following page; None means the end."""

    items: tuple[T, ...]
    next_cursor: str | None = None


def bounded(limit: int) -> int:
    return max(1, min(limit, LARGEST_PAGE))


def encode_cursor(*key: str | int | datetime) -> str:
    plain = [part.isoformat() if isinstance(part, datetime) else part for part in key]
    text = json.dumps(plain, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *kinds: type) -> tuple[Any, ...]:
    """The key back, each part of its kind. Raises Invalid for anything that is not ours."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        parts = list(json.loads(raw))
        return tuple(_part(part, kind) for part, kind in zip(parts, kinds, strict=True))
    except (
        binascii.Error,
        UnicodeError,
        ValueError,
        TypeError,
        OverflowError,
        RecursionError,
    ) as error:
        raise Invalid("cursor", "this is not a cursor given out by this list") from error


def _part(part: object, kind: type) -> Any:
    if kind is datetime and isinstance(part, str):
        moment = datetime.fromisoformat(part)
        if moment.tzinfo is None:
            raise TypeError("naive")
        return moment.astimezone(UTC)
    if type(part) is not kind:
        raise TypeError("kind")
    if (isinstance(part, int) and abs(part) >= _TOO_LARGE) or (
        isinstance(part, str) and "\0" in part
    ):
        raise TypeError("no database holds this")
    return part
