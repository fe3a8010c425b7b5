"""Words of the vocabulary that may be meant by one with typing errors. The store gives those that
share a rest (`callcenter.finding.near`); RapidFuzz says how far each really is.
"""

from __future__ import annotations

from rapidfuzz.distance import OSA
from sqlalchemy import Connection, select

from callcenter.finding.near import most_edits, variants
from callcenter.store.sets import among
from callcenter.store.tables import name_variants, name_words

_MOST_COMPARED = 2_000


def near_words(connection: Connection, key: str, limit: int = 24) -> list[str]:
    """The nearest first; whole words before words that only begin so."""
    wanted = sorted(variants(key))
    if not wanted:
        return []
    query = (
        select(name_words.c.word)
        .distinct()
        .select_from(name_variants.join(name_words))
        .where(among(connection, name_variants.c.variant, wanted))
        .limit(_MOST_COMPARED)
    )
    edits = most_edits(key)
    found = [(edits_between(key, word, edits), word) for word in connection.scalars(query)]
    near = [(far, abs(len(word) - len(key)), word) for far, word in found if far <= edits]
    return [word for _far, _longer, word in sorted(near)[:limit]]


def edits_between(typed: str, word: str, most: int) -> int:
    """Letters added, left out, changed or swapped between `typed` and `word` or a beginning of it;
    more than `most` is not counted on."""
    beginnings = {word} | {
        word[:length] for length in range(len(typed) - most, len(typed) + most + 1) if length > 0
    }
    return min(int(OSA.distance(typed, one, score_cutoff=most)) for one in beginnings)
