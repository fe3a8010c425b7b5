"""What is wrong with a menu is said while it is edited."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.menus.checks import Known, check_menu
from callcenter.menus.menu import Act, Back, Go, Key, Menu, Room, Serve, Speak
from callcenter.routing.actions import Announce, Outside, Preferred, ToMenu, ToQueue, Voicemail

ALL = ("en", "ru", "pl")
KNOWN = Known(
    queues=("sales", "support"),
    boxes=("1001",),
    prompts={
        "menu-main": ALL,
        "menu-invalid": ALL,
        "menu-nothing": ALL,
        "half": ("en",),
        "mute": (),
    },
    calendars=("office",),
)
MAIN = Room(name="main", prompt="menu-main", keys=(Key("1", Act(ToQueue("sales"))),))
GOOD = Menu(rooms=(MAIN,), otherwise=ToQueue("support"))


def codes(menu, known=KNOWN, key="main"):
    return [(one.room, one.code) for one in check_menu(key, menu, known)]


def with_room(**changes):
    return replace(GOOD, rooms=(replace(MAIN, **changes),))


def with_step(step):
    return with_room(keys=(*MAIN.keys, Key("2", step)))


def test_a_good_menu_has_no_problem():
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("menu", "code"),
    [
        (Menu(rooms=()), "no-rooms"),
        (with_room(prompt=""), "no-prompt"),
        (with_room(prompt="nowhere"), "unknown-prompt"),
        (with_room(prompt="mute"), "silent-prompt"),
        (with_room(prompt="half"), "prompt-lacks-language"),
        (with_room(name="Main room"), "bad-name"),
        (with_room(keys=()), "no-keys"),
        (with_room(keys=(*MAIN.keys, *MAIN.keys)), "key-twice"),
        (with_room(keys=(*MAIN.keys, Key("12", Back()))), "bad-key"),
        (with_room(seconds=0), "bad-seconds"),
        (with_room(tries=0), "bad-tries"),
        (with_room(calendar="nowhere", closed=ToQueue("sales")), "unknown-calendar"),
        (with_room(calendar="office"), "closed-missing"),
        (with_step(Go("nowhere")), "unknown-room"),
        (with_step(Speak("de")), "unknown-language"),
        (with_step(Act(ToQueue("nowhere"))), "unknown-queue"),
        (with_step(Act(ToMenu("nowhere"))), "unknown-menu"),
        (with_step(Act(Voicemail("9999"))), "unknown-box"),
        (with_step(Act(Outside("0048"))), "bad-number"),
        (with_step(Act(Announce("nowhere"))), "unknown-prompt"),
        (with_step(Act(Preferred((), "sales"))), "no-rings-here"),
        (replace(GOOD, otherwise=ToQueue("nowhere")), "unknown-queue"),
    ],
)
def test_what_is_wrong_is_named(menu, code):
    assert [one for _, one in codes(menu)] == [code]


def test_a_room_out_of_which_no_key_leads_is_refused():
    lost = Room(name="lost", prompt="menu-main", keys=(Key("1", Go("lost")), Key("#", Back())))
    menu = replace(GOOD, rooms=(replace(MAIN, keys=(*MAIN.keys, Key("2", Go("lost")))), lost))
    assert codes(menu) == [("lost", "no-way-out")]


def test_a_room_that_no_key_leads_to_is_warned_of():
    spare = replace(MAIN, name="spare")
    assert codes(replace(GOOD, rooms=(MAIN, spare))) == [("spare", "unreachable")]


def test_menus_that_only_lead_to_each_other_are_refused():
    def to(menu):
        room = replace(MAIN, keys=(Key("1", Act(ToMenu(menu))),))
        return Menu(rooms=(room,), otherwise=ToMenu(menu))

    known = replace(KNOWN, menus={"other": to("main")})
    assert codes(to("other"), known) == [("main", "menu-circle")]


def test_a_menu_of_services_alone_is_warned_of_and_has_no_way_out():
    menu = with_room(keys=(Key("1", Serve("balance")),))
    assert [code for _, code in codes(menu)] == ["no-way-out", "no-person"]
