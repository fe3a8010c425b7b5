"""Reading the ledger: whatever pieces it comes in, however often it begins again, and in whatever
order channels' rows stand, the calls are the same.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ami.ledger.fold import LedgerFolder
from ami.ledger.forward import Piece
from ami.ledger.intake import LedgerIntake
from ami.ledger.names import SystemNames
from ami.ledger.records import RecordSplitter
from callcenter.calls.ledger import LedgerBatch, LedgerCall
from callcenter.calls.record import CallRecord
from tests.scenarios.recorded import Recording, recordings
from tests.scenarios.test_recordings import LAB, records_of
from tests.support.ledger import NOW, feed

every_recording = pytest.mark.parametrize("recording", recordings(), ids=lambda r: r.name)
any_recording = st.sampled_from(recordings())
MANY = settings(max_examples=150, deadline=None)
AT = datetime.now(UTC)
LATER = 1000.0


@cache
def lines_of(name: str) -> tuple[str, ...]:
    recording = next(one for one in recordings() if one.name == name)
    lines = (recording.folder / "cel.csv").read_text("utf-8").splitlines()
    return tuple(lines[1:])


@cache
def told(name: str) -> tuple[CallRecord, ...]:
    """The calls of a recording, read in one go."""
    return by_id(fold_lines(list(lines_of(name))))


def fold_lines(lines: list[str]) -> list[LedgerCall]:
    folder = LedgerFolder("pbx1", LAB)
    feed(folder, lines, 0.0)
    return list(folder.take(LATER))


def by_id(calls: list[LedgerCall]) -> tuple[CallRecord, ...]:
    return tuple(sorted((call.record for call in calls), key=lambda record: record.id))


def intake() -> LedgerIntake:
    return LedgerIntake("pbx1", "file", "cel.csv", LedgerFolder("pbx1", LAB), SystemNames("pbx1"))


class Stored:
    """What a store would hold: whole calls, joined by their channels, and the position."""

    def __init__(self) -> None:
        self.lines: list[dict[str, None]] = []
        self.offset = 0

    def settle(self, batch: LedgerBatch) -> None:
        for call in batch.calls:
            mine = dict.fromkeys(call.lines)
            met = [known for known in self.lines if _joined(known, mine)]
            for known in met:
                self.lines.remove(known)
                mine.update(known)
            self.lines.append(mine)
        if batch.position is not None:
            self.offset = batch.position.offset

    def records(self) -> tuple[CallRecord, ...]:
        return by_id([call for lines in self.lines for call in fold_lines(list(lines))])


def _joined(one: dict[str, None], other: dict[str, None]) -> bool:
    """The store knows a call by any of its channels."""
    return bool(_channels(one) & _channels(other))


def _channels(lines: dict[str, None]) -> set[str]:
    return {line.split('","')[13] for line in lines}


@every_recording
def test_a_recording_read_as_a_file_gives_the_calls_that_its_rows_tell(
    recording: Recording,
) -> None:
    pbx, data = recording.truth["pbx"], (recording.folder / "cel.csv").read_bytes()
    folder = LedgerFolder(pbx, LAB)
    reader = LedgerIntake(pbx, "file", "cel.csv", folder, SystemNames(pbx))
    reader.take_in(Piece("a", "cel.csv", 0, data, True), 0.0, AT)
    calls = [call for batch in reader.batches(LATER, AT) for call in batch.calls]
    records = records_of(recording, recording.ledger)
    ended = [record for record in records if not record.live]
    assert by_id(calls) == tuple(sorted(ended, key=lambda record: record.id))
    assert not reader.refused
    if len(ended) == len(records):
        assert reader.mark.offset == len(data)


@MANY
@given(recording=any_recording, seed=st.integers(0, 10**6))
def test_doubled_lines_and_shuffled_channels_give_the_same_calls(
    recording: Recording, seed: int
) -> None:
    """Rows of one channel keep their order, as Asterisk promises, and so do its lives."""
    assume(all(record.end_seen for record in told(recording.name)))
    rng = random.Random(seed)
    lines = list(lines_of(recording.name))
    queues: dict[str, list[str]] = {}
    for line in lines:
        queues.setdefault(line.split('","')[13], []).append(line)
    shuffled = []
    while queues:
        channel = rng.choice(list(queues))
        shuffled.append(queues[channel].pop(0))
        if not queues[channel]:
            del queues[channel]
    doubled = [line for line in shuffled for _ in range(rng.choice((1, 1, 2)))]
    assert by_id(fold_lines(doubled)) == told(recording.name)


@MANY
@given(recording=any_recording, cuts=st.lists(st.integers(0, 20_000), max_size=12), data=st.data())
def test_any_chunks_and_any_number_of_new_beginnings_give_the_same_calls(
    recording: Recording, cuts: list[int], data: st.DataObject
) -> None:
    """Between any two chunks the process may end: the next one reads on from what was stored."""
    whole = "".join(f"{line}\n" for line in lines_of(recording.name)).encode()
    ends = sorted({min(cut, len(whole)) for cut in cuts} | {len(whole)})
    stored, reader, read_to, now = Stored(), intake(), 0, 0.0
    for end in ends:
        reader.take_in(Piece("a", "cel.csv", read_to, whole[read_to:end], False), now, AT)
        read_to = end
        now += data.draw(st.sampled_from((0.5, 30.0)), "seconds")
        for batch in reader.batches(now, AT):
            stored.settle(batch)
        if data.draw(st.booleans(), "dies"):
            reader, read_to = intake(), stored.offset
            now += 1.0
    reader.take_in(Piece("a", "cel.csv", read_to, whole[read_to:], True), now, AT)
    for batch in reader.batches(now + LATER, AT):
        stored.settle(batch)
    assert stored.records() == told(recording.name)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=400), cuts=st.lists(st.integers(0, 400), max_size=6))
def test_any_bytes_in_any_chunks_give_the_same_records(data: bytes, cuts: list[int]) -> None:
    assert split_at(data, cuts) == split_at(data, [])


@settings(max_examples=200, deadline=None)
@given(
    parts=st.lists(st.sampled_from([b'"A","', b'1"', b'""', b"\n", b"\0", b",", b"x"]), max_size=60)
)
def test_what_looks_nearly_like_rows_loses_no_byte(parts: list[bytes]) -> None:
    data = b"".join(parts)
    found = b"".join(record for record, _ in split_at(data, []))
    assert sorted(found.replace(b"\n", b"")) == sorted(
        data.replace(b"\0", b"\n").replace(b"\n", b"")
    )


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes_leave_the_reader_standing(data: bytes) -> None:
    reader = intake()
    reader.take_in(Piece("a", "cel.csv", 0, data + b"\n", True), 0.0, NOW)
    list(reader.batches(LATER, NOW))
    assert reader.mark.offset == len(data) + 1


def split_at(data: bytes, cuts: list[int]) -> list[tuple[bytes, str]]:
    splitter, at = RecordSplitter(), 0
    records = []
    for end in [*sorted(min(cut, len(data)) for cut in cuts), len(data)]:
        records += list(splitter.feed(Piece("a", "cel.csv", at, data[at:end], False)))
        at = end
    records += list(splitter.finish())
    return [(record.data, record.fault) for record in records]
