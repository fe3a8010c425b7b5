"""Who came again, and whose first contact was enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Interval,
    String,
    Subquery,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from callcenter.queries.reports import belonging, came_in
from callcenter.queries.reports.came_in import Everybody
from callcenter.queries.reports.detail_sums import TIMES, bounded, count, group
from callcenter.reports.question import Question
from callcenter.store import archive

NAMES: Final = ("named", "repeated", "resolvable", "came_again")
_GROUPS: Final = frozenset({"queue", "channel", "operator", "result"})
_COLUMNS: Final = ("queue", "channel", "result", "dialed", "operator_id")


@dataclass(frozen=True, slots=True)
class _Dialect:
    name: str = "postgresql"


@dataclass(frozen=True, slots=True)
class _Words:
    """The archive's files know the functions of time of PostgreSQL."""

    dialect: _Dialect = _Dialect()


def rows(connection: Connection, question: Question) -> list[Any]:
    """Contacts of people and numbers that we know, inbound: which of them came after another, and
    which were followed by another within the days. Who is known by their card is one person,
    whatever number they used.
    """
    filters = question.filters
    unknown = filters.trunks or filters.outcomes
    if unknown or not set(question.by) <= TIMES | _GROUPS:
        return []
    bounded(question)
    days, period = timedelta(days=question.again_days), question.period
    whole = (period.start, period.end)

    def read() -> list[Any]:
        return [
            row
            for one in came_in.all_of(connection, whole, days, _asked(question))
            for row in one.source.execute(_sums(connection, one, question, days))
            if row[-1] is not None
        ]

    found: list[Any] = archive.steady(connection, read)
    return found


def _asked(question: Question) -> set[str]:
    filters = question.filters
    narrowed = {
        "queue": filters.queues,
        "channel": filters.channels,
        "dialed": filters.dialed,
        "operator_id": filters.operators is not None,
    }
    by = {"operator_id" if one == "operator" else one for one in question.by}
    return {"result"} | (by & set(_COLUMNS)) | {name for name, some in narrowed.items() if some}


def _sums(connection: Connection, them: Everybody, question: Question, days: timedelta) -> Any:
    contacts = _in_turn(them)
    one = contacts.c
    again = _within(connection, them, one.before, one.at, days)
    followed = _within(connection, them, one.at, one.after, days)
    answered = one.result == "answered"
    sums = [func.count(), count(again), count(answered), count(and_(answered, followed))]
    words: Any = _Words() if them.in_archive else connection
    groups = [group(words, by, contacts, one.at, question) for by in question.by]
    here = or_(*(and_(one.at >= start, one.at < end) for start, end in them.spans))
    wanted = _wanted(connection, contacts, question, in_archive=them.in_archive)
    return select(*groups, *sums).where(here, *wanted).group_by(*groups)


def _in_turn(them: Everybody) -> Subquery:
    """Each contact with the moments of the ones before and after it."""
    owners, found = _owners(them.owners), them.contacts.c
    person = func.coalesce(found.customer_id, owners.c.customer_id)
    who = [person, case((person.is_(None), found.number))]
    if them.in_archive:  # one text is sorted by sooner there
        who = [func.coalesce(cast(person, String), "-" + found.number)]
    turn: dict[str, Any] = {"partition_by": who, "order_by": found.started_at}
    told = select(
        found.started_at.label("at"),
        *(found[name] for name in _COLUMNS if name in found),
        person.label("customer_id"),
        func.lag(found.started_at).over(**turn).label("before"),
        func.lead(found.started_at).over(**turn).label("after"),
    )
    unknown_yet = and_(found.customer_id.is_(None), owners.c.number == found.number)
    return told.select_from(them.contacts.outerjoin(owners, unknown_yet)).subquery("contacts")


def _owners(known: FromClause) -> FromClause:
    """Whose number it turned out to be: who is spoken with for the first time gets a card then, and
    called before as a mere number."""
    told = known.alias("told").c
    one, other = func.min(told.customer_id), func.max(told.customer_id)
    owners = select(told.number, one.label("customer_id")).where(
        told.customer_id.is_not(None), told.number != ""
    )
    return owners.group_by(told.number).having(one == other).subquery("owners")


def _wanted(
    connection: Connection, contacts: FromClause, question: Question, *, in_archive: bool
) -> list[ColumnElement[bool]]:
    filters, one = question.filters, contacts.c
    wanted = {
        "queue": filters.queues,
        "channel": filters.channels,
        "result": filters.results,
        "dialed": filters.dialed,
    }
    found: list[ColumnElement[bool]] = [
        one[name].in_(values) for name, values in wanted.items() if values
    ]
    if filters.directions and "inbound" not in filters.directions:
        found.append(false())
    if filters.operators is not None:
        found.append(one.operator_id.in_(filters.operators))
    if filters.segments:
        belong = belonging.memberships(connection, question)
        members = select(belong.c.customer_id)
        found.append(one.customer_id.in_(_carried(connection, members) if in_archive else members))
    return found


def _carried(connection: Connection, ids: Any) -> Any:
    """Numbers that the database finds, for a statement over the archive's files."""
    known = ids.distinct().subquery("known")
    text = select(func.aggregate_strings(cast(next(iter(known.c)), String), ",")).select_from(known)
    each = func.unnest(func.string_split(literal(connection.scalar(text) or "0"), ","))
    return select(cast(each, BigInteger))


def _within(
    connection: Connection, them: Everybody, first: Any, second: Any, days: timedelta
) -> ColumnElement[bool]:
    known = and_(first.is_not(None), second.is_not(None))
    if them.in_archive:
        apart = func.epoch_us(second) - func.epoch_us(first)
        return and_(known, apart <= days // timedelta(microseconds=1))
    if connection.dialect.name == "sqlite":
        lasted: Any = func.julianday(second) - func.julianday(first)
        return and_(known, lasted <= days / timedelta(days=1))
    return and_(known, type_coerce(second - first, Interval) <= literal(days, Interval))
