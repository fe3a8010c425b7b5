"""A call's journal is enough to make its record again: of every call that the lab recorded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ami.client.wire import parse_headers
from ami.journal import JournalCounts, LiveJournal
from ami.journal_reading import signals_of
from ami.translate import translate
from callcenter.calls.journal import JournalPart
from callcenter.calls.record import CallRecord
from callcenter.calls.signals import ChannelSignal, PbxStarted
from callcenter.calls.topology import Topology
from callcenter.calls.tracker import Tracker

RECORDINGS = Path(__file__).parent.parent.parent / "scenarios" / "recordings"
FOLDERS = sorted(path.parent for path in RECORDINGS.glob("*/ami.txt"))
TOPOLOGY = Topology(trunks=("PJSIP/trunk*",))
HANDED_OVER = 20


def messages(folder: Path) -> Iterator[bytes]:
    for message in (folder / "ami.txt").read_bytes().replace(b"\r\n", b"\n").split(b"\n\n"):
        if message.startswith(b"Event: "):
            yield message.strip().replace(b"\n", b"\r\n")


def heard(folder: Path) -> tuple[list[CallRecord], list[JournalPart], bool]:
    """Records, journals, and whether the PBX was started in mid-call: the message that tells so
    has no time in a recording."""
    tracker = Tracker("pbx", TOPOLOGY, deferred=True, keep_ended=1000)
    now = 0.0
    journal = LiveJournal(JournalCounts(), clock=lambda: now)
    parts: list[JournalPart] = []
    started = begun = False
    for number, raw in enumerate(messages(folder), 1):
        signal = translate(parse_headers(raw), "pbx")
        if isinstance(signal, ChannelSignal):
            journal.keep(signal.uniqueid, raw)
            begun = True
        started = started or (begun and isinstance(signal, PbxStarted))
        if signal is not None:
            tracker.apply(signal)
        if number % HANDED_OVER == 0:
            parts += journal.of_ended(tracker.settle())
    parts += journal.of_ended(tracker.settle())
    now = 10.0
    parts += journal.of_ended([])
    return tracker.records(), parts, started


def made_again(parts: list[JournalPart], record: CallRecord) -> list[CallRecord]:
    tracker = Tracker("pbx", TOPOLOGY, keep_ended=1000)
    tracker.fold([signal for part in parts for signal in signals_of(part)])
    return [one for one in tracker.records() if set(one.uniqueids) & set(record.uniqueids)]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_journal_makes_the_same_record_again(folder: Path) -> None:
    records, parts, started = heard(folder)
    for record in records:
        spied = any(leg.role == "spy" for leg in record.legs)
        if record.live or started or spied:
            continue
        own = [part for part in parts if part.call_id == record.id]
        assert own, record.id
        assert made_again(own, record) == [record]
