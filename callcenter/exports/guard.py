"""Cells that a spreadsheet would run as a formula: an apostrophe before them on the way out, taken
off again on the way in. Each text has one guarded form and comes back from it as it was.
"""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_PLAIN_NUMBER = re.compile(r"-\d+([.,]\d+)?")


def guarded(text: str) -> str:
    if not _FORMULA.match(text) or _PLAIN_NUMBER.fullmatch(text):
        return text
    return f"'{text}"


def unguarded(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text
