"""The one place where facts become sums: what a visit, a call without a queue or a conversation
counts for. The worker writes these sums for each half hour; questions that no sum answers, and half
hours that are out of date, are read through the very same expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    FromClause,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)

from callcenter.reports.measures import CONTACT_MEASURES, LONGEST
from callcenter.reports.waits import (
    BOUNDS,
    DEFAULT_SHORT_SECONDS,
    abandoned_within,
    answered_within,
)
from callcenter.store.tables import calls, interactions, queue_settings, queue_visits
from callcenter.store.types import UtcDateTime

DIMENSIONS: Final = ("channel", "direction", "queue", "dialed", "trunk")
_NOT_ANSWERED: Final = ("missed", "busy", "rejected", "failed")
TOLD_BY: Final = ("result", "customer_id", "outcome_id", "menu")
GIVEN: Final = (
    *("id", "channel", "call_id", "direction", "dialed", "queue", "operator_id", "started_at"),
    *("ended_at", "wait_seconds", "talk_seconds", "hold_seconds", "ring_seconds", "transfers"),
    "trunk",
    *TOLD_BY,
)
_its_call: Final = calls.c.id == interactions.c.call_id
_trunk: Final = calls.c.trunk
Limit = Callable[[Any], ColumnElement[bool]]
"""From the column of a fact's moment to the condition on it."""


def half_start(connection: Connection, moment: Any) -> ColumnElement[Any]:
    """The start of the half hour that a moment is in, as it is stored."""
    if connection.dialect.name == "sqlite":
        minute = cast(func.strftime("%M", moment), Integer)
        half = case((minute < 30, "00"), else_="30")
        text = func.strftime("%Y-%m-%d %H:", moment) + half + literal(":00.000000")
        return type_coerce(text, UtcDateTime)
    epoch = func.to_timestamp(0)
    return type_coerce(
        func.date_bin(func.make_interval(0, 0, 0, 0, 0, 30), moment, epoch), UtcDateTime
    )


def day_start(connection: Connection, half: Any) -> ColumnElement[Any]:
    """The day of UTC that a half hour is in, as it is stored."""
    if connection.dialect.name == "sqlite":
        text = func.strftime("%Y-%m-%d 00:00:00.000000", half)
        return type_coerce(text, UtcDateTime)
    day = func.make_interval(0, 0, 0, 1)
    return type_coerce(func.date_bin(day, half, func.to_timestamp(0)), UtcDateTime)


def half_number(connection: Connection, moment: Any) -> ColumnElement[Any]:
    """Which half hour since 1970 a moment is in."""
    if connection.dialect.name == "sqlite":
        return cast(func.strftime("%s", moment), Integer) // 1800
    return cast(func.floor(func.date_part("epoch", moment) / 1800), Integer)


def detail(connection: Connection, limit: Limit, given: FromClause | None = None) -> Subquery:
    """One row for each visit, and for each contact that met no queue, whose moment `limit` takes.

    `how` is a visit's, or "placed", "reached" of what we began; "none" counts as a contact alone.
    `given`: contacts of the archive, with the columns GIVEN. Then of these alone, each row with
    what its contact is told by (TOLD_BY).
    """
    visits = _of_visits(limit)
    if given is None:
        others = _of_others(
            connection, limit, interactions, interactions.outerjoin(calls, _its_call), _trunk
        )
        return union_all(visits, others).subquery("detail")
    told = [given.c[name] for name in TOLD_BY]
    theirs = queue_visits.join(given, given.c.id == queue_visits.c.interaction_id)
    others = _of_others(connection, limit, given, given, given.c.trunk)
    return union_all(
        visits.select_from(theirs).add_columns(*told), others.add_columns(*told)
    ).subquery("detail")


def _of_visits(limit: Limit) -> Select[Any]:
    row = queue_visits.c
    return select(
        row.half,
        row.entered_at.label("at"),
        literal("call").label("channel"),
        row.direction,
        row.queue,
        row.dialed,
        row.trunk,
        row.how,
        row.wait_seconds.label("wait"),
        row.talk_seconds.label("talk"),
        row.hold_seconds.label("hold"),
        row.wrap_up_seconds.label("wrap_up"),
        row.ring_seconds.label("ring"),
        row.transfers.label("transferred"),
        case((row.number_in_call == 1, 1), else_=0).label("first"),
        case((and_(row.number_in_call == 1, row.direction == "outbound"), 1), else_=0).label(
            "placed"
        ),
        row.interaction_id,
        row.operator_id,
        row.call_id,
    ).where(limit(row.entered_at))


def _of_others(
    connection: Connection,
    limit: Limit,
    contacts: FromClause,
    joined: FromClause,
    trunk: ColumnElement[Any],
) -> Select[Any]:
    return (
        select(
            half_start(connection, contacts.c.started_at).label("half"),
            *(one.label(name) for name, one in of_other(contacts, trunk).items()),
        )
        .select_from(joined)
        .where(limit(contacts.c.started_at), met_no_queue(contacts))
    )


