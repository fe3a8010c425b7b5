"""Bytes of a recording as text: whatever encoding another system wrote, never an exception.

Owns encodings and line ends; knows nothing of what the text says.
"""

from __future__ import annotations

import re

# Only these end a line: a name may hold U+2028 or a vertical tab, which str.splitlines() cuts at.
_LINE_END = re.compile(r"\r\n|\n|\r")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SAMPLE = 400


def decoded(raw: bytes) -> str:
    """UTF-8, or UTF-16 where a mark or its zero bytes say so; odd lines alone in Windows-1252.

    One line in an old encoding (a caller's name as the trunk sent it) must not spoil the names on
    every other line.
    """
    if raw.startswith(_UTF16_MARKS):
        return _clean(raw.decode("utf-16", errors="replace"))
    utf16 = _utf16_without_mark(raw[:_SAMPLE])
    if utf16:
        return _clean(raw.decode(utf16, errors="replace"))
    try:
        return _clean(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return _clean("\n".join(_line(line) for line in raw.split(b"\n")))


def lines_of(text: str) -> list[str]:
    return _LINE_END.split(text)


def _clean(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\0", "")


def _line(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _utf16_without_mark(sample: bytes) -> str:
    """Headers are ASCII, so every second byte of UTF-16 is zero."""
    half = len(sample) // 2
    if half and sample[1::2].count(0) > 0.6 * half:
        return "utf-16-le"
    if half and sample[0::2].count(0) > 0.6 * half:
        return "utf-16-be"
    return ""
