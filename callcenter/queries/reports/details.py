"""Single visits and contacts for a question that no sum answers: of the database, and of the
archive, whose contacts come in lots and are counted by the very same expressions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
)

from callcenter.errors import Invalid
from callcenter.ports.archive import Part
from callcenter.queries.reports import belonging, times
from callcenter.reports.folding import CALENDAR
from callcenter.reports.periods import Period
from callcenter.reports.question import By, Filters, Question
from callcenter.store import archive, report_sums
from callcenter.store.archive import ArchiveView
from callcenter.store.given import given
from callcenter.store.tables import (
    calls,
    interaction_outcomes,
    interactions,
)
from callcenter.store.types import UtcDateTime

LONGEST: Final = timedelta(days=93)
_LOT: Final = 20_000
_LONGEST_CALL: Final = timedelta(days=1)
_FIRST: Final = datetime.min.replace(tzinfo=UTC) + _LONGEST_CALL  # before it no call can begin
_TYPES: Final = {
    **{one.name: one.type for one in interactions.c if one.name in report_sums.GIVEN},
    "trunk": calls.c.trunk.type,
    "outcome_id": interaction_outcomes.c.outcome_id.type,
    "menu": String(),
}


@dataclass(frozen=True, slots=True)
class Details:
    """`facts` have a row for each visit, `joined` what tells of their contacts beside them."""

    facts: FromClause
    joined: FromClause
    result: ColumnElement[Any]
    customer_id: ColumnElement[Any]
    outcome_id: ColumnElement[Any]
    menu: ColumnElement[Any]
    here: tuple[ColumnElement[bool], ...] = ()
    members: Subquery | None = None
    """Of segments, where they are asked for."""


class Stretch(NamedTuple):
    """Visits from `start` on and before `end`, of contacts that began from `since` on: moments, or
    parameters of a statement that is made once and asked for one stretch after another."""

    start: Any
    end: Any
    since: Any


ANY_STRETCH: Final = Stretch(*(bindparam(name, type_=UtcDateTime()) for name in Stretch._fields))


def stretch(start: datetime, end: datetime) -> Stretch:
    return Stretch(start, end, max(start, _FIRST) - _LONGEST_CALL)


def all_of(connection: Connection, question: Question) -> Iterator[Details]:
    """Raises Invalid for a longer time than is counted at once."""
    period, view = question.period, archive.view(connection)
    if period.end - period.start > LONGEST:
        raise Invalid("period", f"with these filters, at most {LONGEST.days} days are counted")
    asked = stretch(period.start, period.end)
    yield of_database(connection, question, asked, has_archive=view is not None)
    if view is not None:
        yield from _of_archive(connection, view, question)


def of_database(
    connection: Connection,
    question: Question,
    asked: Stretch,
    *,
    has_archive: bool = False,
) -> Details:
    """With an archive, what is told by its contact is the archive's where the contact is there."""
    facts = report_sums.detail(connection, _limit(asked))
    joined: FromClause = facts
    wanted, filters = set(question.by), question.filters
    here: tuple[ColumnElement[bool], ...] = ()
    if told_by_contact(question):
        joined = joined.outerjoin(interactions, interactions.c.id == facts.c.interaction_id)
        if has_archive:
            here = (or_(interactions.c.id.is_not(None), facts.c.interaction_id.is_(None)),)
    if "outcome" in wanted or filters.outcomes:
        mine = interaction_outcomes.c.interaction_id == facts.c.interaction_id
        joined = joined.outerjoin(interaction_outcomes, mine)
    if "menu_path" in wanted:
        joined = joined.outerjoin(calls, calls.c.id == interactions.c.call_id)
    members: Subquery | None = None
    if belonging.asks(question):
        theirs = belonging.seen_in(asked.since, asked.end)
        members = belonging.memberships(connection, question, theirs)
    return Details(
        facts,
        _with_segments(joined, interactions.c.customer_id, question, members),
        interactions.c.result,
        interactions.c.customer_id,
        interaction_outcomes.c.outcome_id,
        cast(calls.c.record["menu"], String),
        here,
        members,
    )


def _of_archive(connection: Connection, view: ArchiveView, question: Question) -> Iterator[Details]:
    """A lot at a time, so that a month of any size takes no more memory than a small one."""
    row, last = interactions.c, 0
    query = archived(question).order_by(row.id).limit(_LOT)
    parts = archived_parts(view, question)
    while parts:
        rows = view.execute(query.where(row.id > last), parts).all()
        if rows:
            yield of_rows(connection, rows, question)
        if len(rows) < _LOT:
            return
        last = rows[-1].id


def archived_parts(view: ArchiveView, question: Question) -> list[Part]:
    return view.within(question.period.start - earlier(question), question.period.end)


def earlier(question: Question) -> timedelta:
    """How long before its visit a contact may have begun."""
    return _LONGEST_CALL if told_by_contact(question) else timedelta()


