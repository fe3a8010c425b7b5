"""Names by the hundred thousand that are distributed as names are: a few very common, many rare,
some in Cyrillic."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, product


def _words(text: str) -> list[str]:
    return text.split()


_STARTS = _words("Ko No Wi Ma Za Kra Sta Pe Ba Lu Gra Dą Ry Szy Czar Bo Ja Mi Wo Ra Du Cze Pa Se")
_MIDDLES = _words("wal wa śni zu piń jew tro bro dzie chal ro cie ma lew ku ber no gor li da sie")
_ENDS = _words("ski cki czyk ak ek icz ewicz owicz ewski owski a uk ko ik as er man yk")
_CYRILLIC_STARTS = _words("Ко Но Ви Ма За Кра Ста Пе Ба Лу Гра Ры Че Бо Ми Во Ра Ду Па Се Ве Ти")
_CYRILLIC_MIDDLES = _words("валь ва шни зу пин хо тро бро ча ле ро ти ма ку бер но гор ли да си")
_CYRILLIC_ENDS = _words("ский ов ев ин енко чук ова ева ина ая ский цев ков нов")
_GIVEN = _words(
    "Jan Anna Piotr Maria Krzysztof Katarzyna Andrzej Małgorzata Tomasz Agnieszka Paweł "
    "Barbara Michał Ewa Marcin Krystyna Jakub Magdalena Adam Elżbieta Łukasz Joanna "
    "Marek Zofia Grzegorz Monika Mateusz Danuta Wojciech Żaneta Liam Emma Noah Olivia"
)
_CYRILLIC_GIVEN = _words(
    "Иван Анна Пётр Мария Алексей Елена Дмитрий Ольга Сергей Наталья Андрей Татьяна "
    "Михаил Юлия Вячеслав Екатерина Фёдор Алёна Щепан Жанна"
)
CITIES = _words("Warszawa Kraków Łódź Wrocław Poznań Gdańsk Szczecin Lublin Москва Казань London")


@dataclass(frozen=True, slots=True)
class Person:
    given: str
    family: str
    city: str
    language: str


class People:
    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._latin = _Zipf(_joined(_STARTS, _MIDDLES, _ENDS))
        self._cyrillic = _Zipf(_joined(_CYRILLIC_STARTS, _CYRILLIC_MIDDLES, _CYRILLIC_ENDS))

    def __iter__(self) -> Iterator[Person]:
        dice = self._dice
        while True:
            if dice.random() < 0.7:
                yield Person(
                    dice.choice(_GIVEN), self._latin.pick(dice), dice.choice(CITIES[:8]), "pl"
                )
            else:
                family = self._cyrillic.pick(dice)
                yield Person(dice.choice(_CYRILLIC_GIVEN), family, dice.choice(CITIES[8:]), "ru")


def _joined(starts: list[str], middles: list[str], ends: list[str]) -> Iterator[str]:
    return ("".join(parts) for parts in product(starts, middles, ["", *middles], ends))


class _Zipf:
    """The n-th name is borne by a share of about 1/n."""

    def __init__(self, names: Iterator[str]) -> None:
        self._names = sorted(set(names), key=hash_of)
        self._sums = list(accumulate(1 / (n + 20) for n in range(len(self._names))))

    def pick(self, dice: random.Random) -> str:
        return self._names[bisect(self._sums, dice.random() * self._sums[-1]) % len(self._names)]


def hash_of(text: str) -> int:
    """The same in every process."""
    value = 7
    for letter in text:
        value = (value * 1_000_003 + ord(letter)) & 0xFFFFFFFF
    return value
