"""What the journal kept of a call makes its record again."""

from __future__ import annotations

import random

from ami.journal_reading import signals_of
from ami.ledger.fold import GRACE_SECONDS
from callcenter.calls.journal import JournalPart
from callcenter.calls.record import CallRecord
from callcenter.calls.signals import HungUp
from callcenter.calls.tracker import Tracker
from callcenter.pbx.ledger_columns import CEL_HEADER
from tests.support.ledger import NOON, TOPOLOGY, answered_call, fold, lost_call


def part(lines: list[str]) -> JournalPart:
    data = "\n".join((CEL_HEADER, *lines, "")).encode()
    return JournalPart(
        call_id="1", pbx="pbx1", source="ledger", started_at=None, events=len(lines), data=data
    )


def remade(lines: list[str]) -> list[CallRecord]:
    tracker = Tracker("pbx1", TOPOLOGY)
    tracker.fold(signals_of(part(lines)))
    return tracker.records()


def test_the_lines_of_a_call_make_its_record_again_in_whatever_order_they_came() -> None:
    (call,) = fold(answered_call(0)).take(GRACE_SECONDS + 1)
    lines = random.Random(1).sample(call.lines, len(call.lines))
    assert [record.talk_seconds for record in remade(lines)] == [call.record.talk_seconds]
    assert [record.ended_at for record in remade(lines)] == [call.record.ended_at]


def test_a_call_that_died_with_its_pbx_is_over_in_the_journal_too() -> None:
    folder = fold([*lost_call(7), *answered_call(8)[:7], *lost_call(0, NOON + 60)])
    calls = {call.record.id: call for call in folder.take(GRACE_SECONDS + 1)}
    died = calls[f"pbx1/pbx1-{NOON}.8"]
    (record,) = remade(list(reversed(died.lines)))
    assert (record.live, record.ended_at) == (False, died.record.ended_at)
    assert record.result == died.record.result


def test_manager_messages_are_read_with_either_line_end() -> None:
    message = b"Event: Hangup\r\nUniqueid: 1.0\r\nChannel: PJSIP/1001-1\r\nCause: 16\r\n"
    for data in (message + b"\r\n", message.replace(b"\r\n", b"\n") + b"\n"):
        live = JournalPart(
            call_id="1", pbx="pbx1", source="live", started_at=None, events=1, data=data
        )
        (signal,) = signals_of(live)
        assert isinstance(signal, HungUp)
        assert (signal.uniqueid, signal.cause) == ("1.0", 16)
