"""How often callers' PINs were wrong lately: one statement for a caller, one for whoever looks."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    select,
)

from callcenter.menus.guessing import HALTED, LIFTED, PROOF_HOLDS, WHERE, WINDOW, Halt, Tries
from callcenter.store.tables import audit_log, caller_pins, identifications
from callcenter.store.types import UtcDateTime

_TRIED = identifications.c
_TURN: Final = 4_573_002
"""Names our advisory lock among those of other programs."""


def tries(connection: Connection, caller: str, customer_id: int | None, now: datetime) -> Tries:
    """`customer_id`: who the caller says they are; None before they have said so."""
    since = _since(now)
    from_caller = and_(_TRIED.number == caller, _TRIED.at > now - WINDOW, _TRIED.ok.is_(False))
    query = select(
        since.label("since"),
        select(func.count()).where(_failed(since, now)).scalar_subquery().label("failures"),
        select(func.count()).where(from_caller).scalar_subquery().label("from_caller"),
        _proven(caller, customer_id, now).label("proven"),
        _mistaken(since, now).label("mistaken"),
    )
    row = connection.execute(query).one()
    return Tries(
        since=row.since,
        failures=row.failures,
        from_caller=row.from_caller,
        proven=bool(row.proven),
        mistaken=row.mistaken,
    )


def halt(connection: Connection, most: int, now: datetime) -> Halt | None:
    """None while everybody is asked."""
    found, _told = _halt(connection, most, now)
    return found


def halt_in_turn(connection: Connection, most: int, now: datetime) -> Halt | None:
    """As `halt`, for whoever tells of it in this transaction: of those who see at the same moment a
    halt that nobody was told of yet, one goes on, and the others see what came of that."""
    found, told = _halt(connection, most, now)
    if found is None or told:
        return found
    if connection.dialect.name == "sqlite":  # which has one writer at a time
        return found
    connection.execute(select(func.pg_advisory_xact_lock(_TURN)))
    return halt(connection, most, now)


def _halt(connection: Connection, most: int, now: datetime) -> tuple[Halt | None, bool]:
    """And whether it stands in the audit log."""
    since = _since(now)
    nth = select(_TRIED.at).where(_failed(since, now)).order_by(_TRIED.at.desc())
    kind, key = WHERE
    told = select(func.max(audit_log.c.at)).where(
        audit_log.c.object_type == kind,
        audit_log.c.object_id == key,
        audit_log.c.action == HALTED,
        audit_log.c.at > since,
    )
    query = select(
        func.count().label("failures"),
        func.count(func.nullif(_TRIED.number, "").distinct()).label("numbers"),
        func.count(case((_TRIED.number == "", 1))).label("hidden"),
        func.max(_TRIED.at).label("newest"),
        told.scalar_subquery().label("told"),
        nth.limit(1).offset(max(most - 1, 0)).scalar_subquery().label("nth"),
    ).where(_failed(since, now))
    row = connection.execute(query).one()
    if row.nth is None:
        return None, False
    found = Halt(
        since=row.told or row.newest,
        until=row.nth + WINDOW,
        failures=row.failures,
        numbers=row.numbers,
        hidden=row.hidden,
    )
    return found, row.told is not None


def _since(now: datetime) -> ColumnElement[datetime]:
    kind, key = WHERE
    lifted = select(func.max(audit_log.c.at)).where(
        audit_log.c.object_type == kind,
        audit_log.c.object_id == key,
        audit_log.c.action == LIFTED,
        audit_log.c.at > now - WINDOW,
    )
    return func.coalesce(lifted.scalar_subquery(), literal(now - WINDOW, UtcDateTime()))


def _failed(since: ColumnElement[datetime], now: datetime) -> ColumnElement[bool]:
    """The window's beginning is said as well: by it alone a database can tell how few there are."""
    return and_(_TRIED.at > now - WINDOW, _TRIED.at > since, _TRIED.ok.is_(False))


def _proven(caller: str, customer_id: int | None, now: datetime) -> ColumnElement[bool]:
    if not caller:  # all who hide their number have the same one
        return false()
    later = identifications.alias("later").c
    wrong_since = exists().where(
        later.number == _TRIED.number,
        later.customer_id == _TRIED.customer_id,
        later.ok.is_(False),
        later.id > _TRIED.id,
    )
    by_the_pin_of_today = and_(
        caller_pins.c.customer_id == _TRIED.customer_id, caller_pins.c.set_at <= _TRIED.at
    )
    proof = exists().where(
        _TRIED.number == caller,
        _TRIED.at > now - PROOF_HOLDS,
        _TRIED.ok.is_(True),
        by_the_pin_of_today,
        ~wrong_since,
    )
    return proof if customer_id is None else proof.where(_TRIED.customer_id == customer_id)


def _mistaken(since: ColumnElement[datetime], now: datetime) -> ColumnElement[int]:
    """A proof is looked up for each failure, of which there are few: joined to all that were tried,
    they would cost a month's tries for every caller."""
    earlier = identifications.alias("earlier").c
    proof = (
        select(earlier.id)
        .where(
            earlier.number == _TRIED.number,
            earlier.customer_id == _TRIED.customer_id,
            earlier.ok.is_(True),
            earlier.at > now - PROOF_HOLDS,
            earlier.id < _TRIED.id,
        )
        .limit(1)
        .correlate(identifications)
        .scalar_subquery()
    )
    customers = func.count(_TRIED.customer_id.distinct())
    query = select(customers).where(_failed(since, now), _TRIED.number != "", proof.is_not(None))
    return query.scalar_subquery()
