"""What a cell's key says of rows that are counted by their own columns: the very parts of local
time that `folding` puts their half hours into.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, and_, or_

from callcenter.errors import Invalid
from callcenter.queries.reports import times
from callcenter.reports.periods import HALF, Bucket, Part, half_of
from callcenter.reports.question import Cell, Question
from callcenter.store import report_sums

PARTS: Final = ("half_hour", "hour", "day", "week", "month", "year")
_HALF_HOUR: Final = re.compile("([01][0-9]|2[0-3]):(00|30)")
_WEEKDAYS: Final = tuple("1234567")
_LONGEST_ID: Final = 18
"""Digits of a number that every database holds."""


@dataclass(frozen=True, slots=True)
class _Dialect:
    name: str = "postgresql"


@dataclass(frozen=True, slots=True)
class _Words:
    """The archive's files know the functions of time of PostgreSQL."""

    dialect: _Dialect = _Dialect()


IN_ARCHIVE: Final[Any] = _Words()


def check_cell(question: Question, cell: Cell) -> None:
    """Whether there may be such a row; of what has rows of its own (a queue), it is not known.

    Raises Invalid of what none can have.
    """
    for by, value in zip(question.by, cell.key, strict=False):
        if by in PARTS:
            bucket(question, by, value)
        elif by == "weekday":
            weekday(value)
        elif by == "time_of_day":
            time_of_day(value)
        elif by == "operator" and value:
            number(value)


def conditions(
    words: Any, question: Question, cell: Cell, columns: Mapping[str, Any], moment: Any
) -> list[ColumnElement[bool]]:
    """`columns`: grouping → the column that it groups by; of times, `moment` tells. `words`: whose
    functions are spoken, a connection's or IN_ARCHIVE."""
    found: list[ColumnElement[bool]] = []
    for by, value in zip(question.by, cell.key, strict=False):
        if by in PARTS:
            start, end = _halves_of(question, by, value)
            found.append(and_(moment >= start, moment < end))
        elif by in ("weekday", "time_of_day"):
            found.append(_in_turn(words, question, by, value, moment))
        elif by == "operator":
            column = columns[by]
            found.append(column == number(value) if value else column.is_(None))
        else:
            found.append(columns[by] == value if value else is_nothing(columns[by]))
    return found


def is_nothing(column: Any) -> ColumnElement[bool]:
    return or_(column == "", column.is_(None))


def bucket(question: Question, by: str, value: str) -> Bucket:
    for one in question.period.buckets(cast("Part", by)):
        if one.key == value:
            return one
    raise Invalid("cell", "the period has no such part")


def number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID):
        raise Invalid("cell", "the question has no such number")
    return int(text)


def time_of_day(value: str) -> int:
    """The half hour since local midnight."""
    if not _HALF_HOUR.fullmatch(value):
        raise Invalid("cell", "the question has no such number")
    hour, _, minute = value.partition(":")
    return int(hour) * 2 + int(minute) // 30


def weekday(value: str) -> int:
    """1 to 7, from Monday."""
    if value not in _WEEKDAYS:
        raise Invalid("cell", "the question has no such number")
    return int(value)


def _in_turn(
    words: Any, question: Question, by: str, value: str, moment: Any
) -> ColumnElement[bool]:
    wall = times.local(report_sums.half_number(words, moment), question.period)
    if by == "time_of_day":
        return wall % 48 == time_of_day(value)
    return (wall // 48 + 3) % 7 == weekday(value) - 1


def _halves_of(question: Question, by: str, value: str) -> tuple[datetime, datetime]:
    """Whole half hours, as sums have them: one that a day begins in is of the day before. What is
    cut at the period's own bounds is the period's."""
    found, period = bucket(question, by, value), question.period
    start = found.start if found.start == period.start else _next_half(found.start)
    return start, found.end if found.end == period.end else _next_half(found.end)


def _next_half(at: datetime) -> datetime:
    return at if half_of(at) == at else half_of(at) + HALF
