"""What callers chose in voice menus: the keys one after the other, and what became of the calls."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, String, case, cast, func, select, tuple_

from callcenter.errors import Invalid
from callcenter.queries import interaction_rows
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.views import InteractionView
from callcenter.queries.visibility import interactions_seen_by
from callcenter.reports.periods import Period
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store.tables import calls, interactions

LONGEST: Final = timedelta(days=93)
"""Keys are read from the calls themselves: a longer time would read too many of them."""
_LONGEST_PATH: Final = 20


@dataclass(frozen=True, slots=True)
class MenuPath:
    """`keys` in the order in which they were pressed; empty: none was."""

    keys: tuple[str, ...]
    calls: int
    answered: int
    abandoned: int


@dataclass(frozen=True, slots=True)
class MenuPaths:
    """`with_menu`: calls in which any key was pressed, of `calls` that came in."""

    paths: tuple[MenuPath, ...]
    calls: int
    with_menu: int


def paths(connection: Connection, period: Period, *, limit: int = 100) -> MenuPaths:
    """The most usual first. Raises Invalid("period") above three months."""
    _check(period)
    told = cast(calls.c.record["menu"], String)
    answered = func.sum(_is(interactions.c.result == "answered"))
    abandoned = func.sum(_is(interactions.c.result == "abandoned"))
    query = (
        select(
            told.label("told"),
            func.count().label("calls"),
            answered.label("answered"),
            abandoned.label("abandoned"),
        )
        .select_from(interactions.join(calls, calls.c.id == interactions.c.call_id))
        .where(*_of_period(period))
        .group_by(told)
    )
    found: dict[tuple[str, ...], list[int]] = {}
    for row in connection.execute(query):
        sums = found.setdefault(_keys(row.told), [0, 0, 0])
        for place, value in enumerate((row.calls, row.answered, row.abandoned)):
            sums[place] += int(value or 0)
    made = [MenuPath(keys, *sums) for keys, sums in found.items() if keys]
    made.sort(key=lambda one: (-one.calls, one.keys))
    return MenuPaths(
        paths=tuple(made[:limit]),
        calls=sum(sums[0] for sums in found.values()),
        with_menu=sum(one.calls for one in made),
    )


def contacts(
    connection: Connection,
    period: Period,
    keys: Sequence[str],
    *,
    cursor: str | None,
    limit: int,
    today: date,
    viewer: Viewer = EVERYTHING,
) -> Page[InteractionView]:
    """The calls in which exactly these keys were pressed, the newest first."""
    _check(period)
    size = bounded(limit)
    taken = tuple(keys)[:_LONGEST_PATH]
    theirs = select(calls.c.id).where(
        calls.c.id == interactions.c.call_id,
        *(calls.c.record["menu"][place].as_string() == key for place, key in enumerate(taken)),
        calls.c.record["menu"][len(taken)].as_string().is_(None),
    )
    query = interaction_rows.newest_first().where(
        *_of_period(period), theirs.exists(), *interactions_seen_by(viewer)
    )
    if cursor:
        place = tuple_(interactions.c.started_at, interactions.c.id)
        query = query.where(place < decode_cursor(cursor, datetime, int))
    found = interaction_rows.views(connection, query.limit(size + 1), today)
    if len(found) <= size:
        return Page(found)
    last = found[size - 1]
    return Page(found[:size], encode_cursor(last.started_at, last.id))


def _of_period(period: Period) -> tuple[ColumnElement[bool], ...]:
    started = interactions.c.started_at
    return (
        started >= period.start,
        started < period.end,
        interactions.c.channel == "call",
        interactions.c.direction == "inbound",
    )


def _is(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _keys(told: Any) -> tuple[str, ...]:
    try:
        keys = json.loads(told or "[]")
    except ValueError:
        return ()
    return tuple(str(one) for one in keys) if isinstance(keys, list) else ()


def _check(period: Period) -> None:
    if period.end - period.start > LONGEST:
        raise Invalid("period", "keys of voice menus are told for three months at most")
