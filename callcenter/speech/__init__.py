"""What callers hear: built-in prompts, and numbers, amounts and dates as words one by one. Pure.

A word is a token: one sound of `vocabulary(locale)`, which is finite.
"""

from __future__ import annotations

from callcenter.speech.builtin import BUILTIN, LOCALES
from callcenter.speech.moments import clock, date
from callcenter.speech.money import amount
from callcenter.speech.numbers import digits, minutes, number
from callcenter.speech.vocabulary import vocabulary

__all__ = [
    "BUILTIN",
    "LOCALES",
    "amount",
    "clock",
    "date",
    "digits",
    "minutes",
    "number",
    "vocabulary",
]
