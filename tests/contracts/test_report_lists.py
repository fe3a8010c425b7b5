"""Behind every number that a report can show are exactly the contacts that it counts; and there is
no number where a figure knows nothing of what is asked.

Recorded calls are played so far apart that no half hour has anything of two contacts. Then figures
by half hours name the contacts that they count, whatever else they are told by, and the list behind
each number is held against these: a new figure or grouping needs no words here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from callcenter.queries.reports import answer, contacts
from callcenter.reporting.catalog import REPORTS
from callcenter.reports import knowing
from callcenter.reports.definitions import KPIS
from callcenter.reports.periods import HALF, Period, half_of
from callcenter.reports.question import Answer, By, Cell, Filters, Question
from callcenter.store.tables import (
    callback_requests,
    calls,
    interaction_outcomes,
    interactions,
    queue_visits,
    segment_members,
    segments,
)
from tests.support.played_day import Play, PlayedDay
from tests.support.report_days import sum_up
from tests.support.store import Store
from tests.support.sundays import ANNA, BEN, CELA, PLAYS, Sundays, caller, utc

ZONE: Final = "Europe/Warsaw"
BEGIN: Final = utc("00:00:00", 24)
TOGETHER: Final = "two-callers-wait-for-one-operator-and-are-answered-in-turn"
APART: Final = [one for one in PLAYS if one.recording != TOGETHER]
WAITING: Final = Play(BEGIN, "caller-gives-up-in-the-queue", 10, (caller(90),), (ANNA,))
COUNTS: Final = tuple(
    name for name, kpi in KPIS.items() if kpi.unit == "count" and kpi.source != "states"
)
_GROUPS: Final[list[By]] = sorted(
    {
        one
        for report in REPORTS.values()
        if any(kpi in COUNTS for kpi in report.kpis)
        for one in (*report.groups, *report.by)
    }
)
"""By which any page tells a count."""
SHOWN: Final[list[tuple[By, ...]]] = [(one,) for one in _GROUPS]
PAIRS: Final[list[tuple[By, ...]]] = [
    ("operator", "queue"),
    ("operator", "half_hour"),
    ("day", "operator"),
    ("queue", "channel"),
    ("result", "direction"),
    ("weekday", "time_of_day"),
]
Key = tuple[str, ...]
Counted = dict[tuple[str, Key], tuple[set[int], float]]
ALL: Final = Filters()
MOST_LISTS: Final = 3
DAYS: Final = Period.days(date(2026, 10, 24), date(2026, 10, 26), ZONE)
WRITTEN: Final = (
    ("email", "inbound", "answered"),
    ("chat", "inbound", "missed"),
    ("email", "outbound", "answered"),
)


def of_hour(number: int, minutes: float = 0) -> datetime:
    return BEGIN + timedelta(hours=number, minutes=minutes)


class Apart(Sundays):
    """A call an hour: every other one from the end of a half hour into the next."""

    def __init__(self, store: Store) -> None:
        PlayedDay.__init__(self, store)
        store.clock.at = BEGIN - timedelta(hours=1)
        self.doors = {
            "unit_of_work": store.unit_of_work,
            "publisher": store.publisher,
            "clock": store.clock,
        }
        self.people = [store.add_customer(f"C{one}", caller(one)) for one in (1, 3, 5, 8)]
        names = {ANNA: "anna", BEN: "ben", CELA: "cela"}
        self.users = {one: store.add_user(name, one) for one, name in names.items()}
        self._set_up()
        for number, one in enumerate(APART):
            at = of_hour(number, 5 if number % 2 else 29.7)
            self.play([replace(one, at=at)])
            if number:  # whose caller comes again
                self._comes_after(one, at + timedelta(minutes=12))
        self.play([replace(WAITING, at=of_hour(len(APART) + len(WRITTEN)))])
        self.play_until(of_hour(len(APART) + len(WRITTEN), 0.3))
        self._write()

    def _comes_after(self, one: Play, at: datetime) -> None:
        """Surveys, outcomes, assessments and wishes of some callers, none of which looks at when
        the call began."""
        number = int(one.callers[0][-3:]) if one.callers else 0
        if number in (3, 8):
            self.act(at, lambda: self._answers(number, {"0": 5} if number == 3 else {"0": 2}))
            self.act(at, lambda: self._ended_as(number, "Sale"))
            self.act(at, lambda: self._assess(number, greeting=1, identity=1, listened=4))
        if number in (4, 21):
            self.act(at, lambda: self._asks_for_a_call(number))

    def _asks_for_a_call(self, number: int) -> None:
        at = self.store.clock.at
        times = dict.fromkeys(("place_at", "not_before", "expires_at", "next_at", "created_at"), at)
        row = {"queue": "support", "number": caller(number), **times}
        row |= {"interaction_id": self.interaction(number).id}
        if number == 4:
            row |= {"state": "done", "closed_at": at, "closed_by": self.users[BEN]}
        with self.store.engine.begin() as connection:
            connection.execute(insert(callback_requests).values(row))

    def _write(self) -> None:
        """What no recording has: mails, keys of a menu, segments."""
        seconds = {"talk_seconds": 0, "hold_seconds": 0, "ring_seconds": 0}
        row = {"match": "none", "explanation": {}, "number": "", "number_kind": "e164", **seconds}
        row |= {"number_raw": "", "dialed": "", "queue": "sales", "customer_id": self.people[0]}
        with self.store.engine.begin() as connection:
            for number, (channel, direction, result) in enumerate(WRITTEN, len(APART)):
                at = of_hour(number, 7)
                row |= dict.fromkeys(("started_at", "ended_at", "created_at", "updated_at"), at)
                row |= {"channel": channel, "direction": direction, "result": result}
                row |= {"operator_id": self.users[BEN]}
                connection.execute(insert(interactions).values(row))
            mine = calls.c.id == self.interaction(6).call_id
            record = connection.scalar(select(calls.c.record).where(mine))
            told = update(calls).where(mine).values(record={**record, "menu": ["1", "2"]})
            connection.execute(told)
            for people in (self.people[:3], self.people[1:]):
                at = self.store.clock.at
                row = {"name": "s", "filter": {}, "frozen": True, "shared": True, "columns": []}
                row |= {"owner_id": self.lead, "created_at": at, "updated_at": at}
                made = connection.scalar(insert(segments).values(row).returning(segments.c.id))
                members = [{"segment_id": made, "customer_id": one} for one in people]
                connection.execute(insert(segment_members), members)
        with self.store.unit_of_work() as uow:
            halves = [half_of(of_hour(number)) for number in range(60)]
            uow.report_facts.mark("contacts", [*halves, *(one + HALF for one in halves)])
            uow.commit()


@dataclass
class Lists:
    """`whose`: a half hour → whose it is. `figures`: what was answered already."""

    store: Store
    whose: Mapping[str, int]
    users: Mapping[str, int]
    at: datetime
    figures: dict[Any, Answer] = field(default_factory=dict)

    def ask(self, by: tuple[By, ...], filters: Filters = ALL) -> Answer:
        question = Question(kpis=COUNTS, period=DAYS, by=by, filters=filters, at=self.at)
        if (by, filters) not in self.figures:
            with self.store.engine.connect() as connection:
                self.figures[by, filters] = answer(connection, question)
        return self.figures[by, filters]

    def counted(self, by: tuple[By, ...], filters: Filters = ALL) -> Counted:
        """(figure, row) → the contacts of the half hours in which it counts any, and how often it
        counts in all of them."""
        halves: tuple[By, ...] = ("half_hour", *by) if "half_hour" not in by else by
        found: Counted = defaultdict(lambda: (set(), 0))
        for row in self.ask(halves, filters).rows:
            half = row.key[halves.index("half_hour")]
            key = row.key[-len(by) :] if by else ()
            for kpi, value in row.values.items():
                if value:
                    ids, often = found[kpi, key]
                    found[kpi, key] = (ids | {self.whose[half]}, often + value)
        return dict(found)

    def listed(self, kpi: str, by: tuple[By, ...], key: Key, filters: Filters = ALL) -> list[int]:
        question = Question(kpis=(kpi,), period=DAYS, by=by, filters=filters, at=self.at)
        with self.store.engine.connect() as connection:
            page = contacts(connection, question, Cell(kpi=kpi, key=key), limit=200)
        return [one.id for one in page.items]

    def check(self, by: tuple[By, ...], filters: Filters = ALL) -> None:
        """The number of every row, and behind some rows of each figure its contacts; of the whole
        where nothing is told apart."""
        found, expected = self.ask(by, filters), self.counted(by, filters)
        rows = {row.key: row.values for row in found.rows} if by else {(): found.totals}
        numbers = {(kpi, key): n for key, row in rows.items() for kpi, n in row.items() if n}
        assert numbers == {one: often for one, (_, often) in expected.items()}
        for kpi in {kpi for kpi, _ in numbers}:
            keys = sorted(key for figure, key in numbers if figure == kpi)
            for key in keys[:: ceil(len(keys) / MOST_LISTS)]:
                ids = self.listed(kpi, by, key, filters)
                assert sorted(ids) == sorted(expected[kpi, key][0]), (kpi, key)

    def one_by_one(self) -> dict[By, list[Any]]:
        """What contacts can be narrowed by, with every value that any of them has."""
        row, given = interactions.c, interaction_outcomes.c.outcome_id
        columns: dict[By, Any] = {
            "channel": row.channel,
            "direction": row.direction,
            "queue": row.queue,
            "dialed": row.dialed,
            "trunk": calls.c.trunk,
            "result": row.result,
            "operator": row.operator_id,
            "outcome": given,
            "segment": segments.c.id,
        }
        beside = {"trunk": calls, "outcome": interaction_outcomes, "segment": segments}
        with self.store.engine.connect() as connection:
            return {
                by: list(
                    connection.scalars(
                        select(column)
                        .select_from(beside.get(by, interactions))
                        .where(column.is_not(None))
                        .distinct()
                        .order_by(column)
                    )
                )
                for by, column in columns.items()
            }


def narrowed(by: By, *values: Any) -> Filters:
    return Filters(**{knowing.FILTERS[by]: values})


def whose_halves(store: Store) -> dict[str, int]:
    """Half hours as reports call them → the one contact of each."""
    row, visit = interactions.c, queue_visits.c
    with store.engine.connect() as connection:
        told = [*connection.execute(select(row.started_at, row.id))]
        told += connection.execute(select(visit.entered_at, visit.interaction_id))
    found: dict[str, set[int]] = defaultdict(set)
    for at, contact in told:
        half = half_of(at)
        while half <= at + timedelta(minutes=12):  # the second one is theirs as well
            local = half.astimezone(ZoneInfo(ZONE)).isoformat(timespec="minutes")
            found[local].add(contact)
            half += HALF
    assert all(len(ids) == 1 for ids in found.values())
    return {half: next(iter(ids)) for half, ids in found.items()}


@pytest.fixture(scope="module")
def lists(shared_store: Store) -> Lists:
    played = Apart(shared_store)
    sum_up(shared_store)
    at = shared_store.clock.at
    return Lists(shared_store, whose_halves(shared_store), played.users, at)


def test_the_days_have_something_of_every_count(lists: Lists) -> None:
    assert {kpi for kpi, value in lists.ask(()).totals.items() if not value} == set()


@pytest.mark.parametrize("by", [(), *SHOWN], ids=" ".join)
def test_behind_every_number_are_exactly_the_contacts_that_it_counts(
    lists: Lists, by: tuple[By, ...]
) -> None:
    lists.check(by)


@pytest.mark.parametrize("by", PAIRS, ids=" ".join)
def test_so_they_are_behind_numbers_that_are_told_by_two_things(
    lists: Lists, by: tuple[By, ...]
) -> None:
    lists.check(by)


def test_so_they_are_behind_numbers_of_some_operators_or_queues_alone(lists: Lists) -> None:
    anna, ben, _ = lists.users.values()
    lists.check((), Filters(operators=(anna,)))
    lists.check(("queue",), Filters(operators=(anna, ben)))
    lists.check(("direction",), Filters(operators=(anna,), queues=("support", "sales")))
    lists.check(("operator",), Filters(queues=("support",), channels=("call",)))


NOWHERE: Final[Mapping[By, Any]] = dict.fromkeys(knowing.FILTERS, "nowhere") | dict.fromkeys(
    ("operator", "outcome", "segment"), 999_999
)
WHOSE: Final[list[tuple[By, ...]]] = [(), ("operator",), ("queue",)]


@pytest.mark.parametrize("by", WHOSE, ids=" ".join)
@pytest.mark.parametrize("filtered", knowing.FILTERS)
def test_no_figure_has_a_number_of_contacts_that_a_filter_leaves_out(
    lists: Lists, filtered: By, by: tuple[By, ...]
) -> None:
    """It counts nothing, or says that it knows nothing of the filter."""
    filters = narrowed(filtered, NOWHERE[filtered])
    question = Question(kpis=tuple(KPIS), period=DAYS, by=by, filters=filters, at=lists.at)
    with lists.store.engine.connect() as connection:
        found = answer(connection, question)
    for values in (found.totals, *(row.values for row in found.rows)):
        assert {kpi for kpi in found.unknown if values[kpi] is not None} == set()
        assert {kpi for kpi, value in values.items() if value} == set()
    silent = {kpi for kpi, why in found.unknown.items() if filtered in why.filters}
    theirs = filtered not in ("operator", "queue", "channel", "direction")
    assert silent == {
        kpi.name
        for kpi in KPIS.values()
        if (kpi.source == "states" and filtered != "operator")
        or (theirs and knowing.are_theirs(kpi, question))
    }


@pytest.mark.parametrize("filtered", knowing.FILTERS)
def test_behind_every_number_of_some_contacts_alone_are_exactly_these(
    lists: Lists, filtered: By
) -> None:
    values = [one for one in lists.one_by_one()[filtered] if one != ""]
    assert values
    for one in values[:2]:
        lists.check((), narrowed(filtered, one))
    lists.check(("day",), narrowed(filtered, *values))


@pytest.mark.parametrize("filtered", ["channel", "direction", "dialed", "trunk", "result"])
def test_what_is_counted_one_by_one_is_all_that_there_is(lists: Lists, filtered: By) -> None:
    """Of what every contact has one of, with none as one of them."""
    values = lists.one_by_one()[filtered]
    if filtered == "trunk":
        values = sorted({"", *values})
    whole = lists.ask(()).totals
    parts = [lists.ask((), narrowed(filtered, one)) for one in values]
    for kpi in COUNTS:
        if kpi not in parts[0].unknown:
            assert sum(one.totals[kpi] or 0 for one in parts) == whole[kpi], kpi


@pytest.mark.parametrize("by", SHOWN, ids=" ".join)
def test_no_figure_has_a_number_in_rows_of_what_it_knows_nothing_of(
    lists: Lists, by: tuple[By, ...]
) -> None:
    found = lists.ask(by)
    kinds = {KPIS[kpi].source for kpi in COUNTS} - {"contacts"}
    known = {KPIS[kpi].source for kpi in COUNTS if kpi not in found.unknown}
    assert {KPIS[kpi].source for kpi in found.unknown} <= kinds - known
    for values in (found.totals, *(row.values for row in found.rows)):
        assert {kpi for kpi in found.unknown if values[kpi] is not None} == set()
