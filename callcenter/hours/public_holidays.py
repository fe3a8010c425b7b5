"""Public holidays of countries and their parts, from the library `holidays`, read once a year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import holidays

NONE: Mapping[date, tuple[str, ...]] = MappingProxyType({})


@lru_cache(maxsize=256)
def of_year(
    country: str, subdivision: str, year: int, language: str = ""
) -> Mapping[date, tuple[str, ...]]:
    """The names of each day's holidays. A country that the library does not know has none.

    Without a `language` that is known for it, the names are the country's own: by those a calendar
    knows them, whatever language the machine has.
    """
    spoken = _spoken(country, language)
    try:
        found = holidays.country_holidays(
            country, subdiv=subdivision or None, years=year, language=spoken
        )
    except (NotImplementedError, ValueError):
        return NONE
    days = sorted(found)
    return MappingProxyType({day: tuple(found.get_list(day)) for day in days if day.year == year})


@lru_cache(maxsize=256)
def _spoken(country: str, wanted: str) -> str | None:
    try:
        known = holidays.country_holidays(country)
    except (NotImplementedError, ValueError):
        return None
    languages: tuple[str, ...] = known.supported_languages or ()
    for one in languages:
        if wanted and one.partition("_")[0] == wanted:
            return one
    own: str | None = known.default_language
    return own


@lru_cache(maxsize=1)
def countries() -> Mapping[str, tuple[str, ...]]:
    """Every country the library knows, with the parts of it that have holidays of their own."""
    found = holidays.list_supported_countries(include_aliases=False)
    return MappingProxyType({code: tuple(parts) for code, parts in sorted(found.items())})


def subdivisions(country: str) -> tuple[str, ...]:
    return countries().get(country, ())
