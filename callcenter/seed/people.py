"""The demo company's customers: the same ones every time, each with a story or none. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from callcenter.customers.names import fold
from callcenter.seed.names import CULTURES, POLISH, RUSSIAN, Country, Culture

Story = Literal["", "vip", "debtor", "blocked", "shared"]

_PEOPLE: dict[Country, int] = {"PL": 62, "RU": 42, "GB": 34}
_SEED = 4573
SWITCHBOARD = "+48225550100"
_CYRILLIC = (
    "а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh "
    "ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya"
)
_LATIN = str.maketrans(dict(pair.split("=") for pair in _CYRILLIC.split(" ")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    culture: Culture
    given_name: str
    family_name: str
    organization: str
    position: str
    city: str
    email: str
    mobile: str
    landline: str
    story: Story = ""
    vip_level: int = 0
    remarks: str = ""

    @property
    def display_name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(number for number in (self.mobile, self.landline) if number)


def people() -> tuple[Person, ...]:
    """Everyone, in the order in which they are stored."""
    dice = random.Random(_SEED)  # noqa: S311 (the same company every time)
    everyone = [one for culture in CULTURES for one in _of_culture(culture, dice)]
    return (*_with_stories(everyone, dice), *_switchboard())


def _of_culture(culture: Culture, dice: random.Random) -> Iterator[Person]:
    names = [
        (sex, given, family[sex])
        for sex, givens in enumerate((culture.men, culture.women))
        for given in givens
        for family in culture.families
    ]
    for number, name in enumerate(dice.sample(names, _PEOPLE[culture.country])):
        yield _person(culture, number, name, dice)


def _person(
    culture: Culture, number: int, name: tuple[int, str, str], dice: random.Random
) -> Person:
    place = number % len(culture.organizations)
    organization, domain = culture.organizations[place]
    works = number % 7 != 6  # every seventh is a private customer
    sex, given, family = name
    city, landline = culture.cities[(place if works else number) % len(culture.cities)]
    user = latin(f"{given[0]}.{family}")
    return Person(
        culture=culture,
        given_name=given,
        family_name=family,
        organization=organization if works else "",
        position=dice.choice(culture.positions)[sex] if works else "",
        city=city,
        email=f"{user}@{domain}" if works else f"{user}{number}@post.example",
        mobile=_filled(
            culture.mobiles[number % len(culture.mobiles)], 200 + number, culture.mobile
        ),
        landline=_filled(landline, 200 + number, culture.landline) if number % 3 == 0 else "",
        remarks=dice.choice(culture.remarks) if number % 6 == 0 else "",
    )


def _filled(start: str, number: int, length: int) -> str:
    return start + str(number).zfill(length - len(start))


def _with_stories(everyone: list[Person], dice: random.Random) -> list[Person]:
    """Twelve VIPs, eleven debtors and one who is not let in."""
    chosen = dice.sample(range(len(everyone)), 24)
    for place, index in enumerate(chosen):
        person = everyone[index]
        if place < 12:
            everyone[index] = replace(person, story="vip", vip_level=1 + place % 3)
        elif place < 23:
            everyone[index] = replace(person, story="debtor")
        else:
            everyone[index] = replace(person, story="blocked")
    return everyone


def _switchboard() -> tuple[Person, Person]:
    """Two who share the switchboard of their firm."""
    common = {"organization": "Nowak Logistics", "city": "Warszawa", "story": "shared"}
    return (
        Person(
            culture=POLISH,
            given_name="Maria",
            family_name="Kowalska",
            position="kierowniczka zakupów",
            email="m.kowalska@nowak-logistics.example",
            mobile="+48601555901",
            landline=SWITCHBOARD,
            vip_level=0,
            remarks="Prosi, żeby nie dzwonić w poniedziałki rano.",
            **common,  # type: ignore[arg-type]
        ),
        Person(
            culture=RUSSIAN,
            given_name="Игорь",
            family_name="Новак",
            position="водитель-экспедитор",
            email="i.novak@nowak-logistics.example",
            mobile="",
            landline=SWITCHBOARD,
            **common,  # type: ignore[arg-type]
        ),
    )


def latin(text: str) -> str:
    """As in a mail address: `А.Щербакова` → `a.shcherbakova`."""
    return fold(text.lower().replace("'", "").translate(_LATIN))
