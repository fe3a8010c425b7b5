"""Who came again, and whose first contact was enough."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    not_,
    or_,
    select,
)

from callcenter.queries.reports import belonging, came_in, cell_keys
from callcenter.queries.reports.came_again import LONGEST, Asked, within
from callcenter.queries.reports.came_in import Everybody
from callcenter.queries.reports.detail_sums import bounded, count, group
from callcenter.queries.reports.listed import Statement
from callcenter.reports.question import Cell, Question
from callcenter.store import archive

NAMES: Final = ("named", "repeated", "resolvable", "came_again")
_COLUMNS: Final = ("queue", "channel", "result", "dialed", "trunk", "operator_id", "outcome_id")


def rows(connection: Connection, question: Question) -> list[Any]:
    """Contacts of people and numbers that we know, inbound: which of them came after another, and
    which were followed by another within the days. Who is known by their card is one person,
    whatever number they used.
    """
    bounded(question)

    def read() -> list[Any]:
        return [
            row
            for one in _everybody(connection, question, _asked(question))
            for row in one.source.execute(_sums(connection, one, question))
            if row[-1] is not None
        ]

    found: list[Any] = archive.steady(connection, read)
    return found


def listed(connection: Connection, question: Question, cell: Cell) -> Iterator[Statement]:
    """Of first-contact resolution the contacts that resolved it; else those that came again."""
    bounded(question)
    days, span = timedelta(days=question.again_days), (question.period.start, question.period.end)
    whole = (span[0] - days, span[1] + days)
    if came_in.is_all_here(connection, whole):
        asked = Asked(connection, whole, days)
        made = partial(_page, connection, question, cell, asked)
        yield Statement(source=connection, made=made, span=span, pieced=True, longest=LONGEST)
        return
    for one in _everybody(connection, question, _asked(question)):
        contacts = _in_turn(one).c
        counted = _told_of(connection, one, contacts, question)
        there = _here(connection, one, contacts, question)
        query = _listed(_words(connection, one), question, cell, contacts, counted).where(*there)
        yield Statement(source=one.source, made=lambda _start, _end, query=query: query, span=span)  # type: ignore[misc]


def _page(  # noqa: PLR0917 (what is asked, and of which time)
    connection: Connection,
    question: Question,
    cell: Cell,
    asked: Asked,
    start: datetime,
    end: datetime,
) -> Select[Any]:
    """Of contacts that are all in the database."""
    contacts = asked.contacts(start, end, _asked(question)).c
    counted = _Told(asked.before(contacts), contacts.result == "answered", asked.after(contacts))
    wanted = _wanted(connection, contacts, question, in_archive=False)
    return _listed(connection, question, cell, contacts, counted).where(*wanted)


def _listed(
    words: Any, question: Question, cell: Cell, contacts: Any, counted: _Told
) -> Select[Any]:
    keys = cell_keys.conditions(words, question, cell, _columns(contacts), contacts.at)
    told = counted.resolved if cell.kpi == "fcr" else counted.again
    return select(contacts.at, contacts.id.label("interaction_id")).where(told, *keys)


def _everybody(
    connection: Connection, question: Question, told: Collection[str]
) -> Iterator[Everybody]:
    days, period = timedelta(days=question.again_days), question.period
    return came_in.all_of(connection, (period.start, period.end), days, told)


def _words(connection: Connection, them: Everybody) -> Any:
    return cell_keys.IN_ARCHIVE if them.in_archive else connection


def _columns(contacts: Any) -> dict[str, Any]:
    named = {"operator": "operator_id"} | {name: name for name in _COLUMNS}
    return {by: contacts[name] for by, name in named.items() if name in contacts}


@dataclass(frozen=True, slots=True)
class _Told:
    """Of one contact: whether it was one again, was answered, and was followed by another."""

    again: ColumnElement[bool]
    answered: ColumnElement[bool]
    followed: ColumnElement[bool]

    @property
    def resolved(self) -> ColumnElement[bool]:
        return and_(self.answered, not_(self.followed))


def _told_of(connection: Connection, them: Everybody, one: Any, question: Question) -> _Told:
    days = timedelta(days=question.again_days)
    return _Told(
        _within(connection, them, one.before, one.at, days),
        one.result == "answered",
        _within(connection, them, one.at, one.after, days),
    )


def _asked(question: Question) -> set[str]:
    filters = question.filters
    narrowed = {
        "queue": filters.queues,
        "channel": filters.channels,
        "dialed": filters.dialed,
        "trunk": filters.trunks,
        "operator_id": filters.operators is not None,
        "outcome_id": filters.outcomes,
    }
    by = {"operator_id" if one == "operator" else one for one in question.by}
    return {"result"} | (by & set(_COLUMNS)) | {name for name, some in narrowed.items() if some}


def _sums(connection: Connection, them: Everybody, question: Question) -> Any:
    contacts = _in_turn(them)
    told = _told_of(connection, them, contacts.c, question)
    sums = [func.count(), count(told.again), count(told.answered)]
    sums.append(count(and_(told.answered, told.followed)))
    words = _words(connection, them)
    groups = [group(words, by, contacts, contacts.c.at, question) for by in question.by]
    here = _here(connection, them, contacts.c, question)
    return select(*groups, *sums).where(*here).group_by(*groups)


def _here(
    connection: Connection, them: Everybody, one: Any, question: Question
) -> list[ColumnElement[bool]]:
    there = or_(*(and_(one.at >= start, one.at < end) for start, end in them.spans))
    return [there, *_wanted(connection, one, question, in_archive=them.in_archive)]


def _in_turn(them: Everybody) -> Subquery:
    """Each contact with the moments of the ones before and after it."""
    owners, found = _owners(them.owners), them.contacts.c
    person = func.coalesce(found.customer_id, owners.c.customer_id)
    who = [person, case((person.is_(None), found.number))]
    if them.in_archive:  # one text is sorted by sooner there
        who = [func.coalesce(cast(person, String), "-" + found.number)]
    turn: dict[str, Any] = {"partition_by": who, "order_by": [found.started_at, found.id]}
    told = select(
        found.started_at.label("at"),
        found.id,
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
    connection: Connection, one: Any, question: Question, *, in_archive: bool
) -> list[ColumnElement[bool]]:
    filters = question.filters
    wanted = {
        "queue": filters.queues,
        "channel": filters.channels,
        "result": filters.results,
        "dialed": filters.dialed,
        "trunk": filters.trunks,
        "outcome_id": filters.outcomes,
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
    return and_(known, within(connection, first, second, days))
