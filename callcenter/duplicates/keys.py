"""What cards of one person are likely to share, so that only those are ever compared.

Numbers and addresses are keys by themselves. A name is one only together with something else: a
base of a million has thousands of people called alike. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from callcenter.customers.names import fold, words
from callcenter.finding.spelling import spelling_key

_LONGEST = 80
_MOST_WORDS = 4
_VOWELS = re.compile("[aeiou]")
_NO_LETTER = re.compile(r"[^\W\d_]")

BLOCK_LIMITS = {"n": 4, "o": 30, "c": 30}
"""Of how many cards a key still says something, by its first letter: a full name by itself only
when it is rare, one beside the same organisation or city more often."""


def has_name(display_name: str) -> bool:
    """A card that was made of a number alone is called by it, and says nothing of the person."""
    return _NO_LETTER.search(display_name) is not None


def bones(name: str) -> tuple[str, ...]:
    """The words of a name without what spellings differ by: each first letter, and consonants."""
    if not has_name(name):
        return ()
    found = (spelling_key(word) for word in words(name))
    short = (key[:1] + _VOWELS.sub("", key[1:]) for key in found if key and not key.isdigit())
    return tuple(sorted(dict.fromkeys(short)))


@lru_cache(maxsize=16_384)
def spelled(name: str) -> str:
    """The name as it is compared: every word by its sound, in one order."""
    return " ".join(sorted(filter(None, map(spelling_key, words(name)))))


def name_keys(name: str, organization_ids: Sequence[int], city: str) -> tuple[str, ...]:
    """The keys of a card, by name and by what stands beside it."""
    parts = bones(name)[:_MOST_WORDS]
    if not parts:
        return ()
    keys = [f"n:{' '.join(parts)}"] if len(parts) > 1 else []
    place = fold(city.strip())[:20]
    for part in parts:
        if len(part) < 2:
            continue
        keys += [f"o:{one}:{part}" for one in organization_ids[:5]]
        others = "".join(other[0] for other in parts if other != part)
        if place and others:
            keys.append(f"c:{place}:{part}:{others}")
    return tuple(dict.fromkeys(key[:_LONGEST] for key in keys))
