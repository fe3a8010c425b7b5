"""Which tones a phone hears: the level of single frequencies at the end of what it recorded."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from pathlib import Path

RATE = 16_000
"""Samples a second."""
_HEADER = 44
_WINDOW = 4_800
"""Samples looked at: the last three tenths of a second."""
_AUDIBLE = 300.0


def tail(recording: Path, samples: int = _WINDOW) -> list[int]:
    """The last samples of a WAV file that is still being written."""
    if not recording.exists():
        return []
    size = recording.stat().st_size
    begin = max(_HEADER, size - 2 * samples)
    with recording.open("rb") as file:
        file.seek(begin - begin % 2)
        raw = file.read(2 * samples)
    return list(struct.unpack(f"<{len(raw) // 2}h", raw[: len(raw) // 2 * 2]))


def level(samples: list[int], hertz: int) -> float:
    """The amplitude of one frequency in these samples, by Goertzel's algorithm; 0 for none."""
    if not samples:
        return 0.0
    step = 2.0 * math.cos(2.0 * math.pi * hertz / RATE)
    before = last = 0.0
    for sample in samples:
        before, last = last, sample + step * last - before
    power = before * before + last * last - step * before * last
    return 2.0 * math.sqrt(max(power, 0.0)) / len(samples)


def heard(recording: Path, tones: Iterable[int]) -> set[int]:
    """Those of `tones` (hertz) that can be heard now; nothing before there is enough to hear."""
    samples = tail(recording)
    if len(samples) < _WINDOW:
        return set()
    return {tone for tone in tones if level(samples, tone) > _AUDIBLE}
