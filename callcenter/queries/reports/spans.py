"""Stretches of time: which of a period are the database's and which the archive's. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

Span = tuple[datetime, datetime]
"""From its first moment up to, without, its last."""
_SHORT: Final = timedelta(days=1)


def stretches(period: Span, months: Iterable[Span]) -> tuple[list[Span], list[Span]]:
    """Of the period those outside and those inside the months. What is shorter than a day is part
    of what is beside it: the first hours of a local month lie in the month before of UTC."""
    inside = joined(_cut(month, period) for month in months)
    pieces = [(span, True) for span in inside]
    pieces += [(span, False) for span in without(period, inside)]
    merged: list[tuple[Span, bool]] = []
    for span, within in sorted(pieces):
        if merged and (_is_short(span) or _is_short(merged[-1][0]) or merged[-1][1] == within):
            (start, _), before = merged.pop()
            longer = before if span[1] - span[0] < span[0] - start else within
            merged.append(((start, span[1]), longer))
        else:
            merged.append((span, within))
    return [one for one, within in merged if not within], [one for one, within in merged if within]


def around(spans: Iterable[Span], length: timedelta, whole: Span) -> list[Span]:
    return joined(_cut((start - length, end + length), whole) for start, end in spans)


def without(whole: Span, spans: Sequence[Span]) -> list[Span]:
    """What of the whole is in none of them; they are in order and do not touch."""
    found, at = [], whole[0]
    for start, end in spans:
        if start > at:
            found.append((at, start))
        at = max(at, end)
    return [*found, (at, whole[1])] if at < whole[1] else found


def joined(spans: Iterable[Span]) -> list[Span]:
    """In order, those that touch as one; empty ones are none."""
    found: list[Span] = []
    for start, end in sorted(one for one in spans if one[0] < one[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _cut(span: Span, whole: Span) -> Span:
    return max(span[0], whole[0]), min(span[1], whole[1])


def _is_short(span: Span) -> bool:
    return span[1] - span[0] < _SHORT
