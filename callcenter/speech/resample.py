"""Another rate for a sound, without a tone of what the new rate cannot carry. Pure.

A windowed sinc, with one row of factors for each place between two samples that occurs: the ratio
of two rates is a fraction, so there are few.
"""

from __future__ import annotations

from array import array
from functools import lru_cache
from math import ceil, cos, gcd, pi, sin
from operator import mul
from typing import Final

_LOBES: Final = 12
"""Of the sinc at either side: more are slower and hardly heard."""
_PASSED: Final = 0.92
"""How much of what the new rate can carry is let through."""


def resampled(samples: array[int], source: int, target: int) -> array[int]:
    if source == target or not samples:
        return samples
    common = gcd(source, target)
    up, down = target // common, source // common
    rows, reach = _rows(up, down)
    silence = array("h", bytes(2 * reach))
    padded = silence + samples + silence
    count = len(samples) * up // down
    spoken = array("h", bytes(2 * count))
    for place in range(count):
        first, phase = divmod(place * down, up)
        window = padded[first + 1 : first + 1 + 2 * reach]
        spoken[place] = _held(sum(map(mul, rows[phase], window)))
    return spoken


@lru_cache(maxsize=16)
def _rows(up: int, down: int) -> tuple[tuple[tuple[float, ...], ...], int]:
    """For each phase, the factors of 2 * reach samples about it; reach in samples of the source."""
    cutoff = _PASSED * min(1.0, up / down)
    reach = ceil(_LOBES / cutoff)
    rows = []
    for phase in range(up):
        offsets = [place - reach + 1 - phase / up for place in range(2 * reach)]
        raw = [_sinc(offset * cutoff) * _window(offset / reach) for offset in offsets]
        whole = sum(raw)
        rows.append(tuple(factor / whole for factor in raw))
    return tuple(rows), reach


def _sinc(x: float) -> float:
    return sin(pi * x) / (pi * x) if x else 1.0


def _window(x: float) -> float:
    return 0.5 + 0.5 * cos(pi * x) if -1.0 < x < 1.0 else 0.0


def _held(value: float) -> int:
    return max(-32768, min(32767, round(value)))
