"""Callers are not asked for their PINs: what leaders see of it, and who has them asked again."""

from __future__ import annotations

import pytest

from callcenter.queries import pin_guard
from tests.support.pins import wrong_pins
from tests.support.web import Browser, World

PAGE, LIFT = "/menus", "/caller-pins/ask-again"
TITLE = "Callers are not asked for their PINs"


class Tried:
    """What `wrong_pins` writes into."""

    def __init__(self, world: World) -> None:
        self.unit_of_work, self.clock = world.runtime.unit_of_work, world.runtime.clock


@pytest.fixture
def guessed(world: World) -> int:
    """Fifty wrong PINs, ten of them from hidden numbers."""
    most = world.runtime.settings.pin_failures_per_hour
    hidden = [""] * 10
    wrong_pins(Tried(world), [*hidden, *(f"+4860000{n:04}" for n in range(most - len(hidden)))])
    return most


def test_nothing_is_told_while_everybody_is_asked(admin: Browser) -> None:
    assert TITLE not in admin.text(PAGE)
    assert "caller pins" not in [one["name"] for one in admin.get("/readyz").json["checks"]]


def test_leaders_see_how_it_stands_above_the_voice_menus(
    world: World, supervisor: Browser, guessed: int
) -> None:
    page = supervisor.text(PAGE)
    assert "Somebody may be guessing" in page
    told = {"Wrong PINs": 50, "From caller numbers": 40, "With a hidden number": 10}
    for word, figure in told.items():
        assert f'{word}</dt><dd class="tabular">{figure}</dd>' in page
    assert "An administrator can have them asked again" in page
    assert LIFT not in page


def test_an_administrator_has_callers_asked_again_after_a_question(
    admin: Browser, guessed: int
) -> None:
    page = admin.get(PAGE).text
    form = page.partition(f'action="{LIFT}"')[2].partition(">")[0]
    assert "hx-confirm=" in form
    assert "are counted anew" in admin.post(LIFT, follow_redirects=True).text
    assert TITLE not in admin.text(PAGE)
    done = admin.text("/users")
    assert "Callers asked for PINs again" in done
    assert "asked for their PINs already" in admin.post(LIFT, follow_redirects=True).text


@pytest.mark.parametrize("who", ["operator", "supervisor"])
def test_nobody_else_has_them_asked_again(
    who: str, guessed: int, request: pytest.FixtureRequest, admin: Browser
) -> None:
    assert request.getfixturevalue(who).post(LIFT).status_code == 403
    assert TITLE in admin.text(PAGE)


def test_whoever_watches_the_health_reads_it_and_is_not_woken(
    world: World, admin: Browser, guessed: int
) -> None:
    answer = admin.get("/readyz")
    [told] = [one for one in answer.json["checks"] if one["name"] == "caller pins"]
    with world.runtime.reader() as connection:
        halt = pin_guard.halt(connection, guessed, world.runtime.clock.now())
    assert halt is not None
    assert told["ok"]
    assert told["words"] == (
        f"callers are not asked since {halt.since:%H:%M} until {halt.until:%H:%M} UTC: "
        "50 wrong PINs from 40 numbers, 10 with a hidden number; "
        "look under Settings, Voice menus"
    )
