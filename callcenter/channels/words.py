"""Text as the full text finds it: in any case, with or without accents, by the start of any word.
Pure."""

from __future__ import annotations

import re

from callcenter.customers.names import fold

_WORD = re.compile(r"[^\W_]+")
_LONGEST_WORD = 64
_MOST_WORDS = 5_000
_MOST_ASKED = 12


def indexed(*texts: str) -> str:
    """The distinct words of the texts, folded, in order."""
    return " ".join(tuple(_words(*texts))[:_MOST_WORDS])


def asked(text: str) -> tuple[str, ...]:
    """The words somebody looks for: each must begin a word of what is found."""
    return tuple(_words(text[:400]))[:_MOST_ASKED]


def _words(*texts: str) -> dict[str, None]:
    found: dict[str, None] = {}
    for text in texts:
        for word in _WORD.findall(fold(text)):
            found.setdefault(word[:_LONGEST_WORD])
    return found
