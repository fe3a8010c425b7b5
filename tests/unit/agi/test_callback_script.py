"""The talk in which a caller asks to be called back: what they key is a number, or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from agi_scripts import variables
from agi_scripts.callback import CallbackScript
from agi_scripts.once import OncePerSpell
from agi_scripts.prompts import Prompts
from agi_scripts.request import AgiRequest
from callcenter.callbacks.limits import OF_HIDDEN, OF_ONE, WINDOW, KeyedLimit
from callcenter.customers.phone import NumberPlan
from callcenter.errors import Invalid
from callcenter.services.callback_requests import Noted, Wish

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KNOWN = "+48600100777"


class _Clock:
    def now(self) -> datetime:
        return NOW


class _Pool:
    async def run(self, work: Callable[[], Any], seconds: float) -> Any:
        return work()


class _Book:
    """Every prompt is a file of its own name."""

    async def of_prompt(self, key: str, language: str) -> str:
        return f"{language}/{key}"

    async def of_words(self, words: tuple[str, ...], language: str) -> tuple[str, ...]:
        return tuple(f"{language}/word-{word}" for word in words)


class Person:
    """Keys that are pressed: at a prompt (`prompt:keys`), the rest when a key is waited for."""

    def __init__(self, at_prompts: dict[str, str], keys: str, **query: str) -> None:
        told = {"step": "ask", "queue": "support", "place": "1772441900", **query}
        self.request = AgiRequest("callback", told, {"agi_uniqueid": "9.1", "agi_language": "en"})
        self.heard: list[str] = []
        self.variables: dict[str, Any] = {}
        self.ended = False
        self._at, self._keys = at_prompts, list(keys)

    async def stream_file(self, file: str, escape: str = "") -> str:
        name = file.rpartition("/")[2]
        self.heard.append(name)
        key = self._at.get(name, "")
        return key if key and key in escape else ""

    async def wait_for_digit(self, seconds: float) -> str:
        return self._keys.pop(0) if self._keys else ""

    async def set_variables(self, values: dict[str, Any]) -> None:
        self.variables |= values

    def end(self) -> None:
        self.ended = True


def talk(
    person: Person,
    number: str = KNOWN,
    note: Callable[[Wish], Noted] | None = None,
    keyed: KeyedLimit | None = None,
) -> list[Wish]:
    """What was noted."""
    noted: list[Wish] = []

    def keep(wish: Wish) -> Noted:
        noted.append(wish)
        return Noted(1, later=False)

    script = CallbackScript(
        note=note or keep,
        may_call=lambda one: one.startswith("+48"),
        prompts=Prompts(_Book()),
        pool=_Pool(),  # type: ignore[arg-type]
        once=OncePerSpell(),
        plan_of=lambda _: NumberPlan(region="PL"),
        number_of=lambda _: number,
        clock=_Clock(),
        default_pbx="lab",
        keyed=keyed or KeyedLimit(),
    )
    asyncio.run(script(person))  # type: ignore[arg-type]
    assert person.ended
    return noted


def test_the_number_that_is_shown_is_read_out_and_confirmed() -> None:
    person = Person({}, "1")
    (wish,) = talk(person)
    assert (wish.number, wish.queue, wish.call_id) == (KNOWN, "support", "lab/9.1")
    assert wish.place_at == datetime.fromtimestamp(1772441900, UTC)
    spoken = [one for one in person.heard if one.startswith("word-")]
    assert [one.removeprefix("word-") for one in spoken[:3]] == ["six", "zero", "zero"]
    assert person.variables == {variables.CRM_CALLBACK: "noted"}
    assert person.heard[-1] == "callback-noted"


def test_who_knows_the_key_need_not_hear_the_number_out() -> None:
    person = Person({"callback-number": "1"}, "")
    assert len(talk(person)) == 1


def test_another_number_is_keyed_in_and_read_out_again() -> None:
    person = Person({"callback-ask-number": "6"}, "2" + "00100888#" + "1")
    (wish,) = talk(person)
    assert wish.number == "+48600100888"


def test_who_hides_their_number_keys_one_in() -> None:
    person = Person({"callback-ask-number": "5"}, "01501501#" + "1")
    (wish,) = talk(person, number="")
    assert wish.number == "+48501501501"


@pytest.mark.parametrize(("number", "most"), [(KNOWN, OF_ONE), ("", OF_HIDDEN)])
def test_nobody_has_us_call_strangers_without_end(number: str, most: int) -> None:
    limit, noted = KeyedLimit(), 0
    for one in range(most + 2):
        first = "2" if number else ""
        person = Person({"callback-ask-number": "6"}, f"{first}001008{one:02}#1")
        noted += len(talk(person, number, keyed=limit))
    assert noted == most
    assert person.variables == {variables.CRM_CALLBACK: "no"}
    assert person.heard[-1] == "callback-failed"
    assert len(talk(Person({}, "1"), keyed=limit)) == 1  # at their own number, always
    assert limit.takes(number, NOW + WINDOW + WINDOW)


def test_silence_is_no_consent_and_leads_back_to_the_place() -> None:
    person = Person({}, "")
    assert talk(person) == []
    assert person.variables == {variables.CRM_CALLBACK: "no"}


def test_who_never_waited_goes_into_the_queue() -> None:
    person = Person({}, "3", place="")
    assert talk(person) == []
    assert person.variables[variables.CRM_ROUTE] == "queue-support"


@pytest.mark.parametrize(
    "keyed",
    ["", "#", "112#", "1001#", "0" * 18, "007916123456700#", "*81001#", "900" * 9],
)
def test_what_cannot_be_called_is_not_noted(keyed: str) -> None:
    first, rest = keyed[:1], keyed[1:]
    person = Person({"callback-ask-number": first}, rest)
    assert talk(person, number="") == []
    assert person.variables == {variables.CRM_CALLBACK: "no"}


@pytest.mark.parametrize("error", [Invalid("number", "no"), TimeoutError(), RuntimeError("?")])
def test_whatever_goes_wrong_they_are_still_in_the_queue(error: Exception) -> None:
    def fail(_wish: Wish) -> Noted:
        raise error

    person = Person({}, "1")
    talk(person, note=fail)
    assert person.variables == {variables.CRM_CALLBACK: "no"}


@pytest.mark.parametrize("place", ["99999999999", "1", "x", "-5", "1e9", "", "٣٣٣"])
def test_a_place_that_cannot_be_is_now(place: str) -> None:
    for wish in talk(Person({}, "1", place=place)):
        assert wish.place_at == NOW
