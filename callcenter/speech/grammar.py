"""How a word follows a number in English, Russian and Polish. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Gender = Literal["m", "f", "n"]


@dataclass(frozen=True, slots=True)
class Counted:
    """A thing as it stands after 1, after 2, after 5; of several words if it takes several."""

    one: str
    few: str
    many: str
    gender: Gender = "m"

    def after(self, number: int, locale: str) -> tuple[str, ...]:
        return tuple(getattr(self, _form(number, locale)).split())


def _form(number: int, locale: str) -> str:
    """Polish counts 21 as many (dwadzieścia jeden minut), Russian as one (двадцать одна минута)."""
    tens, units = number % 100 // 10, number % 10
    if locale == "en":
        return "one" if number == 1 else "many"
    if units in (2, 3, 4) and tens != 1:
        return "few"
    if locale == "ru":
        return "one" if units == 1 and tens != 1 else "many"
    return "one" if number == 1 else "many"
