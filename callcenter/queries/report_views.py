"""Saved views of reports, reports that go out by mail, and files made of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Row, Select, literal_column, or_, select

from callcenter.imports.job import Export
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.reporting import keepers
from callcenter.reporting.schedule import Schedule
from callcenter.rights.viewer import Viewer
from callcenter.store.tables import exports, report_mails, report_schedules, report_views, users

MOST_VIEWS = 200
_MAILS = 50


@dataclass(frozen=True, slots=True)
class SavedView:
    id: int
    owner_id: int
    title: str
    report: str
    address: str
    shared: bool
    owner: str


@dataclass(frozen=True, slots=True)
class ListedSchedule:
    schedule: Schedule
    owner: str


@dataclass(frozen=True, slots=True)
class Mail:
    id: int
    period_from: date
    period_to: date
    recipient: str
    state: str
    attempts: int
    next_try_at: datetime | None
    problem: str
    created_at: datetime
    sent_at: datetime | None


def views_for(connection: Connection, viewer: Viewer, report: str = "") -> list[SavedView]:
    """One's own and those shared with everybody, by title."""
    table = report_views.c
    query = (
        select(*report_views.c, users.c.display_name.label("owner"))
        .join(users, users.c.id == table.owner_id)
        .where(or_(table.owner_id == viewer.user_id, literal_column("report_views.shared")))
    )
    if report:
        query = query.where(table.report == report)
    rows = connection.execute(query.order_by(table.title, table.id).limit(MOST_VIEWS))
    return [
        SavedView(row.id, row.owner_id, row.title, row.report, row.address, row.shared, row.owner)
        for row in rows
    ]


def schedules_for(connection: Connection, viewer: Viewer) -> list[ListedSchedule]:
    """Those that are this viewer's to keep, by title."""
    query = _schedules().order_by(report_schedules.c.title, report_schedules.c.id)
    if not keepers.keeps_all(viewer):
        query = query.where(report_schedules.c.owner_id == viewer.user_id)
    return [_listed(row) for row in connection.execute(query.limit(MOST_VIEWS))]


def schedule(connection: Connection, viewer: Viewer, schedule_id: int) -> ListedSchedule | None:
    """None as well for one that is none of this viewer's business."""
    row = connection.execute(_schedules().where(report_schedules.c.id == schedule_id)).first()
    if row is None or not keepers.keeps(viewer, row.owner_id):
        return None
    return _listed(row)


def mails_of(connection: Connection, schedule_id: int) -> list[Mail]:
    """The latest ones."""
    query = (
        select(report_mails)
        .where(report_mails.c.schedule_id == schedule_id)
        .order_by(report_mails.c.id.desc())
        .limit(_MAILS)
    )
    names = Mail.__dataclass_fields__
    return [
        Mail(**{name: row._mapping[name] for name in names}) for row in connection.execute(query)
    ]


def is_due(connection: Connection, now: datetime) -> bool:
    """Whether a schedule's time has come, or a mail waits to be tried."""
    due = report_schedules.c
    schedules = select(due.id).where(literal_column("report_schedules.active"), due.next_at <= now)
    mails = select(report_mails.c.id).where(
        literal_column("report_mails.state").in_(
            [literal_column("'waiting'"), literal_column("'sending'")]
        ),
        report_mails.c.next_try_at <= now,
    )
    return any(connection.scalar(one.limit(1)) is not None for one in (schedules, mails))


def files_page(
    connection: Connection, viewer: Viewer, cursor: str | None, limit: int
) -> Page[tuple[Export, str]]:
    """Files made of reports, with who asked for them, the latest first."""
    size = bounded(limit)
    table = exports.c
    query = (
        select(exports, users.c.display_name.label("by_"))
        .select_from(exports.outerjoin(users, users.c.id == table.user_id))
        .where(table.kind == "report")
    )
    theirs = viewer.user_ids("export", "read")
    if theirs is not None:
        query = query.where(table.user_id.in_(sorted(theirs)))
    if cursor:
        query = query.where(table.id < decode_cursor(cursor, int)[0])
    rows = connection.execute(query.order_by(table.id.desc()).limit(size + 1)).all()
    items = tuple((_export(row), row.by_ or "") for row in rows[:size])
    return Page(items, encode_cursor(rows[size - 1].id) if len(rows) > size else None)


def _schedules() -> Select[tuple[object, ...]]:
    return select(report_schedules, users.c.display_name.label("owner")).join(
        users, users.c.id == report_schedules.c.owner_id
    )


def _listed(row: Row[tuple[object, ...]]) -> ListedSchedule:
    values = dict(row._mapping)
    owner = values.pop("owner")
    return ListedSchedule(Schedule.of(values), owner or "")


def _export(row: Row[tuple[object, ...]]) -> Export:
    values = dict(row._mapping)
    values.pop("by_")
    return Export(**values)
