"""Sound files for tests, and calls that name them."""

from __future__ import annotations

import math
import struct
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from callcenter.calls.record import CallRecord, SoundFile

RATE = 8000


def tone(seconds: float, loud: float = 0.5, hertz: float = 440.0) -> bytes:
    """16-bit samples of one channel."""
    step = 2 * math.pi * hertz / RATE
    samples = (int(loud * 32767 * math.sin(n * step)) for n in range(int(seconds * RATE)))
    return b"".join(struct.pack("<h", one) for one in samples)


def silence(seconds: float) -> bytes:
    return bytes(2 * int(seconds * RATE))


def wav(data: bytes, *, tag: int = 1, bits: int = 16, per_second: int = 2 * RATE) -> bytes:
    """A WAV file as Asterisk writes it: one channel, 8 kHz."""
    head = struct.pack("<HHIIHH", tag, 1, RATE, per_second, bits // 8 or 1, bits)
    size = struct.pack("<I", 36 + len(data))
    return b"RIFF" + size + b"WAVEfmt " + struct.pack("<I", 16) + head + _data(data)


def _data(data: bytes) -> bytes:
    return b"data" + struct.pack("<I", len(data)) + data


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def recorded(
    record: CallRecord,
    *files: str,
    began: datetime | None = None,
    pauses: tuple[tuple[float, float], ...] = (),
) -> CallRecord:
    """The call with recordings of its caller's channel; pauses in seconds after the beginning."""
    caller = record.legs[0]
    start = began or caller.answered_at or record.started_at
    assert start is not None
    spans = tuple((start + timedelta(seconds=a), start + timedelta(seconds=b)) for a, b in pauses)
    sounds = tuple(
        SoundFile(file=one, started_at=start, stopped_at=caller.ended_at, pauses=spans)
        for one in files
    )
    return replace(record, legs=(replace(caller, recordings=sounds), *record.legs[1:]))
