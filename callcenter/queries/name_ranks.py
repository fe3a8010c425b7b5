"""Who of several with the words looked for is meant most likely, and by what they were found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA
from sqlalchemy import Connection, select

from callcenter.customers.names import fold, words
from callcenter.finding.words import joined_words, key_of
from callcenter.queries.near_words import edits_between
from callcenter.queries.word_search import Wanted
from callcenter.store.sets import among
from callcenter.store.tables import customers, organizations

NameKind = Literal["name", "organization", "spelling", "typo"]
_EXACT, _BEGINNING, _SAME_KEY, _KEY_BEGINNING, _NEAR = 1.0, 0.9, 0.85, 0.75, 0.6
_OF_THE_ORGANIZATION: Final = 0.2
_MOST_EDITS = 2


def ranked(
    connection: Connection, ids: Sequence[int], wanted: Sequence[Wanted], typed: str
) -> Iterator[tuple[int, NameKind, str]]:
    """The likeliest first: customer, how they were found, the organisation if it was by that."""
    if not ids:
        return
    rows = connection.execute(
        select(
            customers.c.id,
            customers.c.display_name,
            customers.c.given_name,
            customers.c.family_name,
            organizations.c.name.label("organization"),
        )
        .select_from(
            customers.outerjoin(organizations, organizations.c.id == customers.c.organization_id)
        )
        .where(among(connection, customers.c.id, ids))
    )
    plain = fold(typed)
    scored = []
    for row in rows:
        own = _words_of(f"{row.display_name} {row.given_name} {row.family_name}")
        firm = _words_of(row.organization or "")
        score, kind = _score(wanted, own, firm)
        alike = fuzz.token_sort_ratio(plain, fold(row.display_name))
        scored.append((-score, -alike, row.id, kind, row.organization or ""))
    for *_rank, customer_id, kind, organization in sorted(scored):
        yield customer_id, kind, organization if kind == "organization" else ""


def _score(
    wanted: Sequence[Wanted], own: tuple[str, ...], firm: tuple[str, ...]
) -> tuple[float, NameKind]:
    """The mean over the words; the least sure of them says by what it was found."""
    best = [_best(one, own, firm) for one in wanted]
    kinds: tuple[NameKind, ...] = ("typo", "spelling", "organization", "name")
    kind = next(kind for kind in kinds if any(kind == other for _score, other in best))
    return sum(score for score, _kind in best) / len(best), kind


def _best(one: Wanted, own: tuple[str, ...], firm: tuple[str, ...]) -> tuple[float, NameKind]:
    mine = max((_likeness(one, word) for word in own), default=0.0)
    theirs = max((_likeness(one, word) for word in firm), default=0.0) - _OF_THE_ORGANIZATION
    if theirs > mine:
        sure = theirs + _OF_THE_ORGANIZATION >= _KEY_BEGINNING
        return theirs, "organization" if sure else "typo"
    if mine < _KEY_BEGINNING:
        return mine, "typo"
    return mine, "name" if mine >= _BEGINNING else "spelling"


def _likeness(one: Wanted, word: str) -> float:
    key = key_of(word)
    if word == one.word:
        return _EXACT
    if word.startswith(one.word):
        return _BEGINNING
    if key == one.key:
        return _SAME_KEY
    if key.startswith(one.key):
        return _KEY_BEGINNING
    if not one.near:
        return 0.0
    far = edits_between(one.key, key, _MOST_EDITS)
    whole = OSA.distance(one.key, key, score_cutoff=_MOST_EDITS) <= _MOST_EDITS
    return 0.0 if far > _MOST_EDITS else _NEAR - far * 0.1 + (0.05 if whole else 0.0)


@lru_cache(maxsize=8192)
def _words_of(text: str) -> tuple[str, ...]:
    return (*words(text), *joined_words(text))
