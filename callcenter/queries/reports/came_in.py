"""Everybody who came in, known by their card or their number: of the database and of the archive.

Each stretch of time is counted where its contacts are, by the one or by the other, which is given
beside its own those contacts of the other that came within the days around: a month in the archive
costs its files' own speed, and no more of it travels than its edges.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    DateTime,
    FromClause,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)

from callcenter.errors import Invalid
from callcenter.queries.reports.spans import Span, around, stretches, without
from callcenter.store import archive
from callcenter.store.archive import ArchiveView
from callcenter.store.given import given
from callcenter.store.tables import calls, interaction_outcomes, interactions
from callcenter.store.types import UtcDateTime

MOST_TOLD: Final = 500_000
"""So many contacts, or numbers, one of the two is told of the other's at most."""
_ROW, _VALUE = "\x1e", "\x1f"
KNOWN_BY: Final = ("started_at", "id", "customer_id", "number")
_TOLD: Final[Mapping[str, ColumnElement[Any]]] = {
    **{
        name: interactions.c[name]
        for name in (*KNOWN_BY, "queue", "channel", "result", "dialed", "operator_id")
    },
    "trunk": func.coalesce(calls.c.trunk, "", type_=calls.c.trunk.type),
    "outcome_id": interaction_outcomes.c.outcome_id,
}
_TYPES: Final = {name: column.type for name, column in _TOLD.items()}
_OWNER_TYPES: Final = {name: _TYPES[name] for name in ("number", "customer_id")}


@dataclass(frozen=True, slots=True)
class Everybody:
    """Contacts to be counted in `spans` by a statement of `source`.

    `contacts`: of the source's own whole time, and of the other's around the spans. `owners`: whose
    number is known, with the number, anywhere in the whole time.
    """

    source: Any
    spans: Sequence[Span]
    contacts: FromClause
    owners: FromClause

    @property
    def in_archive(self) -> bool:
        return isinstance(self.source, ArchiveView)


def is_all_here(connection: Connection, whole: Span) -> bool:
    """Whether the archive has nothing of that time."""
    view = archive.view(connection)
    return view is None or not view.within(*whole)


def all_of(
    connection: Connection, period: Span, days: timedelta, told: Collection[str]
) -> Iterator[Everybody]:
    """Everybody of the period, in one or two parts; `told`: what is asked of contacts beside who
    and when. Raises Invalid where one part has more to be told of the other than is told at once.
    """
    whole = (period[0] - days, period[1] + days)
    columns = tuple(name for name in _TYPES if name in {*KNOWN_BY, *told})
    view = archive.view(connection)
    parts = view.within(*whole) if view is not None else []
    if view is None or not parts:
        everybody = came_in([whole], columns).subquery("came_in")
        yield Everybody(connection, [period], everybody, everybody)
        return
    moved = view.group(parts)
    here, there = stretches(period, [month.bounds() for month, _ in moved.months])
    if here:
        yield _of_database(connection, moved, (whole, here, days), columns)
    if there:
        yield _of_archive(connection, moved, (whole, there, days), columns)


_Time = tuple[Span, Sequence[Span], timedelta]
"""All of it, which of it is counted, and how far around that others matter."""


def _of_database(
    connection: Connection, view: ArchiveView, time: _Time, columns: Sequence[str]
) -> Everybody:
    whole, spans, days = time
    near = around(spans, days, whole)
    own = came_in([whole], columns)
    types = {name: _TYPES[name] for name in columns}
    rows = _few(view.execute(came_in(near, columns).limit(MOST_TOLD + 1)).all())
    contacts = _with(own, select(given(connection, types, rows)) if rows else None)
    far = without(whole, near)
    known = _few(view.execute(_owners(far).limit(MOST_TOLD + 1)).all()) if far else []
    more = given(connection, _OWNER_TYPES, known) if known else None
    return Everybody(connection, spans, contacts, _with_owners(contacts, more))


def _of_archive(
    connection: Connection, view: ArchiveView, time: _Time, columns: Sequence[str]
) -> Everybody:
    whole, spans, days = time
    near = around(spans, days, whole)
    text = _text(connection, came_in(near, columns))
    told = _read(text, columns) if text else None
    contacts = _with(came_in([whole], columns), told, once=True)
    far = without(whole, near)
    known = _text(connection, _owners(far)) if far else ""
    more = _read(known, tuple(_OWNER_TYPES)).subquery("far") if known else None
    return Everybody(view, spans, contacts, _with_owners(contacts, more))


