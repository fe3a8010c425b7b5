"""A caller in a menu: whatever they press, they get out of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from callcenter.menus.menu import (
    KEYS,
    Act,
    Back,
    Go,
    Key,
    Menu,
    Repeat,
    Room,
    Serve,
    Speak,
    menu_from_json,
    menu_to_json,
)
from callcenter.menus.walk import MOST_TURNS, Ask, End, Walk
from callcenter.routing.actions import Announce, Dialed, ToQueue, Voicemail

SALES, SUPPORT = ToQueue("sales"), ToQueue("support")
MENU = Menu(
    rooms=(
        Room(
            name="main",
            prompt="menu-main",
            tries=2,
            keys=(
                Key("1", Act(SALES)),
                Key("2", Go("more")),
                Key("3", Speak("pl")),
                Key("4", Serve("balance")),
                Key("*", Repeat()),
            ),
        ),
        Room(
            name="more",
            prompt="menu-more",
            keys=(Key("1", Act(Voicemail("sales"))), Key("#", Back()), Key("9", Go("night"))),
            otherwise=SALES,
        ),
        Room(name="night", prompt="menu-night", calendar="office", closed=Announce("closed")),
    ),
    otherwise=SUPPORT,
)


def walk(*, open_now=True):
    return Walk(MENU, lambda calendar: open_now)


def test_a_caller_enters_by_the_first_room_and_hears_its_prompt():
    turn = walk().begin("ru")
    assert (turn.say, turn.then, turn.place.language) == (("menu-main",), Ask("1234*", 5), "ru")


def test_a_key_leads_out():
    one = walk()
    assert one.pressed(one.begin("en").place, "1").then == End(SALES, chosen=True)


def test_back_leads_where_one_came_from_and_repeat_says_it_again():
    one = walk()
    more = one.pressed(one.begin("en").place, "2")
    assert more.say == ("menu-more",)
    assert one.pressed(more.place, "#").say == ("menu-main",)
    assert one.pressed(one.begin("en").place, "*").say == ("menu-main",)


def test_a_wrong_key_and_silence_cost_tries_and_then_the_rooms_own_end_comes():
    one = walk()
    wrong = one.pressed(one.begin("en").place, "7")
    assert wrong.say == ("menu-invalid", "menu-main")
    assert one.silent(wrong.place).then == End(SUPPORT)
    place = one.pressed(one.begin("en").place, "2").place
    for _ in range(2):
        place = one.silent(place).place
    assert one.silent(place).then == End(SALES)


def test_another_language_is_spoken_from_there_on():
    one = walk()
    assert one.pressed(one.begin("en").place, "3").place.language == "pl"


def test_a_service_leads_back_into_the_same_room():
    one = walk()
    turn = one.pressed(one.begin("en").place, "4")
    assert turn.then == "balance"
    assert one.served(turn.place).say == ("menu-main",)


def test_a_room_that_is_closed_does_what_it_does_when_nobody_is_there():
    one = walk(open_now=False)
    more = one.pressed(one.begin("en").place, "2")
    assert one.pressed(more.place, "9").then == End(Announce("closed"))


def test_a_menu_without_rooms_is_left_at_once():
    assert Walk(Menu(rooms=()), lambda calendar: True).begin("en").then == End(Dialed())


def test_a_menu_comes_back_from_json_as_it_was():
    assert menu_from_json(menu_to_json(MENU)) == MENU


@given(st.lists(st.sampled_from((*KEYS, ""))), st.booleans())
def test_every_way_through_ends_within_its_limit(pressed, open_now):
    one = walk(open_now=open_now)
    turn = one.begin("en")
    for key in (*pressed, *("2", "#") * MOST_TURNS):
        if isinstance(turn.then, End):
            return
        if not isinstance(turn.then, Ask):
            turn = one.served(turn.place)
            continue
        turn = one.pressed(turn.place, key) if key else one.silent(turn.place)
    assert isinstance(turn.then, End)
