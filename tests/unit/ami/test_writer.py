"""The one ordered writer. No network, no database: `write` is the test's own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from ami import writer as writer_module
from ami.client.backoff import Backoff
from ami.writer import EventBatch, OrderedWriter
from callcenter.calls.events import CallEnded, CallEvent, CallsMerged, CallStarted
from callcenter.calls.journal import JournalPart
from callcenter.errors import Unavailable
from tests.support.call_records import call_record
from tests.support.waiting import wait_until


def started(call: str) -> CallStarted:
    return CallStarted(call=call_record(call), at=None)


def ended(call: str) -> CallEnded:
    return CallEnded(call=call_record(call), at=None)


class Database:
    """Takes what is written; fails as told."""

    def __init__(self) -> None:
        self.groups: list[list[CallEvent]] = []
        self.fails: Callable[[Sequence[CallEvent]], Exception | None] = lambda _events: None
        self.refuses_journals = False
        self.tries = 0
        self.journal: list[JournalPart] = []
        self.gate = threading.Event()
        self.gate.set()

    def write(self, events: Sequence[CallEvent], journal: Sequence[JournalPart]) -> None:
        self.tries += 1
        self.gate.wait(20)
        error = self.fails(events)
        if journal and self.refuses_journals:
            error = ValueError("no such table")
        if error is not None:
            raise error
        self.groups.append(list(events))
        self.journal += journal

    @property
    def events(self) -> list[CallEvent]:
        return [event for group in self.groups for event in group]


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def writer(database: Database) -> Iterator[OrderedWriter]:
    made = OrderedWriter(database.write, Backoff(0.001, 0.002, lambda: 0.5))
    made.start()
    yield made
    database.fails = lambda _events: None
    database.gate.set()
    made.stop(5)


def test_what_piled_up_is_committed_together_and_in_order(
    writer: OrderedWriter, database: Database
) -> None:
    events = [started(str(n)) for n in range(40)]
    database.gate.clear()
    writer.put(EventBatch(events[:1], 0.0))
    wait_until(lambda: database.tries == 1)
    for event in events[1:]:
        writer.put(EventBatch([event], 0.0))
    database.gate.set()
    wait_until(lambda: writer.depth == 0)
    assert database.events == events
    assert len(database.groups) == 2


def test_a_database_that_is_away_costs_time_but_no_event(
    writer: OrderedWriter, database: Database
) -> None:
    database.fails = lambda _events: Unavailable("", "locked")
    writer.put(EventBatch([started("1")], 0.0))
    writer.put(EventBatch([ended("1")], 0.0))
    wait_until(lambda: database.tries >= 5)
    assert writer.away_since is not None
    database.fails = lambda _events: None
    wait_until(lambda: writer.depth == 0)
    assert [type(event) for event in database.events] == [CallStarted, CallEnded]
    assert writer.away_since is None


def test_one_call_that_cannot_be_written_takes_no_other_with_it(
    writer: OrderedWriter, database: Database
) -> None:
    def fails(events: Sequence[CallEvent]) -> Exception | None:
        bad = any(event.call.id == "bad" for event in events)
        return ValueError("no such thing") if bad else None

    database.fails = fails
    writer.put(EventBatch([started("1"), started("bad"), started("2"), ended("1")], 0.0))
    wait_until(lambda: writer.depth == 0)
    assert [event.call.id for event in database.events] == ["1", "1", "2"]


def test_what_was_joined_stays_in_order_when_another_call_of_the_group_is_bad(
    writer: OrderedWriter, database: Database
) -> None:
    def fails(events: Sequence[CallEvent]) -> Exception | None:
        bad = any(event.call.id == "bad" for event in events)
        return ValueError("no such thing") if bad else None

    database.fails = fails
    joined = CallsMerged(call=call_record("1"), at=None, absorbed_id="2")
    writer.put(EventBatch([started("1"), started("bad"), started("2"), joined], 0.0))
    wait_until(lambda: writer.depth == 0)
    assert [event.call.id for event in database.events] == ["1", "2", "1"]


def part(call: str, size: int = 10) -> JournalPart:
    return JournalPart(
        call_id=call, pbx="p", source="live", started_at=None, events=1, data=b"x" * size
    )


def test_a_calls_journal_is_written_with_its_events(
    writer: OrderedWriter, database: Database
) -> None:
    writer.put(EventBatch([ended("1")], 0.0, [part("1")]))
    writer.put(EventBatch([], 0.0, [part("0")]))
    wait_until(lambda: len(database.journal) == 2)
    assert [one.call_id for one in database.journal] == ["1", "0"]


def test_a_journal_that_cannot_be_written_costs_its_call_nothing(
    writer: OrderedWriter, database: Database
) -> None:
    database.refuses_journals = True
    writer.put(EventBatch([ended("1"), ended("2")], 0.0, [part("1")]))
    wait_until(lambda: writer.depth == 0)
    assert [event.call.id for event in database.events] == ["1", "2"]
    assert database.journal == []


def test_a_call_that_cannot_be_written_takes_no_others_journal_with_it(
    writer: OrderedWriter, database: Database
) -> None:
    def fails(events: Sequence[CallEvent]) -> Exception | None:
        bad = any(event.call.id == "bad" for event in events)
        return ValueError("no such thing") if bad else None

    database.fails = fails
    journal = [part("1"), part("bad"), part("0")]
    writer.put(EventBatch([ended("1"), ended("bad"), ended("2")], 0.0, journal))
    wait_until(lambda: writer.depth == 0)
    assert [event.call.id for event in database.events] == ["1", "2"]
    assert sorted(one.call_id for one in database.journal) == ["0", "1"]


def test_journals_held_for_a_database_that_is_away_are_bounded(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "MOST_JOURNAL_BYTES", 100)
    writer = OrderedWriter(database.write, Backoff(0.001, 0.002, lambda: 0.5))
    for number in range(5):
        writer.put(EventBatch([ended(str(number))], 0.0, [part(str(number), 40)]))
    writer.start()
    wait_until(lambda: writer.depth == 0)
    writer.put(EventBatch([ended("9")], 0.0, [part("9", 90)]))
    wait_until(lambda: len(database.events) == 6)
    assert writer.stop(5)
    assert [one.call_id for one in database.journal] == ["0", "1", "9"]


def test_a_job_keeps_its_place_among_the_events(writer: OrderedWriter, database: Database) -> None:
    seen: list[int] = []
    database.gate.clear()
    writer.put(EventBatch([started("1")], 0.0))
    writer.put(lambda: seen.append(len(database.events)))
    writer.put(EventBatch([started("2")], 0.0))
    database.gate.set()
    wait_until(lambda: writer.depth == 0)
    assert seen == [1]


def test_a_job_that_fails_for_good_is_left_behind(
    writer: OrderedWriter, database: Database
) -> None:
    def broken() -> None:
        raise ValueError("a bug")

    writer.put(broken)
    writer.put(EventBatch([started("1")], 0.0))
    wait_until(lambda: len(database.events) == 1)


def test_stopping_writes_what_is_left(database: Database) -> None:
    writer = OrderedWriter(database.write, Backoff(0.001, 0.002, lambda: 0.5))
    writer.start()
    writer.put(EventBatch([started(str(n)) for n in range(5)], 0.0))
    assert writer.stop(5)
    assert len(database.events) == 5


def test_stopping_while_the_database_is_away_ends_in_time_and_says_what_is_left(
    database: Database,
) -> None:
    database.fails = lambda _events: Unavailable("", "away")
    writer = OrderedWriter(database.write, Backoff(0.001, 0.002, lambda: 0.5))
    writer.start()
    writer.put(EventBatch([started("1")], 0.0))
    assert not writer.stop(0.05)


def test_a_long_outage_is_held_in_bounds_and_every_call_ends_as_it_last_was(
    writer: OrderedWriter, database: Database
) -> None:
    writer._compact_above = 17
    database.fails = lambda _events: Unavailable("", "away")
    writer.put(EventBatch([started("first")], 0.0))
    wait_until(lambda: writer.away_since is not None)
    merged = CallsMerged(call=call_record("1"), at=None, absorbed_id="2")
    for _ in range(5):
        writer.put(EventBatch([started("1"), started("2"), started("3")], 0.0))
    writer.put(EventBatch([merged], 0.0))
    writer.put(EventBatch([ended("1"), ended("3")], 0.0))
    assert writer.depth == 5
    database.fails = lambda _events: None
    wait_until(lambda: writer.depth == 0)
    after = [(type(event), event.call.id) for event in database.events[1:]]
    assert after == [
        (CallStarted, "2"),
        (CallsMerged, "1"),
        (CallEnded, "1"),
        (CallEnded, "3"),
    ]


def test_a_full_writer_says_so(
    writer: OrderedWriter, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "FULL_ABOVE", 3)
    database.gate.clear()
    writer.put(EventBatch([started(str(n)) for n in range(4)], 0.0))
    assert writer.full
    database.gate.set()
    wait_until(lambda: not writer.full)
