"""Dates and times of day as words. Pure.

A date stands in the genitive in Russian and Polish (третьего мая, trzeciego maja): «до», «от»,
«когда?» and „do dnia", „z dnia" all ask for it, and the built-in prompts ask for nothing else.
"""

from __future__ import annotations

import datetime
from typing import Final

from num2words import num2words

from callcenter.speech.grammar import Counted
from callcenter.speech.numbers import counted, minutes, number, split

_MONTHS_EN: Final = """
    January February March April May June July August September October November December
"""
_MONTHS_RU: Final = """
    января февраля марта апреля мая июня июля августа сентября октября ноября декабря
"""
_MONTHS_PL: Final = """
    stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada
    grudnia
"""
MONTHS: Final = {
    "en": tuple(_MONTHS_EN.split()),
    "ru": tuple(_MONTHS_RU.split()),
    "pl": tuple(_MONTHS_PL.split()),
}
_HOURS_RU: Final = Counted("час", "часа", "часов")
# Which num2words has in the nominative alone: -y and -i of an adjective become -ego.
_GENITIVE_PL: Final = {"drugi": "drugiego", "trzeci": "trzeciego"}
_LOCATIVE_PL: Final = {"drugi": "drugiej", "trzeci": "trzeciej", "zero": "zerowej"}
_NOON, _MIDNIGHT = "noon", "midnight"


def date(day: datetime.date, locale: str, *, year: bool = True) -> tuple[str, ...]:
    """„the third of May twenty twenty-six", «третьего мая две тысячи двадцать шестого года»."""
    month = MONTHS[locale][day.month - 1]
    if locale == "en":
        ordinal = split(num2words(day.day, to="ordinal", lang="en"))
        return ("the", *ordinal, "of", month, *(_year_en(day.year) if year else ()))
    if locale == "ru":
        words = (*_genitive_ru(day.day), month)
        return (*words, *_genitive_ru(day.year), "года") if year else words
    words = (*_genitive_pl(day.day), month)
    return (*words, *_genitive_pl(day.year), "roku") if year else words


def clock(moment: datetime.time, locale: str) -> tuple[str, ...]:
    """What follows „at": „nine thirty p.m.", «двадцать один час тридцать одну минуту» (the
    accusative of «в»), „dwudziestej pierwszej trzydzieści" (after „o godzinie")."""
    if locale == "en":
        return _clock_en(moment)
    if locale == "ru":
        hours = counted(moment.hour, _HOURS_RU, "ru")
        past = minutes(moment.minute, "ru", accusative=True) if moment.minute else ()
        return (*hours, *past)
    hour = split(num2words(moment.hour, to="ordinal", lang="pl")) if moment.hour else ("zero",)
    return (*map(_locative_pl, hour), *_minute_digits(moment.minute, "pl"))


def _clock_en(moment: datetime.time) -> tuple[str, ...]:
    if moment.hour in (0, 12) and not moment.minute:
        return (_NOON if moment.hour else _MIDNIGHT,)
    half = ("P", "M") if moment.hour >= 12 else ("A", "M")
    return (*number(moment.hour % 12 or 12, "en"), *_minute_digits(moment.minute, "en"), *half)


def _minute_digits(minute: int, locale: str) -> tuple[str, ...]:
    """„nine oh five", „dziewiątej zero pięć"; nothing on the hour."""
    if not minute:
        return ()
    zero = (("oh",) if locale == "en" else ("zero",)) if minute < 10 else ()
    return (*zero, *number(minute, locale))


def _year_en(year: int) -> tuple[str, ...]:
    return split(num2words(year, to="year", lang="en"))


def _genitive_ru(value: int) -> tuple[str, ...]:
    return split(num2words(value, to="ordinal", lang="ru", case="genitive"))


def _genitive_pl(value: int) -> tuple[str, ...]:
    """Of years only the last two places bend: dwa tysiące dwudziestego szóstego."""
    words = split(num2words(value, to="ordinal", lang="pl"))
    return tuple(_GENITIVE_PL.get(word) or _bent(word, "ego") for word in words)


def _locative_pl(word: str) -> str:
    return _LOCATIVE_PL.get(word) or _bent(word, "ej")


def _bent(word: str, ending: str) -> str:
    return word[:-1] + ending if word.endswith("y") else word
