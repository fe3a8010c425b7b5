"""How likely two cards are one person's, and why. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from callcenter.customers.names import fold
from callcenter.duplicates.keys import has_name, spelled

LIKELY = 50
"""From here on people are asked."""

_ALIKE, _SIMILAR, _STRANGE = 92, 80, 55


@dataclass(frozen=True, slots=True, kw_only=True)
class Likened:
    """What is compared of a card. `phones` without shared ones, `points` are mails and the like as
    (kind, folded value). An `id` of 0 is a card that is not stored yet."""

    id: int = 0
    name: str = ""
    city: str = ""
    organization_ids: frozenset[int] = frozenset()
    phones: frozenset[str] = frozenset()
    points: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` of 100; `reasons` are phone, email, messenger, name, organization, city."""

    score: int
    reasons: tuple[str, ...]


def liken(one: Likened, other: Likened, *, rare: bool = False) -> Likeness:
    """`rare`: hardly anybody else has that name."""
    reached = _reached(one, other)
    names = _names(one.name, other.name)
    beside = _beside(one, other)
    score = max((_REACHED[reason] for reason in reached), default=0)
    score += 10 if len(reached) > 1 else 0
    if reached:
        score += 30 if names >= _ALIKE else 18 if names >= _SIMILAR else 0
        score -= 30 if 0 <= names < _STRANGE else 0
    elif names >= _SIMILAR:
        score += 40 if names >= _ALIKE else 28
        score += 10 if rare and names >= _ALIKE else 0
    if score:
        score += sum(_BESIDE[reason] for reason in beside)
    told = (*reached, *(("name",) if names >= _SIMILAR else ()), *beside)
    return Likeness(min(score, 99), told)


_REACHED = {"phone": 60, "email": 65, "messenger": 65}
_BESIDE = {"organization": 20, "city": 12}


def _reached(one: Likened, other: Likened) -> tuple[str, ...]:
    points = one.points & other.points
    found = {
        "phone": bool(one.phones & other.phones),
        "email": any(kind == "email" for kind, _ in points),
        "messenger": any(kind != "email" for kind, _ in points),
    }
    return tuple(reason for reason, holds in found.items() if holds)


def _beside(one: Likened, other: Likened) -> tuple[str, ...]:
    cities = {_place(one.city), _place(other.city)}
    found = {
        "organization": bool(one.organization_ids & other.organization_ids),
        "city": len(cities) == 1 and "" not in cities,
    }
    return tuple(reason for reason, holds in found.items() if holds)


@lru_cache(maxsize=4_096)
def _place(city: str) -> str:
    return fold(city.strip())


def _names(one: str, other: str) -> float:
    """0 to 100; -1 when one of them has no name. Half a name is no more than similar."""
    if not (has_name(one) and has_name(other)):
        return -1
    mine, theirs = spelled(one), spelled(other)
    whole = fuzz.ratio(mine, theirs)
    part = fuzz.token_set_ratio(mine, theirs)
    return max(whole, min(part, _ALIKE - 1))
