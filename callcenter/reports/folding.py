"""From sums to figures: groups of a database's rows are folded into the parts of local time that a
question asks for, and each figure is made of the sums of its part. Pure.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from callcenter.errors import Invalid
from callcenter.reports.definitions import KPIS, Kpi
from callcenter.reports.measures import LONGEST
from callcenter.reports.periods import HALF, Bucket, Period
from callcenter.reports.question import MOST_ROWS, Answer, By, Question, Row, Unknown

Key = tuple[str, ...]
Folded = dict[Key, dict[str, float]]
Values = dict[str, float | None]
TIMES: Final = ("half_hour", "hour", "day", "week", "month", "year", "weekday", "time_of_day")
CALENDAR: Final = ("day", "week", "month", "year", "weekday")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY: Final = date(1970, 1, 1)
_MOST_DAYS: Final[Mapping[str, int]] = {
    "half_hour": 62,
    "hour": 93,
    "day": 800,
    "weekday": 400,
    "time_of_day": 400,
}
"""Rows or work without bounds help nobody."""


def checked(question: Question) -> list[Kpi]:
    """The figures asked for. Raises Invalid for what cannot be answered."""
    unknown = [name for name in question.kpis if name not in KPIS]
    if unknown:
        raise Invalid("kpis", f"there is no figure {unknown[0]}")
    if len(question.by) > 3 or len(set(question.by)) < len(question.by):
        raise Invalid("by", "at most three groupings, each once")
    days = (question.period.end - question.period.start) / timedelta(days=1)
    for by in question.by:
        most = _MOST_DAYS.get(by)
        if most is not None and days > most + 1:
            raise Invalid("period", f"by {by.replace('_', ' ')}, at most {most} days are shown")
    return [KPIS[name] for name in question.kpis]


def number_of(at: datetime) -> int:
    """Which half hour since 1970."""
    return (at - _EPOCH) // HALF


def start_of(number: int) -> datetime:
    return _EPOCH + HALF * number


def key_maker(by: By, period: Period) -> Callable[[Any], str]:
    """From the value that a database grouped by to what the row is called. Days are numbers since
    1970 in local time, half hours numbers since 1970 in UTC, times of day half hours since local
    midnight."""
    if by in ("half_hour", "hour"):
        buckets = period.buckets("half_hour" if by == "half_hour" else "hour")
        return _finder(buckets)
    if by == "time_of_day":
        return lambda number: f"{int(number) // 2:02}:{int(number) % 2 * 30:02}"
    if by == "weekday":
        return lambda number: str((int(number) + 3) % 7 + 1)
    if by in CALENDAR:
        return lambda number: _named(by, _FIRST_DAY + timedelta(days=int(number)))
    if by == "menu_path":
        return menu_path
    return lambda value: "" if value is None else str(value)


def menu_path(told: Any) -> str:
    """From the keys as a call's record has them, which no caller can have made."""
    return " ".join(json.loads(told)) if told and told != "null" else ""


def _finder(buckets: Sequence[Bucket]) -> Callable[[Any], str]:
    starts = [bucket.start for bucket in buckets]

    def find(number: Any) -> str:
        place = bisect_right(starts, start_of(int(number))) - 1
        return buckets[max(0, place)].key

    return find


def _named(by: str, day: date) -> str:
    if by == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return {"day": f"{day}", "month": f"{day:%Y-%m}", "year": f"{day:%Y}"}[by]


def fold(
    rows: Iterable[Sequence[Any]], names: Sequence[str], question: Question, into: Folded
) -> None:
    """Each row: one value for each of the question's `by`, then the sums `names`."""
    makers = [key_maker(by, question.period) for by in question.by]
    count = len(makers)
    for row in rows:
        key = tuple(make(value) for make, value in zip(makers, row, strict=False))
        add(into.setdefault(key, {}), dict(zip(names, row[count:], strict=True)))


def add(sums: dict[str, float], more: Mapping[str, Any]) -> None:
    for name, value in more.items():
        known, new = sums.get(name, 0), float(value or 0)
        sums[name] = max(known, new) if name in LONGEST else known + new


@dataclass(frozen=True, slots=True)
class FoldedSums:
    """What contacts came to, and what operators did: a take-over is another's conversation."""

    contacts: Folded
    operators: Folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How figures are made: those of `theirs` of what operators did, those of `unknown` not at
    all."""

    theirs: Set[str] = frozenset()
    unknown: Mapping[str, Unknown] = field(default_factory=dict)


def answer_of(
    sums: FoldedSums, ways: Ways, kpis: Sequence[Kpi], question: Question, whole: FoldedSums
) -> Answer:
    """`whole` is what totals are of: of all together, a share of sums, never a mean of shares."""
    keys = sorted(sums.contacts.keys() | sums.operators.keys()) if question.by else []
    lengths = _lengths(question)

    def row(found: Mapping[str, float], mine: Mapping[str, float], length: float) -> Values:
        found, mine = {**found, "length": length}, {**mine, "length": length}
        made = {kpi.name: kpi.value(mine if kpi.name in ways.theirs else found) for kpi in kpis}
        return {**made, **dict.fromkeys(ways.unknown)}

    rows = tuple(
        Row(key, row(sums.contacts.get(key, {}), sums.operators.get(key, {}), lengths(key)))
        for key in keys[:MOST_ROWS]
    )
    length = (question.period.end - question.period.start).total_seconds()
    totals = row(_total(whole.contacts), _total(whole.operators), length)
    cut = len(keys) > MOST_ROWS
    return Answer(rows=rows, totals=totals, cut=cut, unknown=ways.unknown)


def _total(folded: Folded) -> dict[str, float]:
    totals: dict[str, float] = {}
    for sums in folded.values():
        add(totals, sums)
    return totals


def _lengths(question: Question) -> Callable[[Key], float]:
    """How many seconds of the period a row stands for."""
    period = question.period
    whole = (period.end - period.start).total_seconds()
    lengths: list[Mapping[str, float] | None] = []
    for by in question.by:
        if by in ("half_hour", "hour", "day", "week", "month", "year"):
            found = {b.key: (b.end - b.start).total_seconds() for b in period.buckets(by)}
            lengths.append(found)
        elif by in ("weekday", "time_of_day"):
            lengths.append({})  # of several days: no one length
        else:
            lengths.append(None)

    def length(key: Key) -> float:
        told = [
            known.get(part, 0.0)
            for part, known in zip(key, lengths, strict=True)
            if known is not None
        ]
        return min(told, default=whole)

    return length
