"""Keeps what reports count: visits as calls are written, and their sums, made anew for whole half
hours from the facts: however often that is done, they come out the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from callcenter.calls.record import CallRecord
from callcenter.reports.facts import VisitFact, leg_places
from callcenter.reports.measures import CONTACT_MEASURES
from callcenter.reports.periods import HALF
from callcenter.store import archive_lent, report_marks, report_operators, report_sums
from callcenter.store.call_json import decode
from callcenter.store.repositories import bulk
from callcenter.store.repositories.base import chunks
from callcenter.store.sets import among
from callcenter.store.tables import (
    agent_history,
    call_legs,
    calls,
    contact_days,
    contact_halves,
    interactions,
    operator_halves,
    queue_visits,
    report_dirty,
    report_progress,
    state_halves,
)
from callcenter.store.text import clipped, text_limits

_LIMITS: Final = {k: v for k, v in text_limits(queue_visits).items() if k != "call_id"}
_AT_ONCE: Final = 200
_VISIT_KEYS: Final = ("call_id", "number_in_call")
_OF_FACT: Final = tuple(one.name for one in fields(VisitFact))
_WRITTEN: Final = (*_OF_FACT, "interaction_id")
_TOLD: Final = tuple(name for name in _WRITTEN if name not in _VISIT_KEYS)
_VISITS: Final = select(*(queue_visits.c[name] for name in _WRITTEN))
_DAY: Final = timedelta(days=1)


class ReportFactRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save_visits(
        self,
        call_ids: Collection[str],
        visits: Sequence[VisitFact],
        interaction_ids: Mapping[str, int | None],
        others: Iterable[datetime],
    ) -> None:
        """In place of what was known of these calls; `others`: moments of calls without a queue.
        The half hours that any of it counts in, or did, are marked."""
        rows = {(one.call_id, one.number_in_call): _row(one, interaction_ids) for one in visits}
        known = self._known(call_ids)
        gone = [known[key] for key in known.keys() - rows.keys()]
        changed = [row for key, row in rows.items() if known.get(key) != row]
        moved = [known[key] for key in known.keys() & rows.keys()]
        self._forget(gone)
        bulk.upsert(self._connection, queue_visits, changed, keys=_VISIT_KEYS, changes=_TOLD)
        halves = {row["half"] for row in (*gone, *moved, *rows.values())}
        report_marks.mark(self._connection, "contacts", {*halves, *others})

    def _known(self, call_ids: Collection[str]) -> dict[tuple[str, int], dict[str, Any]]:
        """What is written of them: most of what a call's events tell of its visits is there."""
        found: dict[tuple[str, int], dict[str, Any]] = {}
        for ids in chunks(sorted(call_ids)):
            query = _VISITS.where(among(self._connection, queue_visits.c.call_id, ids))
            for row in self._connection.execute(query):
                found[row[0], row[1]] = dict(zip(_WRITTEN, row, strict=True))
        return found

    def _forget(self, visits: Sequence[Mapping[str, Any]]) -> None:
        for some in chunks(visits, _AT_ONCE):
            mine = [
                and_(*(queue_visits.c[name] == one[name] for name in _VISIT_KEYS)) for one in some
            ]
            self._connection.execute(delete(queue_visits).where(or_(*mine)))

    def mark(self, kind: report_marks.Kind, moments: Iterable[datetime]) -> None:
        report_marks.mark(self._connection, kind, moments)

    def mark_queue(self, queue: str) -> None:
        """All that was ever counted of it counts differently now."""
        sums = contact_halves.c
        query = select(sums.half, literal("contacts")).where(sums.queue == queue)
        self._connection.execute(
            insert(report_dirty).from_select(["half", "kind"], query.distinct())
        )

    def dirty(self, limit: int) -> dict[str, tuple[list[int], list[datetime]]]:
        """Kind → the marks seen, and their half hours: those of the newest come first."""
        table = report_dirty.c
        query = (
            select(table.kind, table.half)
            .group_by(table.kind, table.half)
            .order_by(table.half.desc())
            .limit(limit)
        )
        wanted: dict[str, list[datetime]] = {}
        for kind, half in self._connection.execute(query):
            wanted.setdefault(kind, []).append(half)
        found: dict[str, tuple[list[int], list[datetime]]] = {}
        for kind, halves in wanted.items():
            ids = select(table.id).where(
                table.kind == kind, among(self._connection, table.half, halves)
            )
            found[kind] = (list(self._connection.scalars(ids)), sorted(halves))
        return found

    def clean(self, marks: Iterable[int]) -> None:
        for ids in chunks(sorted(marks)):
            self._connection.execute(
                delete(report_dirty).where(among(self._connection, report_dirty.c.id, ids))
            )

    def rebuild_contacts(self, halves: Sequence[datetime]) -> None:
        """As few statements as for one of them, however many there are."""
        for some in chunks(sorted(halves)):
            with archive_lent.lent(self._connection, some) as known:
                if known:
                    self._rebuild(known)

    def _rebuild(self, halves: Sequence[datetime]) -> None:
        self._time_wrap_ups(halves)
        self._replace_contacts(halves)
        self._replace_days(sorted({_day(half) for half in halves}))
        self._replace_operators(halves)

    def _time_wrap_ups(self, halves: Sequence[datetime]) -> None:
        """As long as the operators truly were busy with it: the last visit that was answered."""
        row, state = queue_visits.c, agent_history.c
        later = queue_visits.alias("later")
        last = ~(
            select(later.c.call_id)
            .where(
                later.c.call_id == row.call_id,
                later.c.how == "answered",
                later.c.number_in_call > row.number_in_call,
            )
            .exists()
        )
        spent = (
            select(func.sum(report_operators.lasted(self._connection, state)))
            .where(
                state.call_id == row.call_id,
                state.state == report_operators.WRAP_UP,
                state.ended_at.is_not(None),
            )
            .scalar_subquery()
        )
        seconds = case((last, func.coalesce(spent, 0.0)), else_=0.0)
        wrong = row.wrap_up_seconds != seconds  # few are: none is written again for nothing
        self._connection.execute(
            update(queue_visits)
            .where(self._in(halves)(row.entered_at), row.how == "answered", wrong)
            .values(wrap_up_seconds=seconds)
        )

    def _replace_contacts(self, halves: Sequence[datetime]) -> None:
        run = self._connection.execute
        run(delete(contact_halves).where(self._in(halves)(contact_halves.c.half)))
        names = ["half", *report_sums.DIMENSIONS, *CONTACT_MEASURES]
        sums = report_sums.half_sums(self._connection, self._in(halves))
        run(insert(contact_halves).from_select(names, sums))

    def _replace_days(self, days: Sequence[datetime]) -> None:
        names = ["day", *report_sums.DIMENSIONS, *CONTACT_MEASURES]
        halves, run = contact_halves.c, self._connection.execute
        day = report_sums.day_start(self._connection, halves.half)
        groups = [halves[name] for name in report_sums.DIMENSIONS]
        sums = (
            select(day, *groups, *report_sums.added_up(contact_halves, CONTACT_MEASURES))
            .where(_within(_spans(days, _DAY))(halves.half))
            .group_by(day, *groups)
        )
        run(delete(contact_days).where(among(self._connection, contact_days.c.day, days)))
        run(insert(contact_days).from_select(names, sums))

    def _replace_operators(self, halves: Sequence[datetime]) -> None:
        mine = self._in(halves)(operator_halves.c.half)
        self._connection.execute(delete(operator_halves).where(mine))
        rows = report_operators.rows(self._connection, halves, self._in(halves))
        if rows:
            self._connection.execute(insert(operator_halves), rows)

    def rebuild_states(self, halves: Sequence[datetime], at: datetime) -> None:
        """What lasts still is counted up to `at`."""
        for start, end in _spans(halves):
            mine = and_(state_halves.c.half >= start, state_halves.c.half < end)
            self._connection.execute(delete(state_halves).where(mine))
            rows = report_operators.states(self._connection, start, end, at)
            if rows:
                self._connection.execute(insert(state_halves), rows)

    def _in(self, halves: Sequence[datetime]) -> report_sums.Limit:
        """A moment in one of them: by ranges, so that an index leads there."""
        return _within(_spans(halves))

    def position(self, name: str) -> tuple[str, datetime] | None:
        row = self._connection.execute(
            select(report_progress).where(report_progress.c.name == name)
        ).one_or_none()
        return (row.position, row.at) if row is not None else None

    def keep_position(self, name: str, position: str, at: datetime) -> None:
        row = {"name": name, "position": position, "at": at}
        keys, changes = ["name"], ["position", "at"]
        bulk.upsert(self._connection, report_progress, [row], keys=keys, changes=changes)

    def calls_after(
        self, position: tuple[datetime, str] | None, limit: int
    ) -> list[tuple[datetime, CallRecord, int | None]]:
        """Calls by their start, the newest first, with their interactions."""
        row = calls.c
        query = (
            select(row.started_at, row.id, row.record, interactions.c.id.label("interaction_id"))
            .select_from(calls.outerjoin(interactions, interactions.c.call_id == row.id))
            .where(row.started_at.is_not(None), row.merged_into.is_(None))
            .order_by(row.started_at.desc(), row.id.desc())
            .limit(limit)
        )
        if position is not None:
            at, call_id = position
            query = query.where(row.started_at <= at, or_(row.started_at < at, row.id < call_id))
        return [
            (one.started_at, decode(one.record), one.interaction_id)
            for one in self._connection.execute(query)
        ]

    def place_legs(self, records: Sequence[CallRecord]) -> None:
        """Of calls that were written before legs knew where they count."""
        rows = [
            {"of": record.id, "leg": uniqueid, "at": half, "in_queue": queue[:80]}
            for record in records
            for uniqueid, (half, queue) in leg_places(record).items()
        ]
        if rows:
            mine = and_(
                call_legs.c.call_id == bindparam("of"),
                call_legs.c.uniqueid == bindparam("leg"),
            )
            values: dict[str, Any] = {
                "half": bindparam("at"),
                "queue": bindparam("in_queue"),
            }
            self._connection.execute(update(call_legs).where(mine).values(values), rows)

    def add_past_states(self, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self._connection.execute(insert(agent_history), list(rows))

    def open_states(self) -> bool:
        table = agent_history.c
        query = select(table.id).where(table.ended_at.is_(None), table.state != "offline").limit(1)
        return self._connection.scalar(query) is not None

    def first_moments(self) -> tuple[datetime | None, datetime | None]:
        """When the oldest contact and the oldest state began."""
        first = self._connection.scalar(select(func.min(interactions.c.started_at)))
        state = self._connection.scalar(select(func.min(agent_history.c.began_at)))
        return first, state


def _row(fact: VisitFact, interaction_ids: Mapping[str, int | None]) -> dict[str, Any]:
    row = {name: getattr(fact, name) for name in _OF_FACT}
    row["interaction_id"] = interaction_ids.get(fact.call_id)
    return clipped(row, _LIMITS)


def _day(half: datetime) -> datetime:
    return half.replace(hour=0, minute=0)


def _within(spans: Iterable[tuple[datetime, datetime]]) -> report_sums.Limit:
    found = list(spans)
    return lambda column: or_(*(and_(column >= one, column < end) for one, end in found))


def _spans(
    moments: Sequence[datetime], length: timedelta = HALF
) -> Iterable[tuple[datetime, datetime]]:
    """Half hours, or days, that touch are one stretch."""
    ordered = sorted(moments)
    start: datetime | None = None
    end: datetime | None = None
    for one in ordered:
        if start is None or end is None:
            start, end = one, one + length
        elif one == end:
            end = one + length
        else:
            yield start, end
            start, end = one, one + length
    if start is not None and end is not None:
        yield start, end
