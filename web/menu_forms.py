"""A room of a menu as a form: what each key does is one choice of a list, `kind:what`; what follows
an announcement is a choice of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from flask_babel import gettext as _

from callcenter.errors import Invalid
from callcenter.menus.menu import (
    KEYS,
    SERVICES,
    Act,
    Back,
    Go,
    Key,
    Menu,
    Repeat,
    Room,
    Serve,
    Speak,
    Step,
)
from callcenter.queries.routing_choices import Choices
from callcenter.routing.actions import (
    Action,
    Announce,
    Block,
    Dialed,
    OfferCallback,
    OneAction,
    Outside,
    ToMenu,
    ToQueue,
    Voicemail,
)
from callcenter.speech import LOCALES
from web.menu_words import SERVICES as SERVICE_WORDS
from web.presentation import LANGUAGES

Option = tuple[str, str]
Group = tuple[str, list[Option]]
_THEN: Final = "+"


def step_value(step: Step | None) -> str:
    if step is None:
        return ""
    if isinstance(step, Act):
        return action_value(step.action)
    if isinstance(step, Go):
        return f"go:{step.to}"
    if isinstance(step, Speak):
        return f"speak:{step.language}"
    if isinstance(step, Serve):
        return f"serve:{step.service}"
    return "repeat:" if isinstance(step, Repeat) else "back:"


def action_value(action: Action | None) -> str:
    if action is None:
        return ""
    if isinstance(action, Announce):
        then = f"{_THEN}{action_value(action.then)}" if action.then is not None else ""
        return f"announce:{action.prompt}{then}"
    pairs = {
        ToQueue: ("queue", "queue"),
        ToMenu: ("menu", "menu"),
        Voicemail: ("box", "box"),
        OfferCallback: ("callback", "queue"),
        Outside: ("outside", "number"),
    }
    kind, field = pairs.get(type(action), ("", ""))
    if kind:
        return f"{kind}:{getattr(action, field)}"
    return "block:" if isinstance(action, Block) else "dialed:"


def options(menu: Menu, choices: Choices, *, steps: bool, chosen: str = "") -> list[Group]:
    """What can be chosen; what is chosen stays in the list even where it is not there any more."""
    groups = list(_steps(menu)) if steps else []
    groups += list(_actions(choices))
    known = {value for _, some in groups for value, _ in some}
    first, _then = parts(chosen)
    if first and first not in known and not first.startswith("outside:"):
        groups.append((_("As it is"), [(first, first.partition(":")[2] or first)]))
    return groups


def thens(choices: Choices) -> list[Group]:
    """What can follow an announcement: anything but another one."""
    groups = (
        (title, [one for one in some if not _announces(one[0])])
        for title, some in _actions(choices)
    )
    return [(title, some) for title, some in groups if some]


def parts(value: str) -> tuple[str, str]:
    """What is chosen first, and what follows it where that is an announcement."""
    first, _sign, then = value.partition(_THEN) if _announces(value) else (value, "", "")
    return first, then


def read_room(form: Mapping[str, str], before: Room | None) -> Room:
    """Invalid where a number is none; everything else is looked through by the menu's checks."""
    keys = tuple(
        Key(key, step)
        for key in KEYS
        if (step := _step(form, f"key-{key}", before.step(key) if before else None)) is not None
    )
    return Room(
        name=form.get("name", "").strip().lower()[:32],
        prompt=form.get("prompt", "")[:40],
        keys=keys,
        seconds=_whole(form, "seconds"),
        tries=_whole(form, "tries"),
        invalid=form.get("invalid", "")[:40],
        nothing=form.get("nothing", "")[:40],
        otherwise=read_action(form, "otherwise"),
        calendar=form.get("calendar", "")[:40],
        closed=read_action(form, "closed"),
    )


def read_action(form: Mapping[str, str], name: str) -> Action | None:
    value, number = form.get(name, ""), form.get(f"{name}-number", "")
    if not _announces(value):
        return _action(value, number)
    then = form.get(f"{name}-then", "")
    return Announce(value.partition(":")[2][:40], _action(then, number))


def _step(form: Mapping[str, str], name: str, before: Step | None) -> Step | None:
    kind, _, what = form.get(name, "").partition(":")
    if kind == "go":
        return Go(what)
    if kind == "speak":
        to = before.to if isinstance(before, Speak) and before.language == what else ""
        return Speak(what, to)
    if kind == "serve":
        found = next((one for one in SERVICES if one == what), None)
        return Serve(found) if found is not None else None
    if kind in ("repeat", "back"):
        return Repeat() if kind == "repeat" else Back()
    action = read_action(form, name)
    return Act(action) if action is not None else None


def _announces(value: str) -> bool:
    return value.startswith("announce:")


def _action(value: str, number: str) -> OneAction | None:
    kind, _, what = value.partition(":")
    if kind == "outside":
        return Outside(number.replace(" ", "")[:20] or what)
    made = {"queue": ToQueue, "menu": ToMenu, "box": Voicemail, "callback": OfferCallback}
    if kind in made:
        action: OneAction = made[kind](what[:80])
        return action
    if kind in ("block", "dialed"):
        return Block() if kind == "block" else Dialed()
    return None


def _steps(menu: Menu) -> Iterator[Group]:
    rooms = [(f"go:{room.name}", _("On to “%(name)s”", name=room.name)) for room in menu.rooms]
    again = [("repeat:", _("Say it again")), ("back:", _("Back to the room before"))]
    languages = [(f"speak:{code}", str(LANGUAGES.get(code, code))) for code in LOCALES]
    yield _("In this menu"), rooms + again
    yield _("Language"), languages
    services = [(f"serve:{one}", str(SERVICE_WORDS[one])) for one in SERVICES]
    yield _("By themselves, after number and PIN"), services


def _actions(choices: Choices) -> Iterator[Group]:
    def named(kind: str, of: str, words: str) -> list[Option]:
        return [(f"{kind}:{key}", words % (title or key)) for key, title in choices[of].items()]

    yield _("Queue"), named("queue", "queue", _("Queue %s"))
    yield _("Offer a call-back"), named("callback", "queue", _("Call-back: %s"))
    yield _("Leave a message"), named("box", "box", _("Message: %s"))
    yield _("Another menu"), named("menu", "menu", _("Menu %s"))
    yield _("Play a prompt"), named("announce", "prompt", _("Play %s"))
    yield (
        _("Other"),
        [
            ("outside:", _("Call a number outside…")),
            ("dialed:", _("Where the dialled number leads")),
            ("block:", _("Do not connect")),
        ],
    )


def _whole(form: Mapping[str, str], name: str) -> int:
    text = form.get(name, "").strip()
    if not text.isdecimal() or len(text) > 4:
        raise Invalid(name, "is not a whole number")
    return int(text)


def renamed(menu: Menu, before: str, after: str) -> Menu:
    """Every key that led to the room goes on leading there."""
    if before == after:
        return menu
    return replace(menu, rooms=tuple(_led(room, before, after) for room in menu.rooms))


def _led(room: Room, before: str, after: str) -> Room:
    def step(one: Step) -> Step:
        if isinstance(one, (Go, Speak)) and one.to == before:
            return replace(one, to=after)
        return one

    return replace(room, keys=tuple(Key(one.key, step(one.step)) for one in room.keys))
