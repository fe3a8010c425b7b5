"""Who belongs to which segment, as far as somebody may be told: members of frozen ones, and of live
ones those whom their filters hold for at the time of reading, whenever their contacts were.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    false,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)

from callcenter.errors import Invalid
from callcenter.queries import segment_sql
from callcenter.queries import segments as segment_queries
from callcenter.queries.segments import SegmentView
from callcenter.reports.periods import zone_of
from callcenter.reports.question import Question
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.segments.tree import Group
from callcenter.store import account_rows, rights_rows
from callcenter.store.sets import among
from callcenter.store.tables import customers, interactions, segment_members, segments, users

MOST_LIVE: Final = 50


def asks(question: Question) -> bool:
    return "segment" in question.by or bool(question.filters.segments)


def memberships(
    connection: Connection, question: Question, of: ColumnElement[bool] | None = None
) -> Subquery:
    """Segments with their customers. `of`: of which customers live ones are asked; None: of all.

    Raises Invalid for more live segments than are asked at once.
    """
    member = segment_members.c
    frozen = select(member.segment_id, member.customer_id).where(*_seen(question))
    parts = [
        _held(connection, question, one, group, viewer, of)
        for viewer, one, group in _live(connection, question)
    ]
    return (union_all(frozen, *parts) if parts else frozen).subquery("belonging")


def tells_live(connection: Connection, question: Question) -> bool:
    """Whether any of the segments is a live one."""
    return asks(question) and bool(_live(connection, question))


def seen_in(since: Any, until: Any) -> ColumnElement[bool]:
    """Customers with contacts that began from `since` on and before `until`: moments, or parameters
    of the statement."""
    row = interactions.c
    known = select(row.customer_id).where(
        row.started_at >= since, row.started_at < until, row.customer_id.is_not(None)
    )
    return customers.c.id.in_(known)


def these(connection: Connection, ids: Iterable[int]) -> ColumnElement[bool]:
    return among(connection, customers.c.id, sorted(set(ids)))


def _seen(question: Question) -> list[ColumnElement[bool]]:
    """Memberships that may be told of: somebody's own segments and those shared with all."""
    filters, member = question.filters, segment_members.c
    found: list[ColumnElement[bool]] = []
    if filters.segments:
        found.append(member.segment_id.in_(filters.segments))
    if filters.segments_of is not None:
        theirs = or_(segments.c.shared, segments.c.owner_id == filters.segments_of)
        known = select(segments.c.id).where(theirs if filters.segments_of else false())
        found.append(member.segment_id.in_(known))
    return found


def _live(
    connection: Connection, question: Question
) -> Sequence[tuple[Viewer, SegmentView, Group]]:
    """Those that this viewer sees, with what they ask; one whose fields are gone holds nobody."""
    viewer = _viewer(connection, question.filters.segments_of)
    wanted = set(question.filters.segments)
    if viewer is None:
        return []
    known = [one for one in segment_queries.all_for(connection, viewer) if not one.frozen]
    found = [one for one in known if not wanted or one.id in wanted]
    if len(found) > MOST_LIVE:
        raise Invalid("segment", f"at most {MOST_LIVE} live segments are counted: choose some")
    return [
        (viewer, one, segment_queries.read_filter(connection, viewer, one.filter))
        for one in found
        if not segment_queries.broken(connection, viewer, one)
    ]


def _viewer(connection: Connection, whose: int | None) -> Viewer | None:
    if whose is None:
        return EVERYTHING
    user = account_rows.user(connection, users.c.id == whose) if whose else None
    return rights_rows.viewer(connection, user) if user is not None and user.active else None


def _held(  # noqa: PLR0917 (whose, which, and of whom)
    connection: Connection,
    question: Question,
    one: SegmentView,
    group: Group,
    viewer: Viewer,
    of: ColumnElement[bool] | None,
) -> Select[Any]:
    now = question.at
    if now is None:
        raise ValueError("a question about live segments says when it is asked")
    today = now.astimezone(zone_of(question.period.zone)).date()
    context = segment_queries.context_for(connection, viewer, group, now, today)
    context = replace(context, by_row=of is not None)
    return select(
        type_coerce(literal(one.id), segment_members.c.segment_id.type), customers.c.id
    ).where(
        customers.c.deleted_at.is_(None),
        *([of] if of is not None else []),
        *segment_sql.conditions(context, group),
    )
