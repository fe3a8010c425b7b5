"""Words that may be meant by a word with typing errors, looked up and not searched for.

Each word of the vocabulary is kept under what is left of its beginning when up to two letters are
taken out ("symmetric deletes"). Two words at most so many edits apart share such a rest; what
shares one is then compared letter by letter. The rests are kept as numbers: shorter to store.
"""

from __future__ import annotations

from hashlib import blake2b
from itertools import combinations
from typing import Final

BEGINNING: Final = 7
"""Only so many letters are varied: errors further on are found all the same."""
_SHORTEST: Final = 4
_LONG: Final = 7


def most_edits(word: str) -> int:
    """How many errors we believe in: none in the shortest words, two in long ones."""
    if len(word) < _SHORTEST or any(map(str.isdigit, word)):
        return 0
    return 1 if len(word) < _LONG else 2


def variants(word: str) -> frozenset[int]:
    """What `word` is kept under, and looked up by; none where no errors are believed in."""
    edits = most_edits(word)
    start = word[:BEGINNING]
    rests = {
        "".join(letter for place, letter in enumerate(start) if place not in gone)
        for count in range(edits + 1)
        for gone in combinations(range(len(start)), count)
    }
    return frozenset(map(_number, rests)) if edits else frozenset()


def _number(rest: str) -> int:
    """63 bits, so that both databases hold it as a whole number."""
    return int.from_bytes(blake2b(rest.encode(), digest_size=8).digest(), "big") >> 1
