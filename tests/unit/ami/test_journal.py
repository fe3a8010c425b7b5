"""The messages of a live call, kept until its end; bounded whatever a PBX sends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ami import journal as module
from ami.journal import JournalCounts, LiveJournal, stamped
from ami.journal_reading import signals_of
from callcenter.calls.events import CallEnded, CallEvent, CallsMerged, CallStarted
from callcenter.calls.journal import JournalPart
from callcenter.calls.record import NOTHING_KNOWN, CallRecord
from tests.support.store import leg

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Ticking:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def counts() -> JournalCounts:
    return JournalCounts()


@pytest.fixture
def journal(counts: JournalCounts, clock: Ticking) -> LiveJournal:
    return LiveJournal(counts, most_bytes=10_000, clock=clock)


def message(name: str, uniqueid: str = "1.1") -> bytes:
    return f"Event: {name}\r\nUniqueid: {uniqueid}".encode()


def record(*uniqueids: str, live: bool = False) -> CallRecord:
    first = uniqueids[0]
    return replace(
        NOTHING_KNOWN, id=f"p/{first}", pbx="p", live=live, started_at=START, uniqueids=uniqueids
    )


def ended(*uniqueids: str) -> list[CallEvent]:
    return [CallEnded(call=record(*uniqueids), at=START)]


def names(part: JournalPart) -> list[str]:
    messages = part.data.decode().split("\r\n\r\n")
    return [one.split("\r\n")[0].removeprefix("Event: ") for one in messages if one]


def test_a_calls_messages_come_out_at_its_end_in_the_order_of_the_stream(
    journal: LiveJournal,
) -> None:
    for name, uniqueid in (("A", "1.1"), ("B", "1.2"), ("C", "1.1"), ("X", "9.1"), ("D", "1.2")):
        journal.keep(uniqueid, message(name, uniqueid))
    live = CallStarted(call=record("1.1", "1.2", live=True), at=START)
    assert journal.of_ended([live]) == []
    (part,) = journal.of_ended(ended("1.1", "1.2"))
    assert names(part) == ["A", "B", "C", "D"]
    assert (part.call_id, part.pbx, part.source) == ("p/1.1", "p", "live")
    assert (part.started_at, part.events) == (START, 4)


def test_nothing_is_held_for_a_call_that_has_ended(
    journal: LiveJournal, counts: JournalCounts
) -> None:
    journal.keep("1.1", message("A"))
    journal.of_ended(ended("1.1"))
    assert counts.bytes_held == 0
    assert journal.of_ended(ended("1.1")) == []


def test_a_call_that_merged_away_leaves_its_messages_to_the_whole(journal: LiveJournal) -> None:
    journal.keep("1.1", message("A"))
    journal.keep("2.1", message("B", "2.1"))
    whole = record("1.1", "2.1")
    events = [CallsMerged(call=whole, absorbed_id="p/2.1", at=START), *ended("1.1", "2.1")]
    (part,) = journal.of_ended(events)
    assert names(part) == ["A", "B"]


def test_late_messages_make_a_second_part_once_they_have_had_time_to_come_all(
    journal: LiveJournal, clock: Ticking
) -> None:
    journal.keep("1.1", message("A"))
    journal.of_ended(ended("1.1", "1.2"))
    journal.keep("1.1", message("Late"))
    journal.keep("1.2", message("Later", "1.2"))
    assert journal.of_ended([]) == []
    clock.now += 3
    (part,) = journal.of_ended([])
    assert names(part) == ["Late", "Later"]
    assert part.call_id == "p/1.1"
    clock.now += 3
    assert journal.of_ended([]) == []


def test_a_channel_name_that_comes_again_later_is_no_late_message(
    journal: LiveJournal, clock: Ticking
) -> None:
    journal.keep("1.1", message("A"))
    journal.of_ended(ended("1.1"))
    clock.now += 3600
    journal.keep("1.1", message("Anew"))
    clock.now += 60
    assert journal.of_ended([]) == []
    (part,) = journal.of_ended(ended("1.1"))
    assert names(part) == ["Anew"]


def test_a_channel_has_so_many_messages_and_the_journal_says_what_is_missing(
    journal: LiveJournal, counts: JournalCounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_MESSAGES", 3)
    for number in range(5):
        journal.keep("1.1", message(f"E{number}"))
    (part,) = journal.of_ended(ended("1.1"))
    assert names(part) == ["E0", "E1", "E2", "JournalIncomplete"]
    assert part.data.endswith(b"Event: JournalIncomplete\r\nDropped: 2\r\n\r\n")
    assert (part.events, counts.dropped) == (3, 2)


def test_a_call_of_many_channels_is_bounded_as_one(
    journal: LiveJournal, counts: JournalCounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 2 * len(message("E", "1.1")))
    for uniqueid in ("1.1", "1.2", "1.3"):
        journal.keep(uniqueid, message("E", uniqueid))
    (part,) = journal.of_ended(ended("1.1", "1.2", "1.3"))
    assert names(part) == ["E", "E", "JournalIncomplete"]
    assert counts.dropped == 1
    assert counts.bytes_held == 0


def test_all_calls_together_are_bounded_and_the_oldest_pays(
    journal: LiveJournal, counts: JournalCounts
) -> None:
    big = b"Event: Big\r\nFiller: " + b"x" * 980
    for number in range(200):
        journal.keep(f"1.{number}", big)
        assert counts.bytes_held <= 10_000
    assert counts.dropped == 190
    (first,) = journal.of_ended(ended("1.100"))
    assert names(first) == ["JournalIncomplete"]
    (last,) = journal.of_ended(ended("1.199"))
    assert names(last) == ["Big"]


def test_channels_that_no_call_claims_do_not_pile_up(journal: LiveJournal) -> None:
    for number in range(5_000):
        journal.keep(f"7.{number}", message("Stray" + "x" * 100, f"7.{number}"))
    assert len(journal._heard) < 100


def test_a_message_of_the_pbx_itself_stands_once_in_every_live_calls_journal(
    journal: LiveJournal, counts: JournalCounts
) -> None:
    for uniqueid in ("1.1", "1.2", "2.1"):
        journal.keep(uniqueid, message("A", uniqueid))
    journal.keep_everywhere(b"Event: FullyBooted")
    journal.keep("1.1", message("B"))
    one, other = journal.of_ended([*ended("1.1", "1.2"), *ended("2.1")])
    assert names(one) == ["A", "A", "FullyBooted", "B"]
    assert names(other) == ["A", "FullyBooted"]
    assert counts.bytes_held == 0


def test_what_no_call_claims_in_a_day_is_forgotten(
    journal: LiveJournal, counts: JournalCounts, clock: Ticking
) -> None:
    journal.keep("8.1", message("Stray", "8.1"))
    clock.now += 23 * 3600
    journal.keep("9.1", message("Fresh", "9.1"))
    journal.of_ended([])
    assert counts.bytes_held == 2 * len(message("Stray", "8.1"))
    clock.now += 2 * 3600
    journal.of_ended([])
    assert counts.bytes_held == len(message("Fresh", "9.1"))


def test_a_channel_that_listens_in_explains_every_call_that_it_heard(
    journal: LiveJournal,
) -> None:
    for uniqueid in ("1.1", "2.1", "spy"):
        journal.keep(uniqueid, message(f"Of{uniqueid}", uniqueid))
    for uniqueid in ("1.1", "2.1"):
        spied = replace(record(uniqueid), legs=(leg("spy", "PJSIP/boss", "spy"),))
        (part,) = journal.of_ended([CallEnded(call=spied, at=START)])
        assert names(part) == [f"Of{uniqueid}", "Ofspy"]
    assert journal.of_ended([CallEnded(call=spied, at=START)]) == []


def test_a_message_without_a_time_gets_the_one_at_which_it_came(journal: LiveJournal) -> None:
    raw = b"Event: Hangup\r\nUniqueid: 1.1\r\nChannel: PJSIP/a-1"
    journal.keep("1.1", stamped(raw, START))
    (part,) = journal.of_ended(ended("1.1"))
    (signal,) = signals_of(part)
    assert signal.at == START
    assert stamped(raw, None) == raw