def archived(question: Question) -> Select[Any]:
    """What the archive tells of contacts of that time: of all, where it tells what is asked of
    them; else of those that no visit in the database tells of."""
    period, row, alone = question.period, interactions.c, report_sums.met_no_queue()
    since = period.start - earlier(question)
    query = (
        select(*_given_columns(question))
        .select_from(
            interactions.outerjoin(calls, calls.c.id == row.call_id).outerjoin(
                interaction_outcomes, interaction_outcomes.c.interaction_id == row.id
            )
        )
        .where(row.started_at >= since, row.started_at < period.end)
    )
    if told_by_contact(question):
        return query.where(or_(row.started_at >= period.start, not_(alone)))
    return query.where(alone)


def _given_columns(question: Question) -> list[ColumnElement[Any]]:
    """In the order of _TYPES."""
    menu: ColumnElement[Any] = literal(None, String)
    if "menu_path" in question.by:
        menu = func.json_extract_string(calls.c.record, "$.menu", type_=String)
    special = {
        "trunk": calls.c.trunk,
        "outcome_id": interaction_outcomes.c.outcome_id,
        "menu": menu,
    }
    return [
        (special[name] if name in special else interactions.c[name]).label(name) for name in _TYPES
    ]


def of_rows(connection: Connection, rows: Sequence[Any], question: Question) -> Details:
    """Of rows that `archived` told."""
    facts = report_sums.detail(connection, _limit(question.period), given(connection, _TYPES, rows))
    row = facts.c
    members: Subquery | None = None
    if belonging.asks(question):
        ids = (one.customer_id for one in rows if one.customer_id is not None)
        members = belonging.memberships(connection, question, belonging.these(connection, ids))
    joined = _with_segments(facts, row.customer_id, question, members)
    told = (row.result, row.customer_id, row.outcome_id, row.menu)
    return Details(facts, joined, *told, members=members)


def _limit(asked: Stretch | Period) -> report_sums.Limit:
    return lambda column: and_(column >= asked.start, column < asked.end)


def told_by_contact(question: Question) -> bool:
    """Whether a visit does not tell by itself what is asked of it."""
    filters = question.filters
    narrowed = filters.results or filters.outcomes or filters.segments
    wanted = {"result", "outcome", "segment", "menu_path"}
    return bool(wanted & set(question.by) or narrowed)


def _with_segments(
    joined: FromClause, customer_id: Any, question: Question, members: Subquery | None
) -> FromClause:
    """By segment somebody who is in two counts in both."""
    if "segment" not in question.by or members is None:
        return joined
    return joined.join(members, members.c.customer_id == customer_id)


def group(
    connection: Connection, by: By, details: Details, question: Question
) -> ColumnElement[Any]:
    facts = details.facts
    special: dict[str, ColumnElement[Any]] = {
        "operator": facts.c.operator_id,
        "outcome": details.outcome_id,
        "result": details.result,
        "menu_path": details.menu,
    }
    if details.members is not None:
        special["segment"] = details.members.c.segment_id
    if by in special:
        return special[by]
    if times.is_on_halves(question.period) or by not in (*CALENDAR, "time_of_day"):
        return by_column(connection, by, facts.c.at, facts, question)
    return _by_the_minute(connection, by, facts.c.at, question)


def by_column(
    connection: Connection, by: By, moment: Any, source: FromClause, question: Question
) -> ColumnElement[Any]:
    """What a grouping groups by, of sums as of single visits."""
    if by in ("half_hour", "hour"):
        return report_sums.half_number(connection, moment)
    if by in CALENDAR:
        return times.local(report_sums.half_number(connection, moment), question.period) // 48
    if by == "time_of_day":
        return times.local(report_sums.half_number(connection, moment), question.period) % 48
    if by in source.c:
        return source.c[by]
    raise Invalid("by", f"contacts cannot be told by {by}")


def _by_the_minute(
    connection: Connection, by: By, moment: Any, question: Question
) -> ColumnElement[Any]:
    """Where local days do not begin on half hours of UTC."""
    offset = question.period.local_start.utcoffset() or timedelta()
    shift = int(offset.total_seconds())
    if connection.dialect.name == "sqlite":
        local = cast(func.strftime("%s", moment), Integer) + shift
    else:
        local = cast(func.floor(func.date_part("epoch", moment)), BigInteger) + shift
    return local // 86400 if by in CALENDAR else local // 1800 % 48


def dimensions(source: FromClause, filters: Filters) -> list[ColumnElement[bool]]:
    return among_dimensions(source.c, filters)


def among_dimensions(row: Any, filters: Filters) -> list[ColumnElement[bool]]:
    wanted = {
        "channel": filters.channels,
        "direction": filters.directions,
        "queue": filters.queues,
        "dialed": filters.dialed,
        "trunk": filters.trunks,
    }
    return [row[name].in_(values) for name, values in wanted.items() if values]


def conditions(details: Details, question: Question) -> list[ColumnElement[bool]]:
    filters, facts = question.filters, details.facts
    found = [*dimensions(facts, filters), *details.here]
    if filters.operators is not None:
        found.append(facts.c.operator_id.in_(filters.operators))
    if filters.results:
        found.append(details.result.in_(filters.results))
    if filters.outcomes:
        found.append(details.outcome_id.in_(filters.outcomes))
    if filters.segments and details.members is not None:
        found.append(details.customer_id.in_(select(details.members.c.customer_id)))
    if "operator" in question.by:
        found.append(facts.c.operator_id.is_not(None))
    return found
