"""The contacts behind what operators did: their phones tell, not whoever took a contact first. By
their phones a figure counts, so that the list has the same contacts: also those handed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    exists,
    false,
    or_,
    select,
    tuple_,
)

from callcenter.queries.reports import operator_sums
from callcenter.reports.definitions import KPIS
from callcenter.reports.periods import half_of
from callcenter.reports.question import Cell, Question
from callcenter.store import report_operators
from callcenter.store.archive import ArchiveView
from callcenter.store.given import given
from callcenter.store.tables import assessments, call_legs, calls, survey_answers

_MOST_ARCHIVED: Final = 20_000
"""Phones of some operators in archived months, the newest: more than a year's of one."""
_COUNT: Final[Mapping[str, str]] = {
    "take_rate": "rung",
    "reach_rate": "placed",
    **dict.fromkeys(("transferred", "transfer_rate"), "transferred"),
    **{name: name for name in ("rung", "answered", "not_taken", "placed", "reached")},
}
"""Figure → what was counted; of all others conversations."""
_NONE: Final = ""
"""What is counted is told by `Taken.condition` alone."""
_LONGEST_ID: Final = 18
_PLACE: Final = ("call_id", "half", "queue")


@dataclass(frozen=True, slots=True)
class Taken:
    """`who` None: any operator."""

    connection: Connection
    view: ArchiveView | None
    question: Question
    cell: Cell
    who: tuple[int, ...] | None

    def rest(self) -> tuple[Question, Cell]:
        """The question and the cell without what is operators' of them."""
        question, keys = self.question, dict(zip(self.question.by, self.cell.key, strict=False))
        keys.pop("operator", None)
        by = tuple(one for one in question.by if one != "operator")
        filters = replace(question.filters, operators=None)
        kpi = self.cell.kpi if KPIS[self.cell.kpi].source in _BESIDE else _NONE
        cell = Cell(kpi=kpi, key=tuple(keys[one] for one in by if one in keys))
        return replace(question, by=by, filters=filters), cell

    def condition(self, facts: FromClause) -> ColumnElement[bool]:
        source = KPIS[self.cell.kpi].source
        if source in _BESIDE:
            return facts.c.interaction_id.in_(self._beside(source))
        if not operator_sums.tells_of(self.question):
            return false()
        count = _COUNT.get(self.cell.kpi, "handled")
        if count == "transferred":  # of whose visit it was first, or who spoke first
            visit = and_(facts.c.queue != "", self._is_theirs(facts.c.operator_id))
            return and_(facts.c.transferred > 0, or_(visit, self._rang(facts, "spoke_first")))
        return or_(self._rang(facts, count), self._without_phone(facts, count))

    def _is_theirs(self, column: Any) -> ColumnElement[bool]:
        known: ColumnElement[bool] = column.is_not(None)
        return known if self.who is None else column.in_(self.who)

    def _rang(self, facts: FromClause, count: str) -> ColumnElement[bool]:
        leg, place = call_legs.c, tuple_(*(facts.c[name] for name in _PLACE))
        if self.who is None:  # most of them: each is looked at by itself
            same = and_(*(leg[name] == facts.c[name] for name in _PLACE))
            before = and_(leg.call_id == facts.c.call_id, leg.queue == "", facts.c.first == 1)
            return exists(self._legs(count, leg.call_id).where(or_(same, before)))
        early = self._legs(count, leg.call_id).where(leg.queue == "")
        here = or_(
            place.in_(self._legs(count, *(leg[name] for name in _PLACE))),
            _before(facts, early),
        )
        rows = self._archived(count)
        if not rows:
            return here
        old = given(self.connection, {name: leg[name].type for name in _PLACE}, rows).c
        early = select(old.call_id).where(old.queue == "")
        there = place.in_(select(*(old[name] for name in _PLACE)))
        return or_(here, there, _before(facts, early))

    def _archived(self, count: str) -> list[Any]:
        period, leg = self.question.period, call_legs.c
        parts = self.view.within(period.start, period.end) if self.view is not None else []
        if self.view is None or not parts:
            return []
        query = self._legs(count, *(leg[name] for name in _PLACE))
        query = query.order_by(leg.half.desc()).limit(_MOST_ARCHIVED)
        return list(self.view.execute(query, parts).all())

    def _legs(self, count: str, *columns: Any) -> Select[Any]:
        leg, period = call_legs.c, self.question.period
        return (
            select(*columns)
            .join_from(call_legs, calls, calls.c.id == leg.call_id)
            .where(
                self._is_theirs(leg.user_id),
                report_operators.counted_legs()[count],
                leg.half >= half_of(period.start),
                leg.half < period.end,
            )
        )

    def _without_phone(self, facts: FromClause, count: str) -> ColumnElement[bool]:
        """Mails, chats, and calls that another system told us of."""
        row = facts.c
        how = {
            "rung": row.direction == "inbound",
            "answered": row.how == "answered",
            "not_taken": false(),
            "placed": row.direction == "outbound",
            "reached": row.how == "reached",
            "handled": row.how.in_(("answered", "reached")),
        }
        return and_(row.call_id.is_(None), how[count], self._is_theirs(row.operator_id))

    def _beside(self, source: str) -> Any:
        row = _BESIDE[source].c
        return select(row.interaction_id).where(
            row.interaction_id.is_not(None), self._is_theirs(row.operator_id)
        )


_BESIDE: Final = {"surveys": survey_answers, "quality": assessments}
"""These say themselves whose they are."""


def of(
    connection: Connection, view: ArchiveView | None, question: Question, cell: Cell
) -> Taken | None:
    """None where no operator's doing is counted."""
    kpi, keys = KPIS[cell.kpi], dict(zip(question.by, cell.key, strict=False))
    named = "operator" in question.by or question.filters.operators is not None
    if not (operator_sums.are_theirs(kpi, question) or (named and kpi.source in _BESIDE)):
        return None
    who = question.filters.operators
    if "operator" in keys:
        who = tuple(one for one in _numbers(keys["operator"]) if who is None or one in who)
    return Taken(connection, view, question, cell, who)


def _before(facts: FromClause, calls_of: Any) -> ColumnElement[bool]:
    """What was spoken before the caller was handed into a queue leads to their first visit."""
    return and_(facts.c.first == 1, facts.c.call_id.in_(calls_of))


def _numbers(told: str) -> tuple[int, ...]:
    return (int(told),) if told.isascii() and told.isdigit() and len(told) <= _LONGEST_ID else ()
