"""The loudest of each short stretch of a sound, for drawing it, in memory that does not grow with
its length.
"""

from __future__ import annotations

import math
import sys
from array import array
from typing import BinaryIO

from callcenter.recordings.wave import Wave

PEAKS = 800
_LOUDEST = 32768
_FRAMES_AT_ONCE = 65_536


def peaks_of(file: BinaryIO, wave: Wave, wanted: int = PEAKS) -> list[int]:
    """From 0 to 100, `wanted` of them at most; [] where samples cannot be read one by one."""
    width = 2 * wave.channels
    frames = wave.size // width if wave.is_drawable else 0
    if not frames:
        return []
    per_peak = math.ceil(frames / wanted)
    file.seek(wave.begin)
    found, left = [], frames
    while left > 0:
        step = min(per_peak, left)
        loudest, read = _loudest(file, step, width)
        if not read:
            break
        found.append(round(100 * loudest / _LOUDEST))
        left -= step
    return found


def _loudest(file: BinaryIO, frames: int, width: int) -> tuple[int, int]:
    """(the loudest sample of the next frames, how many bytes there were)."""
    loudest = read = 0
    while frames > 0:
        data = file.read(min(frames, _FRAMES_AT_ONCE) * width)
        samples = array("h", data[: len(data) // 2 * 2])
        if not samples:
            break
        if sys.byteorder == "big":
            samples.byteswap()
        highest, lowest = max(samples), min(samples)
        loudest = max(loudest, highest, -lowest)
        read += len(data)
        frames -= len(data) // width or 1
    return loudest, read
