"""What callers chose in voice menus: the keys one after the other, and what became of the calls."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, String, case, cast, func, select

from callcenter.errors import Invalid
from callcenter.queries import archived, interaction_rows
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.views import InteractionView
from callcenter.queries.visibility import interactions_seen_by
from callcenter.reports.periods import Period
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import archive
from callcenter.store.tables import calls, interactions

LONGEST: Final = timedelta(days=93)
"""Keys are read from the calls themselves: a longer time would read too many of them."""
_LONGEST_PATH: Final = 20
_MENU: Final = cast(func.json_extract(calls.c.record, "$.menu"), String)
"""As the archive's files tell it: without a blank."""


@dataclass(frozen=True, slots=True)
class MenuPath:
    """`keys` in the order in which they were pressed; empty: none was."""

    keys: tuple[str, ...]
    calls: int
    answered: int
    abandoned: int


@dataclass(frozen=True, slots=True)
class Step:
    """Where callers stood who had pressed `keys`: how many they were, which keys how many of them
    pressed next, and how many pressed none: they hung up, or went where their keys led."""

    keys: tuple[str, ...]
    calls: int
    chose: tuple[tuple[str, int], ...]
    hung_up: int
    led_on: int


@dataclass(frozen=True, slots=True)
class MenuPaths:
    """`with_menu`: calls in which any key was pressed, of `calls` that came in. `steps`: the most
    usual first; callers who never pressed a key met a menu or did not, which no record tells."""

    paths: tuple[MenuPath, ...]
    calls: int
    with_menu: int
    steps: tuple[Step, ...] = ()


def paths(connection: Connection, period: Period, *, limit: int = 100) -> MenuPaths:
    """The most usual first. Raises Invalid("period") above three months."""
    _check(period)
    found: dict[tuple[str, ...], list[int]] = {}
    for row in archive.steady(connection, lambda: _rows(connection, period)):
        sums = found.setdefault(_keys(row.told), [0, 0, 0])
        for place, value in enumerate((row.calls, row.answered, row.abandoned)):
            sums[place] += int(value or 0)
    made = [MenuPath(keys, *sums) for keys, sums in found.items() if keys]
    made.sort(key=lambda one: (-one.calls, one.keys))
    return MenuPaths(
        paths=tuple(made[:limit]),
        calls=sum(sums[0] for sums in found.values()),
        with_menu=sum(one.calls for one in made),
        steps=tuple(steps(made)[:limit]),
    )


def _rows(connection: Connection, period: Period) -> list[Any]:
    """Of the database, and of the archive's months."""
    found = list(connection.execute(_sums(period, cast(calls.c.record["menu"], String))))
    view = archive.view(connection)
    if view is not None and (parts := view.within(period.start, period.end)):
        found += view.execute(_sums(period, _MENU), parts).all()
    return found


def _sums(period: Period, told: ColumnElement[Any]) -> Select[Any]:
    return (
        select(
            told.label("told"),
            func.count().label("calls"),
            func.sum(_is(interactions.c.result == "answered")).label("answered"),
            func.sum(_is(interactions.c.result == "abandoned")).label("abandoned"),
        )
        .select_from(interactions.join(calls, calls.c.id == interactions.c.call_id))
        .where(*_of_period(period))
        .group_by(told)
    )


def steps(paths: Sequence[MenuPath]) -> list[Step]:
    """Every place where callers of these ways stood, the one where most did first."""
    stood: dict[tuple[str, ...], dict[str, int]] = {}
    ended: dict[tuple[str, ...], MenuPath] = {}
    for one in paths:
        ended[one.keys] = one
        for place, key in enumerate(one.keys):
            chosen = stood.setdefault(one.keys[:place], {})
            chosen[key] = chosen.get(key, 0) + one.calls
    found = [_step(keys, stood.get(keys, {}), ended.get(keys)) for keys in {*stood, *ended}]
    return sorted(found, key=lambda one: (-one.calls, one.keys))


def _step(keys: tuple[str, ...], chosen: dict[str, int], here: MenuPath | None) -> Step:
    stayed = here.calls if here is not None else 0
    hung_up = here.abandoned if here is not None else 0
    chose = tuple(sorted(chosen.items(), key=lambda one: (-one[1], one[0])))
    return Step(keys, sum(chosen.values()) + stayed, chose, hung_up, stayed - hung_up)


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
    live = interaction_rows.newest_first().where(
        *_of_period(period), theirs.exists(), *interactions_seen_by(viewer)
    )
    pressed = _MENU.in_([json.dumps(taken, separators=(",", ":"))])
    moved = select(calls.c.id).where(calls.c.id == interactions.c.call_id, pressed)
    old = archived.Asked(
        conditions=lambda: (*_of_period(period), moved.exists()),
        viewer=viewer,
        since=period.start,
        until=period.end,
        in_files=True,
    )
    after = decode_cursor(cursor, datetime, int) if cursor else None
    found = archived.newest(connection, live, old, after, size + 1, today)
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
