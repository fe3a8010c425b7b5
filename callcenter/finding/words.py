"""The words a customer is kept under and found by: as written (folded) and by spelling key."""

from __future__ import annotations

import re
from collections.abc import Iterable

from callcenter.customers.names import words
from callcenter.finding.spelling import spelling_key

_JOINED = re.compile(r"[^\W_]+(?:['’ʼʹ′`][^\W_]+)+")
_SIGNS = frozenset("'’ʼʹ′`")
_LONGEST = 64
_MOST = 64


def key_of(word: str) -> str:
    return spelling_key(word)[:_LONGEST]


def kept_words(*texts: str) -> tuple[str, ...]:
    """`Liam O'Connor` → liam, o, connor, oconnor and their keys; each once, in order."""
    plain = (*words(*texts), *joined_words(*texts))
    return tuple(dict.fromkeys(one for word in plain for one in (word, key_of(word)) if one))[
        :_MOST
    ]


def joined_words(*texts: str) -> tuple[str, ...]:
    """`O'Connor` as one word, for a sign of softness or an apostrophe is often left out."""
    found = [part for text in texts if _has_sign(text) for part in _JOINED.findall(text)]
    return words(*(re.sub(r"[\W_]", "", part) for part in found)) if found else ()


def _has_sign(text: str) -> bool:
    return not _SIGNS.isdisjoint(text)


def vocabulary(kept: Iterable[str]) -> tuple[str, ...]:
    """Of the kept words those that typing errors are looked for in: keys, not numbers."""
    return tuple(
        word for word in dict.fromkeys(kept) if word == key_of(word) and not word.isdigit()
    )
