"""Who steps into calls: what a screen shows of it, the policy, and the list of what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import staffing_rows, supervision_rows
from callcenter.store.tables import interactions, supervision_sessions, users
from callcenter.supervision.stepping import Session, item

_T = supervision_sessions
policy = supervision_rows.policy


def any_open(connection: Connection) -> bool:
    """Whether anybody is in a call of others now."""
    return connection.execute(supervision_rows.open_anywhere().limit(1)).first() is not None


def of_user(connection: Connection, user_id: int) -> list[dict[str, Any]]:
    """Items of this user's screen: calls they listen to, and who listens to them."""
    people = users.alias()
    mine = _T.c.supervisor_id == user_id
    other = people.c.id == _T.c.operator_id
    found: dict[str, dict[str, Any]] = {}
    query = (
        supervision_rows.open_live()
        .add_columns(people.c.display_name.label("other"))
        .where(_T.c.began_at.is_not(None))
        .order_by(_T.c.id)
    )
    for row in connection.execute(query.where(mine, _T.c.source == "screen", other)):
        found |= _one(row, is_mine=True)
    other = people.c.id == _T.c.supervisor_id
    for row in connection.execute(query.where(_T.c.operator_id == user_id, _T.c.visible, other)):
        found |= _one(row, is_mine=False)
    return [one for one in found.values() if not one.get("gone")]


def _one(row: Row[Any], *, is_mine: bool) -> dict[str, dict[str, Any]]:
    told = item(supervision_rows.session(row), mine=is_mine, other=row.other)
    return {str(told["id"]): told}


@dataclass(frozen=True, slots=True)
class Stretch:
    """One row of the list: in which call, who, whom, and how to reach the call's contact."""

    session: Session
    supervisor: str
    operator: str
    interaction_id: int | None


@dataclass(frozen=True, slots=True)
class Stretches:
    rows: Sequence[Stretch]
    next_cursor: str | None


def stretches(
    connection: Connection, cursor: str | None, limit: int, viewer: Viewer = EVERYTHING
) -> Stretches:
    """Newest first: into calls of those whom this viewer may listen to, and the viewer's own.
    `cursor`: where the page before ended."""
    boss, operator = users.alias(), users.alias()
    joined = (
        _T.join(boss, boss.c.id == _T.c.supervisor_id)
        .outerjoin(operator, operator.c.id == _T.c.operator_id)
        .outerjoin(interactions, interactions.c.call_id == _T.c.call_id)
    )
    query = (
        select(
            _T,
            boss.c.display_name.label("boss"),
            operator.c.display_name.label("theirs"),
            interactions.c.id.label("interaction_id"),
        )
        .select_from(joined)
        .order_by(_T.c.asked_at.desc(), _T.c.id.desc())
        .limit(limit + 1)
    )
    theirs = viewer.user_ids("supervision", "listen")
    if theirs is not None:
        own = _T.c.supervisor_id == viewer.user_id
        query = query.where(or_(own, _T.c.operator_id.in_(sorted(theirs))))
    if (after := _after(cursor)) is not None:
        at, last = after
        query = query.where(
            _T.c.asked_at <= at, or_(_T.c.asked_at < at, and_(_T.c.asked_at == at, _T.c.id < last))
        )
    found = connection.execute(query).all()
    rows = [
        Stretch(supervision_rows.session(row), row.boss, row.theirs or "", row.interaction_id)
        for row in found[:limit]
    ]
    more = len(found) > limit
    last_row = rows[-1].session if rows else None
    cursor = f"{last_row.asked_at.isoformat()}_{last_row.id}" if more and last_row else None
    return Stretches(rows, cursor)


def _after(cursor: str | None) -> tuple[datetime, int] | None:
    at, _, last = (cursor or "").partition("_")
    try:
        moment = datetime.fromisoformat(at)
        known = moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
    return (known, int(last)) if known and last.isdecimal() and len(last) < 19 else None


@dataclass(frozen=True, slots=True)
class Loan:
    """`level` 0: they do not work there for a while."""

    user_id: int
    skill: str
    level: int
    until: datetime | None


def loans(connection: Connection, now: datetime) -> list[Loan]:
    """Who works elsewhere for a while."""
    rows = staffing_rows.loans(connection, now)
    return [Loan(row.user_id, row.skill, row.level, row.until) for row in rows]
