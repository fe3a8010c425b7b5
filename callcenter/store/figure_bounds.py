"""Where the classes of the whole base end, worked out by the database: however many customers
there are, a few rows come back. What the bounds mean, `callcenter.trade.classes` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import Column, Connection, case, func, select

from callcenter.store.tables import customer_figures
from callcenter.trade.classes import A_PERCENT, B_PERCENT, FIFTHS, Measure

_FIGURES: Final = customer_figures.c
_MEASURES: Final[tuple[tuple[Measure, Column[Any]], ...]] = (
    ("recency", _FIGURES.last_order_on),
    ("frequency", _FIGURES.orders),
    ("monetary", _FIGURES.lifetime_minor),
)
Bound = tuple[str, Measure, int, int]


def work_out(connection: Connection) -> Iterator[Bound]:
    """(currency, measure, place, bound), for every currency in which somebody bought."""
    for measure, column in _MEASURES:
        yield from _fifths(connection, measure, column)
    yield from _abc(connection)


def _fifths(connection: Connection, measure: Measure, column: Column[Any]) -> Iterator[Bound]:
    """The least value that one, two, three, four fifths do not exceed; of fewer customers than
    there are fifths, none.
    """
    counted = (
        select(_FIGURES.currency, column.label("value"), func.count().label("many"))
        .where(_FIGURES.orders > 0)
        .group_by(_FIGURES.currency, column)
        .subquery()
    ).c
    running = select(
        counted.currency,
        counted.value,
        func.sum(counted.many)
        .over(partition_by=counted.currency, order_by=counted.value)
        .label("up_to"),
        func.sum(counted.many).over(partition_by=counted.currency).label("total"),
    ).subquery()
    reached = (
        func.min(case((running.c.up_to * FIFTHS >= running.c.total * place, running.c.value)))
        for place in range(1, FIFTHS)
    )
    query = (
        select(running.c.currency, *reached)
        .group_by(running.c.currency)
        .having(func.max(running.c.total) >= FIFTHS)
    )
    for currency, *bounds in connection.execute(query):
        for place, bound in enumerate(bounds, 1):
            yield currency, measure, place, _whole(bound)


def _abc(connection: Connection) -> Iterator[Bound]:
    """The least turnover before which less than 80 % (95 %) of all turnover has been made."""
    value = _FIGURES.lifetime_minor
    counted = (
        select(_FIGURES.currency, value.label("value"), (func.count() * value).label("made"))
        .where(value > 0)
        .group_by(_FIGURES.currency, value)
        .subquery()
    ).c
    running = select(
        counted.currency,
        counted.value,
        (
            func.sum(counted.made).over(
                partition_by=counted.currency, order_by=counted.value.desc()
            )
            - counted.made
        ).label("before"),
        func.sum(counted.made).over(partition_by=counted.currency).label("total"),
    ).subquery()
    least = (
        func.min(case((running.c.before * 100 < running.c.total * percent, running.c.value)))
        for percent in (A_PERCENT, B_PERCENT)
    )
    query = select(running.c.currency, *least).group_by(running.c.currency)
    for currency, *bounds in connection.execute(query):
        for place, bound in enumerate(bounds, 1):
            yield currency, "abc", place, int(bound)


def _whole(bound: int | date) -> int:
    return bound.toordinal() if isinstance(bound, date) else int(bound)
