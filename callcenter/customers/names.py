"""Names as people search them: in any case, with or without accents, by the start of any word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
# Letters that Unicode does not take apart into a letter and a mark, or that people mix up.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "ё": "е"})
_KEEP_MARKS = frozenset("йїў")
_MAX_WORD = 64
_MAX_WORDS = 24
_MOST_LETTERS = 4096


def fold(text: str) -> str:
    """`Żółkiewski` → `zolkiewski`, `АЛЁНА` → `алена`; й stays й, for it is a letter of its own."""
    if text.isascii():
        return text.casefold()
    return _fold_any(text) if len(text) > _MAX_WORD else _fold_short(text)


def _fold_any(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().translate(_FOLDED)


# The same names are written again and again.
_fold_short = lru_cache(maxsize=8192)(_fold_any)


class _Folded(dict[int, str]):
    """Letter → what becomes of it, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        plain = "".join(map(_without_marks, chr(code).translate(_PLAIN)))
        if len(self) < _MOST_LETTERS:
            self[code] = plain
        return plain


_FOLDED = _Folded()


def _without_marks(letter: str) -> str:
    if letter in _KEEP_MARKS:
        return letter
    parts = unicodedata.normalize("NFKD", letter)
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    return plain.casefold().translate(_PLAIN)  # 𝔸 is a capital only once it is taken apart


def words(*texts: str) -> tuple[str, ...]:
    """The distinct folded words of the texts, in order."""
    found = dict.fromkeys(word for text in texts for word in _words_of(text))
    return tuple(found)[:_MAX_WORDS]


@lru_cache(maxsize=8192)  # given names, families and organisations come again and again
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(word[:_MAX_WORD] for word in _WORD.findall(fold(text)))


@lru_cache(maxsize=16_384)  # asked for of each row of a file several times
def sort_key(display_name: str, family_name: str = "") -> str:
    """By family name where there is one, folded, so that both databases sort alike."""
    return fold(f"{family_name} {display_name}".strip())[:160]


def prefix_end(prefix: str) -> str:
    """The least text greater than every text that begins with `prefix`."""
    last = ord(prefix[-1]) + 1
    return prefix[:-1] + chr(0xE000 if 0xD800 <= last <= 0xDFFF else min(last, 0x10FFFF))


def joined(parts: Iterable[str]) -> str:
    return " ".join(part for part in (part.strip() for part in parts) if part)
