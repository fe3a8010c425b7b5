"""Contacts of some time, each asked by itself whether the same person came before or after it:
through the indexes of cards and numbers, so that a page of a list costs what it shows. Who is whom
is what `repeats` says of everybody at once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Interval,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
)

from callcenter.queries.reports import came_in
from callcenter.queries.reports.spans import Span
from callcenter.store.tables import interactions

LONGEST: Final = timedelta(days=30)
"""So much time is asked for at once where hardly anybody came again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`whole`: where it is looked whose a number is. Again is who comes within `days`."""

    connection: Connection
    whole: Span
    days: timedelta

    def contacts(self, start: datetime, end: datetime, told: Collection[str]) -> Subquery:
        """`customer_id` is whose it is: by the card, else by the number."""
        names = tuple(dict.fromkeys((*came_in.KNOWN_BY, *sorted(told))))
        own = came_in.came_in([(start, end)], names).subquery("own").c
        named = (name for name in names if name not in ("started_at", "customer_id"))
        return select(
            own.started_at.label("at"),
            *(own[name] for name in named),
            own.customer_id.label("card"),
            func.coalesce(own.customer_id, self._owner(own.number)).label("customer_id"),
        ).subquery("contacts")

    def before(self, one: Any) -> ColumnElement[bool]:
        """Whether the same person had come within the days before it."""
        return self._another(one, later=False)

    def after(self, one: Any) -> ColumnElement[bool]:
        return self._another(one, later=True)

    def _another(self, one: Any, *, later: bool) -> ColumnElement[bool]:
        other, theirs = interactions.alias("other").c, interactions.alias("theirs")
        near, unknown = self._near(one, other, later=later), other.customer_id.is_(None)
        by_card = select(other.id).where(other.customer_id == one.customer_id, near)
        by_number = select(other.id).where(
            one.card.is_(None), unknown, other.number == one.number, one.number != "", near
        )
        # With another number of theirs, which nobody else has called from.
        mine = and_(theirs.c.customer_id == one.customer_id, self._counts(theirs.c))
        used = select(theirs.c.number).where(mine).correlate_except(theirs)
        by_another = select(other.id).where(
            other.number.in_(used),
            unknown,
            near,
            self._owner(other.number) == one.customer_id,
        )
        # In turn: whose a number is costs most where thousands of calls show one and the same, as
        # those of a trunk may; nearly each of these has another beside it.
        return or_(by_number.exists(), by_card.exists(), by_another.exists())

    def _owner(self, called_from: Any) -> Any:
        """Whose number it is; nobody's where it was seen with several cards."""
        known = interactions.alias("known").c
        first, last = func.min(known.customer_id), func.max(known.customer_id)
        return (
            select(case((first == last, first)))
            .where(
                known.number == called_from,
                known.customer_id.is_not(None),
                self._counts(known),
            )
            .scalar_subquery()
        )

    def _counts(self, known: Any) -> ColumnElement[bool]:
        start, end = self.whole
        within = and_(known.started_at >= start, known.started_at < end)
        return and_(known.direction == "inbound", known.number != "", within)

    def _near(self, one: Any, other: Any, *, later: bool) -> ColumnElement[bool]:
        mine, its = tuple_(one.at, one.id), tuple_(other.started_at, other.id)
        first, second = (one.at, other.started_at) if later else (other.started_at, one.at)
        bound = self._moved(one.at, later=later)
        apart = other.started_at.between(*((one.at, bound) if later else (bound, one.at)))
        order = its > mine if later else its < mine
        close = within(self.connection, first, second, self.days)
        return and_(other.direction == "inbound", apart, order, close)

    def _moved(self, at: Any, *, later: bool) -> Any:
        """For an index: never nearer than the days are."""
        if self.connection.dialect.name != "sqlite":
            length = literal(self.days, Interval)
            return at + length if later else at - length
        sign, days = "+" if later else "-", self.days.days
        return func.strftime("%Y-%m-%d %H:%M:%S", at, f"{sign}{days} days", f"{sign}1 seconds")


def within(connection: Connection, first: Any, second: Any, days: timedelta) -> ColumnElement[bool]:
    """Whether a moment of the database is at most so long after another."""
    if connection.dialect.name == "sqlite":
        lasted: Any = func.julianday(second) - func.julianday(first)
        return lasted <= days / timedelta(days=1)  # type: ignore[no-any-return]
    return type_coerce(second - first, Interval) <= literal(days, Interval)
