"""Every word that can be said in a language: they are finite, and each is one sound. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from functools import cache
from typing import Final

from callcenter.speech.grammar import Gender
from callcenter.speech.letters import spelled
from callcenter.speech.moments import clock
from callcenter.speech.moments import date as date_words
from callcenter.speech.money import CURRENCIES
from callcenter.speech.numbers import minutes, number

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2099
_GENDERS: Final[tuple[Gender, ...]] = ("m", "f", "n")
# Whatever a number is made of stands in one of these: the rest repeats their words.
_NUMBERS: Final = (
    *range(-1, 100),
    *range(100, 1000, 100),
    *(times * unit for unit in (1000, 1_000_000) for times in (1, 2, 5, 1000)),
)


@cache
def vocabulary(locale: str) -> tuple[str, ...]:
    """In the order of the alphabet."""
    return tuple(sorted({word for words in _all(locale) for word in words}))


def _all(locale: str) -> Iterator[tuple[str, ...]]:
    for value in _NUMBERS:
        yield from (number(value, locale, gender) for gender in _GENDERS)
    for value in range(60):
        yield minutes(value, locale, accusative=True)
        yield minutes(value, locale)
        yield clock(time(value % 24, value), locale)
        yield clock(time(value % 24), locale)
    for day in range(366):
        yield date_words(date.fromordinal(date(2000, 1, 1).toordinal() + day), locale)
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        yield date_words(date(year, 1, 1), locale)
    for currency in CURRENCIES.values():
        for thing in currency[locale]:
            yield from (thing.after(count, locale) for count in (1, 2, 5))
    yield spelled("ABCDEFGHIJKLMNOPQRSTUVWXYZ", locale)
