"""Short messages: how many segments a text takes. Pure.

GSM 03.38: a text of its alphabet has 160 characters in one message and 153 in each part of a longer
one (some count twice); any other text is UCS-2, with 70 and 67.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("^{}\\[~]|€\f")
LONGEST_SMS = 1_530
"""Ten segments of plain letters: carriers refuse more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    encoding: Literal["GSM-7", "UCS-2"]
    length: int
    """In septets or in UTF-16 units: what the network counts."""
    count: int
    room: int
    """How many more fit into the last one."""


def segments(text: str) -> Segments:
    if all(letter in _BASIC or letter in _TWICE for letter in text):
        units = [2 if letter in _TWICE else 1 for letter in text]
        return _told("GSM-7", units, 160, 153)
    return _told("UCS-2", [len(letter.encode("utf-16-be")) // 2 for letter in text], 70, 67)


def _told(encoding: Literal["GSM-7", "UCS-2"], units: list[int], alone: int, part: int) -> Segments:
    length = sum(units)
    if length <= alone:
        return Segments(encoding=encoding, length=length, count=1, room=alone - length)
    count, filled = 1, 0
    for unit in units:  # a letter of two units is never cut in half
        if filled + unit > part:
            count, filled = count + 1, 0
        filled += unit
    return Segments(encoding=encoding, length=length, count=count, room=part - filled)
