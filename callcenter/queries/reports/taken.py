"""The contacts behind what operators did: their phones tell, not whoever took a contact first. By
their phones a figure counts, so that the list has the same contacts: also those handed over, and
those that were spoken before the caller came into a queue.

A phone is counted in the half hour and the queue that it rang for, which need not be those of any
visit: what a cell asks is asked of the phone itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, literal, select

from callcenter.queries.reports import cell_keys
from callcenter.queries.reports.cell_keys import IN_ARCHIVE
from callcenter.queries.reports.listed import Made, Statement, within
from callcenter.reports import knowing
from callcenter.reports.definitions import KPIS
from callcenter.reports.question import Cell, Question
from callcenter.store import archive, report_operators
from callcenter.store.tables import call_legs, calls, interactions, queue_visits

_COUNT: Final[Mapping[str, str]] = {
    "take_rate": "rung",
    "reach_rate": "placed",
    **dict.fromkeys(("transferred", "transfer_rate"), "transferred"),
    **{name: name for name in ("rung", "answered", "not_taken", "placed", "reached")},
}
"""Figure → what was counted; of all others conversations."""
_LONGEST_CALL: Final = timedelta(days=1)
_AN_HOUR: Final = timedelta(hours=1)
_CALL: Final[ColumnElement[str]] = literal("call")


def are_counted(question: Question, cell: Cell) -> bool:
    """Whether an operator's doing is what the cell counts."""
    return knowing.are_theirs(KPIS[cell.kpi], question)


def listed(connection: Connection, question: Question, cell: Cell) -> Iterator[Statement]:
    count, who = _COUNT.get(cell.kpi, "handled"), _who(question, cell)
    them = _Them(connection, question, cell, who)
    span = (question.period.start - _LONGEST_CALL, question.period.end)
    theirs = frozenset(who) if who is not None else None
    if count == "transferred":
        yield Statement(source=connection, made=them.handed_on, span=span, theirs=theirs)
    for made in them.contacts(count):
        yield Statement(source=connection, made=made, span=span, pieced=True, theirs=theirs)
    view = archive.view(connection)
    if view is not None and (parts := view.within(*span)):
        for made in replace(them, words=IN_ARCHIVE).contacts(count):
            yield Statement(source=view.group(parts), made=made, span=span, theirs=theirs)


def _who(question: Question, cell: Cell) -> tuple[int, ...] | None:
    """None: any operator."""
    who, keys = question.filters.operators, dict(zip(question.by, cell.key, strict=False))
    if "operator" not in keys:
        return who
    told = keys["operator"]
    named = (cell_keys.number(told),) if told else ()
    return tuple(one for one in named if who is None or one in who)


@dataclass(frozen=True, slots=True)
class _Them:
    """Contacts that began in some time, by what of them is an operator's."""

    words: Any
    question: Question
    cell: Cell
    who: tuple[int, ...] | None

    def contacts(self, count: str) -> list[Made]:
        """What of a count the contacts themselves tell, wherever they are."""
        if count == "transferred":
            return [self.handed_on_without_queue]
        return [partial(self.phones, count), partial(self.without_phone, count)]

    def phones(self, count: str, start: datetime, end: datetime) -> Select[Any]:
        leg = call_legs.c
        columns = {"queue": leg.queue, "channel": _CALL, "direction": calls.c.direction}
        return (
            self._contacts()
            .join(call_legs, leg.call_id == interactions.c.call_id)
            .join(calls, calls.c.id == leg.call_id)
            .where(
                within(interactions.c.started_at, start, end),
                within(leg.half, start - _AN_HOUR, end + _LONGEST_CALL),
                report_operators.counted_legs()[count],
                *self._asked(leg.user_id, columns, leg.half),
            )
        )

    def without_phone(self, count: str, start: datetime, end: datetime) -> Select[Any]:
        """Mails, chats, and calls that another system told us of."""
        row = interactions.c
        inbound, spoken = row.direction == "inbound", row.result == "answered"
        outbound = row.direction == "outbound"
        counted = {
            "rung": inbound,
            "answered": and_(inbound, spoken),
            "not_taken": false(),
            "placed": outbound,
            "reached": and_(outbound, spoken),
            "handled": and_(row.direction.in_(("inbound", "outbound")), spoken),
        }
        columns = {"queue": row.queue, "channel": row.channel, "direction": row.direction}
        return self._contacts().where(
            within(row.started_at, start, end),
            row.call_id.is_(None),
            counted[count],
            *self._asked(row.operator_id, columns, row.started_at),
        )

    def handed_on(self, start: datetime, end: datetime) -> Select[Any]:
        """Of whose visit it was first. Visits stay where they are when their contact moves."""
        visit = queue_visits.c
        at = func.min(visit.entered_at)
        columns = {"queue": visit.queue, "channel": _CALL, "direction": visit.direction}
        return (
            select(at.label("at"), visit.interaction_id)
            .where(
                within(visit.entered_at, start, end),
                visit.interaction_id.is_not(None),
                visit.transfers > 0,
                *self._asked(visit.operator_id, columns, visit.half),
            )
            .group_by(visit.interaction_id)
        )

    def handed_on_without_queue(self, start: datetime, end: datetime) -> Select[Any]:
        """Of who spoke first."""
        row, leg = interactions.c, call_legs.c
        columns = {"queue": row.queue, "channel": row.channel, "direction": row.direction}
        return (
            self._contacts()
            .join(call_legs, leg.call_id == row.call_id)
            .join(calls, calls.c.id == leg.call_id)
            .where(
                within(row.started_at, start, end),
                row.transfers > 0,
                row.queue == "",
                report_operators.counted_legs()["spoke_first"],
                *self._asked(leg.user_id, columns, row.started_at),
            )
        )

    def _contacts(self) -> Select[Any]:
        row = interactions.c
        return select(row.started_at.label("at"), row.id.label("interaction_id")).distinct()

    def _asked(
        self, whose: Any, columns: Mapping[str, Any], moment: Any
    ) -> list[ColumnElement[bool]]:
        """As `operator_sums` asks of the sums of these."""
        filters, period = self.question.filters, self.question.period
        wanted = {
            "channel": filters.channels,
            "direction": filters.directions,
            "queue": filters.queues,
        }
        theirs = whose.is_not(None) if self.who is None else whose.in_(self.who)
        found = [theirs, within(moment, period.start, period.end)]
        found += [columns[name].in_(values) for name, values in wanted.items() if values]
        told = {**columns, "operator": whose}
        return found + cell_keys.conditions(self.words, self.question, self.cell, told, moment)
