"""Titles in any alphabet as plain short names: Долги → `dolgi`, Żółw → `zolw`.

Cyrillic is written as in passports (ICAO 9303), with `y` for й. What no table knows is left out.
"""

from __future__ import annotations

import re
import unicodedata

_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяієїґў"
_WRITTEN = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch . y . e yu ya i ie i g u"
_CYRILLIC = dict(zip(_LETTERS, _WRITTEN.split(" "), strict=True))
_OTHERS = {"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"}
_PLAIN = str.maketrans({letter: to.strip(".") for letter, to in _CYRILLIC.items()} | _OTHERS)
_NEITHER = re.compile(r"[^a-z0-9]+")


def latin(text: str) -> str:
    """Small letters of ASCII; marks fall away, Cyrillic is transliterated."""
    # Composed first: й and ё are letters of their own, not и and е with a mark.
    told = unicodedata.normalize("NFC", text).lower().translate(_PLAIN)
    return unicodedata.normalize("NFKD", told).encode("ascii", "ignore").decode().lower()


def slug(text: str, most: int = 40, between: str = "-") -> str:
    """Letters and digits with `between` between them; '' when nothing can be written plainly."""
    return _NEITHER.sub(between, latin(text)).strip(between)[:most].strip(between)