def of_other(contacts: FromClause, trunk: ColumnElement[Any]) -> dict[str, ColumnElement[Any]]:
    """What a contact that met no queue tells of itself, by the names of `detail`."""
    row = contacts.c
    outbound = row.direction == "outbound"
    return {
        "at": row.started_at,
        "channel": row.channel,
        "direction": row.direction,
        "queue": row.queue,
        "dialed": case((outbound, ""), else_=row.dialed),
        "trunk": func.coalesce(trunk, ""),
        "how": _how(row),
        "wait": func.coalesce(row.wait_seconds, 0.0),
        "talk": row.talk_seconds,
        "hold": row.hold_seconds,
        "wrap_up": literal(0.0, Float),
        "ring": row.ring_seconds,
        "transferred": func.coalesce(row.transfers, 0),
        "first": literal(1, Integer),
        "placed": case((outbound, 1), else_=0),
        "interaction_id": row.id,
        "operator_id": row.operator_id,
        "call_id": row.call_id,
    }


def met_no_queue(contacts: FromClause = interactions) -> ColumnElement[bool]:
    """Contacts that no visit tells of. Between our own desks nobody is offered to anybody."""
    row = contacts.c
    return and_(or_(row.call_id.is_(None), row.queue == ""), row.direction != "internal")


def _how(row: Any) -> ColumnElement[str]:
    """A call that no phone rang for (a menu, a closed door) was offered to nobody."""
    answered = row.result == "answered"
    offered = or_(row.channel != "call", row.ring_seconds > 0, row.call_id.is_(None))
    return case(
        (and_(row.direction == "outbound", answered), "reached"),
        (row.direction == "outbound", "placed"),
        (answered, "answered"),
        (row.result == "voicemail", "overflow"),
        (and_(row.result == "abandoned", offered), "abandoned"),
        (row.result.in_(_NOT_ANSWERED), "given_up"),
        (and_(row.result == "unknown", row.ended_at.is_(None), offered), "waiting"),
        else_="none",
    )


def measures(facts: FromClause, short: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """Every measure of a group of facts, in the order of CONTACT_MEASURES. `short`: up to how many
    seconds an abandon is a short one."""
    row = facts.c
    answered, abandoned = row.how == "answered", row.how == "abandoned"
    waited = row.how.in_(("answered", "abandoned", "overflow", "given_up"))
    made: dict[str, ColumnElement[Any]] = {
        **{name: _count(which) for name, which in counted(row, short).items()},
        "transferred": func.sum(row.transferred),
        "wait_answered": _total(answered, row.wait),
        "wait_abandoned": _total(abandoned, row.wait),
        "wait_longest": func.coalesce(func.max(case((waited, row.wait))), 0.0),
        **{name: func.sum(row[name]) for name in ("talk", "hold", "wrap_up", "ring")},
    }
    for bound in BOUNDS:
        within = row.wait <= bound
        made[answered_within(bound)] = _count(and_(answered, within))
        made[abandoned_within(bound)] = _count(and_(abandoned, within))
    return [made[name].label(name) for name in CONTACT_MEASURES]


def counted(row: Any, short: ColumnElement[Any]) -> dict[str, ColumnElement[bool]]:
    """Which facts each count counts: for the sums, and for the lists behind them."""
    abandoned = row["how"] == "abandoned"
    return {
        "contacts": row["first"] == 1,
        "offered": row["how"].not_in(("placed", "reached", "none")),
        "answered": row["how"] == "answered",
        "abandoned": abandoned,
        "short_abandoned": and_(abandoned, row["wait"] <= short),
        "overflowed": row["how"] == "overflow",
        "given_up": row["how"].in_(("given_up", "closed")),
        "waiting": row["how"] == "waiting",
        "handled": row["how"].in_(("answered", "reached")),
        "transferred": row["transferred"] > 0,
        "placed": row["placed"] == 1,
        "reached": and_(row["placed"] == 1, row["how"].in_(("reached", "answered"))),
    }


def half_sums(connection: Connection, limit: Limit) -> Select[Any]:
    """The rows of `contact_halves` as they should be, for the facts that `limit` takes."""
    facts = detail(connection, limit)
    groups = [facts.c.half, *(facts.c[name] for name in DIMENSIONS)]
    short, joined = with_short(facts)
    return select(*groups, *measures(facts, short)).select_from(joined).group_by(*groups)


def with_short(facts: FromClause) -> tuple[ColumnElement[Any], FromClause]:
    """The seconds of a short abandon of each fact's queue, and where they come from."""
    settings = queue_settings.c
    short = func.coalesce(settings.short_abandon_seconds, DEFAULT_SHORT_SECONDS)
    return short, facts.outerjoin(queue_settings, settings.name == facts.c.queue)


def short_of(facts: FromClause) -> ColumnElement[Any]:
    """The same, without anything to join."""
    settings = queue_settings.c
    own = select(settings.short_abandon_seconds).where(settings.name == facts.c.queue)
    return func.coalesce(own.scalar_subquery(), DEFAULT_SHORT_SECONDS)


def added_up(sums: FromClause, names: Sequence[str]) -> list[ColumnElement[Any]]:
    """Sums of sums."""
    return [
        (func.max(sums.c[name]) if name in LONGEST else func.sum(sums.c[name])).label(name)
        for name in names
    ]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _total(condition: ColumnElement[bool], what: Any) -> ColumnElement[float]:
    return func.sum(case((condition, what), else_=0.0))
