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


def half_number(connection: Connection, moment: Any) -> ColumnElement[Any]:
    """Which half hour since 1970 a moment is in."""
    if connection.dialect.name == "sqlite":
        return cast(func.strftime("%s", moment), Integer) // 1800
    return cast(func.floor(func.date_part("epoch", moment) / 1800), Integer)


def detail(connection: Connection, limit: Limit) -> Subquery:
    """One row for each visit, and for each contact that met no queue, whose moment `limit` takes.

    `how` is a visit's, or "placed", "reached" of what we began; "none" counts as a contact alone.
    """
    return union_all(_of_visits(limit), _of_others(connection, limit)).subquery("detail")


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
    ).where(limit(row.entered_at))


def _of_others(connection: Connection, limit: Limit) -> Select[Any]:
    row = interactions.c
    outbound = row.direction == "outbound"
    return (
        select(
            half_start(connection, row.started_at).label("half"),
            row.started_at.label("at"),
            row.channel,
            row.direction,
            row.queue,
            case((outbound, ""), else_=row.dialed).label("dialed"),
            func.coalesce(calls.c.trunk, "").label("trunk"),
            _how(row).label("how"),
            func.coalesce(row.wait_seconds, 0.0).label("wait"),
            row.talk_seconds.label("talk"),
            row.hold_seconds.label("hold"),
            literal(0.0, Float).label("wrap_up"),
            row.ring_seconds.label("ring"),
            literal(0, Integer).label("transferred"),
            literal(1, Integer).label("first"),
            case((outbound, 1), else_=0).label("placed"),
            row.id.label("interaction_id"),
            row.operator_id,
        )
        .select_from(interactions.outerjoin(calls, calls.c.id == row.call_id))
        .where(limit(row.started_at), met_no_queue())
    )


def met_no_queue() -> ColumnElement[bool]:
    """Contacts that no visit tells of. Between our own desks nobody is offered to anybody."""
    row = interactions.c
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
        "contacts": func.sum(row.first),
        "offered": _count(row.how.not_in(("placed", "reached", "none"))),
        "answered": _count(answered),
        "abandoned": _count(abandoned),
        "short_abandoned": _count(and_(abandoned, row.wait <= short)),
        "overflowed": _count(row.how == "overflow"),
        "given_up": _count(row.how.in_(("given_up", "closed"))),
        "waiting": _count(row.how == "waiting"),
        "handled": _count(row.how.in_(("answered", "reached"))),
        "transferred": func.sum(row.transferred),
        "placed": func.sum(row.placed),
        "reached": _count(and_(row.placed == 1, row.how.in_(("reached", "answered")))),
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
