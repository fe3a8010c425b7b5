"""Lists that read themselves anew: the address says how much of them stands on the page, up to a
bound that the page names."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from tests.integration.web.test_conversations import arrive
from tests.integration.web.test_missed_pages import lose
from tests.integration.web.test_tasks import give
from tests.integration.web.test_work_pages import ask, leave
from tests.support.web import Browser, World


def _number(n: int) -> str:
    return f"+4822800{n:04}"


def _mail(world: World, n: int) -> None:
    arrive(world, n, address=f"who{n}@example.net")


def _lost(world: World, n: int) -> None:
    lose(world, _number(n), f"pbx/{n}")


def _message(world: World, n: int) -> None:
    leave(world, call_id=f"pbx/{n}", file=f"{n}.wav")


LISTS: dict[str, tuple[str, str, Callable[[World, int], object]]] = {
    "tasks": ("/tasks", "task", lambda world, n: give(world, f"Number {n}")),
    "missed": ("/missed", "missed", _lost),
    "call-backs": ("/callbacks", "callback", lambda world, n: ask(world, _number(n))),
    "voicemail": ("/voicemails", "voicemail", _message),
    "conversations": ("/conversations?scope=waiting", "conversation", _mail),
}


def rows(text: str, kind: str) -> list[str]:
    return re.findall(rf'<tr id="{kind}-(\d+)"', text)


def link(text: str) -> str:
    """Where the button below the list leads."""
    return unescape(re.findall(r'id="more".*?href="([^"]+)"', text)[0])


@pytest.mark.parametrize("name", LISTS)
def test_what_is_unfolded_is_read_again_as_one_list(
    world: World, operator: Browser, name: str
) -> None:
    address, kind, make = LISTS[name]
    for n in range(51):
        make(world, n)
    first = operator.text(address)
    assert len(rows(first, kind)) == 50
    assert f'data-unfold="{kind}-rows"' in first
    piece = operator.text(link(first), headers={"HX-Target": f"{kind}-rows"})
    assert len(set(rows(piece, kind))) == 51
    assert piece.count("<table") == 1
    assert "<h1" not in piece
    assert 'id="more"' not in piece
    whole = operator.text(link(first))  # after a reload
    assert rows(whole, kind) == rows(piece, kind)


def test_no_page_grows_without_end_and_it_says_so(world: World, operator: Browser) -> None:
    for n in range(203):
        give(world, f"Number {n:03}")
    page, seen = operator.text("/tasks?when=open"), 50
    while "data-unfold" in page:
        assert len(rows(page, "task")) == seen
        page, seen = operator.text(link(page)), seen + 50
    assert len(rows(page, "task")) == 200
    assert "200 rows are shown" in page
    end = operator.text(link(page))
    assert len(rows(end, "task")) == 3
    assert len({*rows(page, "task"), *rows(end, "task")}) == 203
    assert len(rows(operator.text("/tasks?shown=100000"), "task")) == 200


@pytest.mark.parametrize("wrong", ["", "-7", "0", "1", "x", "٣", "9" * 40])
def test_an_address_that_nobody_gave_out_shows_the_beginning(
    world: World, operator: Browser, wrong: str
) -> None:
    give(world)
    assert rows(operator.text(f"/tasks?shown={wrong}"), "task") == ["1"]


@pytest.mark.parametrize("name", ["endpoint", "_external", "_anchor", "values"])
def test_an_address_with_more_in_it_than_the_list_knows_is_no_harm(
    world: World, operator: Browser, name: str
) -> None:
    for n in range(51):
        give(world, f"Number {n}")
    assert operator.get(f"/tasks?{name}=x").status_code == 200
