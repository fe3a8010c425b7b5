"""What routing must know of callers: one statement for any number of them, by indexes alone."""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection

from callcenter.queries.routing_sql import statement
from callcenter.routing.facts import CallerFacts, CustomerFacts, History, Operator
from callcenter.store.prepared import Prepared, broke

A_DAY: Final = timedelta(hours=24)
# Who spoke with somebody longer ago than this is not "their" operator any more.
RECENT: Final = timedelta(days=90)


class LostError(Exception):
    """The connection is gone: the database was started anew, or closed it."""


def facts_of(
    connection: Connection, numbers: Iterable[str], now: datetime
) -> dict[str, CallerFacts]:
    """Number (E.164) → what is known of it; every number that was asked for is there."""
    asked = list(dict.fromkeys(numbers))
    if not asked:
        return {}
    dialect = connection.dialect.name
    rows = connection.execute(_statement(dialect), _values(dialect, asked, now)).all()
    return _by_number(asked, rows, now)


def facts_at_once(
    connection: Connection, numbers: Iterable[str], now: datetime
) -> dict[str, CallerFacts]:
    """As `facts_of`, for callers who wait: by a connection in autocommit, with the driver's errors,
    and LostError when that connection is of no use any more."""
    asked = list(dict.fromkeys(numbers))
    dialect = connection.dialect.name
    prepared, row_of = _prepared(dialect)
    try:
        found = prepared.rows(connection, _values(dialect, asked, now))
    except Exception as error:
        if broke(connection, error):
            raise LostError from error
        raise
    return _by_number(asked, map(row_of, found), now)


def _values(dialect: str, asked: list[str], now: datetime) -> dict[str, Any]:
    return {
        "numbers": asked if dialect == "postgresql" else json.dumps(asked),
        "today": now.date(),
        "day_ago": now - A_DAY,
        "recent": now - RECENT,
    }


def _by_number(asked: list[str], rows: Iterable[Any], now: datetime) -> dict[str, CallerFacts]:
    grouped: dict[str, list[Any]] = {number: [] for number in asked}
    for row in rows:
        grouped[row.number].append(row)
    return {number: _caller(found, now) for number, found in grouped.items()}


@cache
def _statement(dialect: str) -> Any:
    return statement(dialect)


@cache
def _prepared(dialect: str) -> tuple[Prepared, Callable[[Iterable[Any]], Any]]:
    prepared = Prepared(_statement(dialect), dialect)
    # Its fields are read by name as those of SQLAlchemy's rows, in less time.
    named: Any = namedtuple  # the checker wants its fields written out
    return prepared, named("_Row", prepared.columns)._make


def _caller(rows: Sequence[Any], now: datetime) -> CallerFacts:
    if not rows:
        return CallerFacts()
    people = {row.id: row for row in rows if row.id is not None}
    shared = any(row.shared for row in rows if row.id is not None)
    customers = tuple(_customer(row, now.date(), shared=shared) for row in people.values())
    return CallerFacts(customers=customers, history=_history(rows[0], now))


def _history(row: Any, now: datetime) -> History:
    since = row.last_started_at
    return History(
        calls_today=row.calls_today,
        seconds_since=None if since is None else max(0, int((now - since).total_seconds())),
        answered=row.last_answered_at is not None,
        queue=row.last_queue or "",
        last_operator=_operator(row.spoke_with),
    )


def _customer(row: Any, today: date, *, shared: bool) -> CustomerFacts:
    """What is overdue since today only has no date yet, and is one day old."""
    since = row.overdue_since or today
    return CustomerFacts(
        customer_id=row.id,
        vip_level=row.vip_level,
        blocked=row.blocked,
        language=row.language,
        status=row.status,
        segment=row.segment,
        overdue_minor=int(row.overdue),
        overdue_days=max(1, (today - since).days) if row.overdue else 0,
        lifetime_minor=row.lifetime_minor or 0,
        currency=row.currency or "",
        abc=row.abc or "",
        rfm=f"{row.rfm_r}{row.rfm_f}{row.rfm_m}" if row.rfm_r else "",
        shared=shared,
        owner=_operator(row.owner),
        last_operator=_operator(row.last_operator),
        open_deal=row.deal_id,
        deal_stage=row.deal_stage or "",
        deal_owner=_operator(row.deal_owner),
        open_task=row.task_id,
        task_kind=row.task_kind or "",
        task_assignee=_operator(row.task_assignee),
        tags=_ids(row.tags),
        segments=_ids(row.segments),
        consents=_consents(row.consents),
    )


def _operator(told: str | None) -> Operator | None:
    """`7:1001`: written by the statement."""
    if not told:
        return None
    user, _colon, extension = told.partition(":")
    return Operator(int(user), extension)


def _ids(told: str | None) -> frozenset[int]:
    return frozenset(map(int, told.split(","))) if told else frozenset()


def _consents(told: str | None) -> dict[str, bool]:
    """`call:1,sms:0`: the latest of each channel."""
    said = (one.split(":") for one in told.split(",")) if told else ()
    return {channel: given == "1" for channel, given in said}
