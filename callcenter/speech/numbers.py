"""Numbers as words, one word a token: 2026 is ("two", "thousand", "and", "twenty", "six"). Pure.

num2words is right for cardinals of masculine things in all three languages (a test compares many
with what is known to be right); what it lacks is genders in Polish and neuters in Russian.
"""

from __future__ import annotations

from typing import Final

from num2words import num2words

from callcenter.speech.grammar import Counted, Gender

MAX_NUMBER: Final = 10**9
# Only the last word bends. After tens and more Polish leaves a one as it is: dwadzieścia jeden.
_LAST: Final[dict[tuple[str, Gender], dict[str, str]]] = {
    ("ru", "f"): {"один": "одна", "два": "две"},
    ("ru", "n"): {"один": "одно"},
    ("pl", "f"): {"jeden": "jedna", "dwa": "dwie"},
    ("pl", "n"): {"jeden": "jedno"},
}
_MINUS: Final = {"en": "minus", "ru": "минус", "pl": "minus"}
_MINUTES: Final = {
    "en": Counted("minute", "minutes", "minutes"),
    "ru": Counted("минута", "минуты", "минут", "f"),
    "pl": Counted("minuta", "minuty", "minut", "f"),
}
_ACCUSATIVE: Final = {"одна": "одну", "минута": "минуту", "jedna": "jedną", "minuta": "minutę"}


def number(value: int, locale: str, gender: Gender = "m") -> tuple[str, ...]:
    """Any whole number of at most a milliard on either side of zero. ValueError beyond."""
    if abs(value) > MAX_NUMBER:
        raise ValueError("a number too large to be spoken")
    if value < 0:
        return (_MINUS[locale], *number(-value, locale, gender))
    words = split(num2words(value, lang=locale))
    bent = _LAST.get((locale, gender), {}).get(words[-1])
    if bent is None or (locale == "pl" and words[-1] == "jeden" and value != 1):
        return words
    return (*words[:-1], bent)


def digits(text: str, locale: str) -> tuple[str, ...]:
    """Each digit by itself, as numbers of orders and phones are read; other signs are left out."""
    return tuple(
        word for sign in text if sign in "0123456789" for word in number(int(sign), locale)
    )


def counted(value: int, thing: Counted, locale: str) -> tuple[str, ...]:
    return (*number(value, locale, thing.gender), *thing.after(abs(value), locale))


def minutes(value: int, locale: str, *, accusative: bool = False) -> tuple[str, ...]:
    """«одна минута»; `accusative` where one waits for it or it comes at it: «в одну минуту»."""
    words = counted(value, _MINUTES[locale], locale)
    return tuple(_ACCUSATIVE.get(word, word) for word in words) if accusative else words


def split(words: str) -> tuple[str, ...]:
    return tuple(words.replace(",", " ").replace("-", " ").split())