def came_in(spans: Sequence[Span], columns: Sequence[str]) -> Select[Any]:
    row = interactions.c
    return selected(columns).where(
        _in(row.started_at, spans),
        row.direction == "inbound",
        or_(row.customer_id.is_not(None), row.number != ""),
    )


def selected(columns: Iterable[str]) -> Select[Any]:
    """These of contacts, with no more beside them than they ask for."""
    row, names = interactions.c, set(columns)
    joined: FromClause = interactions
    if "trunk" in names:
        joined = joined.outerjoin(calls, calls.c.id == row.call_id)
    if "outcome_id" in names:
        mine = interaction_outcomes.c.interaction_id == row.id
        joined = joined.outerjoin(interaction_outcomes, mine)
    return select(*(_TOLD[name].label(name) for name in columns)).select_from(joined)


def _owners(spans: Sequence[Span]) -> Select[Any]:
    """Numbers with each card that they were seen with."""
    row = interactions.c
    known = (row.direction == "inbound", row.customer_id.is_not(None), row.number != "")
    query = select(row.number, row.customer_id).where(_in(row.started_at, spans), *known)
    return query.distinct()


def _in(moment: Any, spans: Sequence[Span]) -> ColumnElement[bool]:
    return or_(*(and_(moment >= start, moment < end) for start, end in spans))


def _with(own: Select[Any], others: Select[Any] | None, *, once: bool = False) -> FromClause:
    """`once`: made once, however often the statement speaks of it."""
    both = own if others is None else union_all(own, others)
    return both.cte("came_in").prefix_with("MATERIALIZED") if once else both.subquery("came_in")


def _with_owners(contacts: FromClause, more: FromClause | None) -> FromClause:
    if more is None:
        return contacts
    names = tuple(_OWNER_TYPES)
    near, far = (select(*(one.c[name] for name in names)) for one in (contacts, more))
    return union_all(near, far).subquery("known")


# -- rows as one text: made by the one database and read by the other, none of them in between


def _text(connection: Connection, query: Select[Any]) -> str:
    rows = query.limit(MOST_TOLD + 1).subquery("told")
    values = [_written(connection, column) for column in rows.c]
    line: Any = values[0]
    for value in values[1:]:
        line = line + literal(_VALUE) + value
    lines = select(func.count(), func.aggregate_strings(line, _ROW)).select_from(rows)
    count, text = connection.execute(lines).one()
    if count > MOST_TOLD:
        raise _too_many()
    return text or ""


def _written(connection: Connection, column: Any) -> Any:
    if isinstance(column.type, UtcDateTime):
        if connection.dialect.name == "sqlite":
            return type_coerce(column, String)
        return func.to_char(func.timezone("UTC", column), "YYYY-MM-DD HH24:MI:SS.US", type_=String)
    if isinstance(column.type, String):
        return func.replace(func.replace(column, _VALUE, ""), _ROW, "", type_=String)
    return func.coalesce(cast(column, String), "")


def _read(text: str, columns: Sequence[str]) -> Select[Any]:
    """In the words of the archive's files."""
    lines = select(func.unnest(func.string_split(literal(text), _ROW)).label("line")).subquery()
    return select(
        *(
            _value(name, func.split_part(lines.c.line, _VALUE, place)).label(name)
            for place, name in enumerate(columns, 1)
        )
    )


def _value(name: str, text: Any) -> Any:
    if isinstance(_TYPES[name], UtcDateTime):
        return type_coerce(cast(text, DateTime), UtcDateTime)
    if isinstance(_TYPES[name], String):
        return type_coerce(text, String)
    return cast(func.nullif(text, ""), BigInteger)


def _few(rows: Sequence[Any]) -> list[Any]:
    if len(rows) > MOST_TOLD:
        raise _too_many()
    return list(rows)


def _too_many() -> Invalid:
    return Invalid(
        "period", "too much of this time is in the archive to tell who came again: ask for less"
    )
