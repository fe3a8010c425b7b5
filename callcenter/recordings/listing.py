"""Which recordings a call has, and where in the sound something of the call is heard.

A PBX may keep sound only while two people talk (MixMonitor's option b), so a place in the file is
not the time since the recording began: it is the time that was heard until then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from callcenter.calls.record import CallRecord, Leg, SoundFile

Span = tuple[datetime, datetime]
MarkKind = Literal["joined", "left", "transfer"]
_TELLING = 1.5
"""Seconds by which the length of a file and what the PBX told of it may differ."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Somebody came or went. `who` is a leg's endpoint."""

    at: datetime
    kind: MarkKind
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """`number` counts the recordings of one call from 1. `stopped_at` is None while it is made."""

    number: int
    file: str
    started_at: datetime | None
    stopped_at: datetime | None
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()
    heard: tuple[Span, ...] = ()
    """When two people were connected on the recorded channel."""
    marks: tuple[Mark, ...] = ()


def recordings_of(record: CallRecord) -> tuple[Recording, ...]:
    """In the order in which they began; each file once."""
    found: dict[str, tuple[Leg, SoundFile]] = {}
    for leg in record.legs:
        for sound in leg.recordings:
            if sound.file:
                found.setdefault(sound.file, (leg, sound))
    ordered = sorted(found.values(), key=lambda one: (_begin(one[1]), one[1].file))
    return tuple(
        _recording(number, leg, sound, record)
        for number, (leg, sound) in enumerate(ordered, start=1)
    )


def places(
    recording: Recording, spans: Iterable[Span], seconds: float
) -> list[tuple[float, float]]:
    """Where the spans lie in a file of that length."""
    line = _line(recording, seconds)
    found = [(_place(line, start), _place(line, end)) for start, end in spans]
    return [(max(0.0, a), min(b, seconds)) for a, b in found if b > 0 and a < seconds and b > a]


def place(recording: Recording, at: datetime, seconds: float) -> float | None:
    """Where a moment lies in a file of that length; None outside of it."""
    found = _place(_line(recording, seconds), at)
    return found if 0 <= found <= seconds else None


def _begin(sound: SoundFile) -> float:
    return sound.started_at.timestamp() if sound.started_at else 0.0


def _recording(number: int, leg: Leg, sound: SoundFile, record: CallRecord) -> Recording:
    others = [one for one in record.legs if one.uniqueid != leg.uniqueid and one.role != "spy"]
    stopped = sound.stopped_at or leg.ended_at or record.ended_at
    return Recording(
        number=number,
        file=sound.file,
        started_at=sound.started_at,
        stopped_at=stopped,
        pauses=sound.pauses,
        heard=_joined(_talks(others, sound.started_at, stopped)),
        marks=tuple(sorted(_marks(others, record), key=lambda mark: mark.at)),
    )


def _talks(legs: Iterable[Leg], since: datetime | None, end: datetime | None) -> list[Span]:
    spans = []
    for leg in legs:
        until = leg.ended_at or end
        if leg.answered_at is None or until is None:
            continue
        start = max(leg.answered_at, since) if since else leg.answered_at
        stop = min(until, end) if end else until
        if stop > start:
            spans.append((start, stop))
    return spans


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _marks(others: Iterable[Leg], record: CallRecord) -> Iterable[Mark]:
    for leg in others:
        if leg.answered_at is not None:
            yield Mark(leg.answered_at, "joined", leg.endpoint)
            if leg.ended_at is not None and leg.ended_at != record.ended_at:
                yield Mark(leg.ended_at, "left", leg.endpoint)
    for transfer in record.transfers:
        if transfer.at is not None:
            yield Mark(transfer.at, "transfer", transfer.to)


def _line(recording: Recording, seconds: float) -> tuple[Span, ...]:
    """The stretches of time that the file holds, one after the other."""
    heard = sum((end - start).total_seconds() for start, end in recording.heard)
    if recording.heard and abs(heard - seconds) <= _TELLING:
        return recording.heard
    begun, stopped = recording.started_at, recording.stopped_at
    length = timedelta(seconds=seconds)
    if begun is not None and stopped is not None:
        whole = (stopped - begun).total_seconds()
        # Sound that is kept from some moment on is kept until the end.
        return (
            ((begun, stopped),)
            if abs(whole - seconds) <= _TELLING
            else ((stopped - length, stopped),)
        )
    return ((begun, begun + length),) if begun is not None else ()


def _place(line: Sequence[Span], at: datetime) -> float:
    passed = 0.0
    for start, end in line:
        if at <= start:
            return passed if passed or at == start else (at - start).total_seconds()
        if at <= end:
            return passed + (at - start).total_seconds()
        passed += (end - start).total_seconds()
    return passed + ((at - line[-1][1]).total_seconds() if line else 0.0)
