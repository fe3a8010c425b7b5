"""What a voice menu is: rooms with a prompt and keys. Data only, to JSON and back. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from callcenter.routing import actions
from callcenter.routing.actions import Action, Dialed

Service = Literal["balance", "order", "promise", "appointment", "opt_out"]
SERVICES: Final[tuple[Service, ...]] = get_args(Service)
KEYS: Final = tuple("1234567890*#")
NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
SECONDS: Final = 5
TRIES: Final = 3

_DIALED: Final = Dialed()


class UnreadableMenu(ValueError):  # noqa: N818
    """What is stored is no menu that this version of the product understands."""


@dataclass(frozen=True, slots=True)
class Go:
    """Into another room of the same menu."""

    to: str


@dataclass(frozen=True, slots=True)
class Repeat:
    pass


@dataclass(frozen=True, slots=True)
class Back:
    """To the room one came from; in the first one, the same again."""


@dataclass(frozen=True, slots=True)
class Speak:
    """On in another language, in the same room or in another."""

    language: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Serve:
    """Something that callers do by themselves; afterwards they are in the same room again."""

    service: Service


@dataclass(frozen=True, slots=True)
class Act:
    """Out of the menu: where the call goes."""

    action: Action


Step = Go | Repeat | Back | Speak | Serve | Act
_STEPS: Final[Mapping[str, type[Any]]] = {
    "go": Go,
    "repeat": Repeat,
    "back": Back,
    "speak": Speak,
    "serve": Serve,
    "act": Act,
}
_WORDS: Final = {made: word for word, made in _STEPS.items()}


@dataclass(frozen=True, slots=True)
class Key:
    key: str
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """`seconds` of silence, or a key without a meaning, cost one of so many `tries`; after the last
    one `otherwise` is done (None: the menu's). While `calendar` says that nobody is there, `closed`
    is done instead of everything else."""

    name: str
    prompt: str
    keys: tuple[Key, ...] = ()
    seconds: int = SECONDS
    tries: int = TRIES
    invalid: str = "menu-invalid"
    nothing: str = "menu-nothing"
    otherwise: Action | None = None
    calendar: str = ""
    closed: Action | None = None

    def step(self, key: str) -> Step | None:
        return next((one.step for one in self.keys if one.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """The first room is where callers enter. `otherwise`: for whoever chooses nothing."""

    rooms: tuple[Room, ...]
    otherwise: Action = _DIALED

    def room(self, name: str) -> Room | None:
        return next((one for one in self.rooms if one.name == name), None)


def kind_of(step: Step) -> str:
    return _WORDS[type(step)]


def menu_to_json(menu: Menu) -> dict[str, Any]:
    return {
        "otherwise": actions.to_json(menu.otherwise),
        "rooms": [_room_to_json(room) for room in menu.rooms],
    }


def menu_from_json(data: Any) -> Menu:
    """UnreadableMenu for anything that `menu_to_json` would not have written."""
    if not isinstance(data, Mapping) or not isinstance(data.get("rooms"), list):
        raise UnreadableMenu("a menu has rooms")
    rooms = tuple(_room(one) for one in data["rooms"])
    return Menu(rooms=rooms, otherwise=_action(data.get("otherwise")) or _DIALED)


def step_to_json(step: Step) -> dict[str, Any]:
    told: dict[str, Any] = {"step": kind_of(step)}
    if isinstance(step, Go):
        told["to"] = step.to
    elif isinstance(step, Speak):
        told |= {"language": step.language, "to": step.to}
    elif isinstance(step, Serve):
        told["service"] = step.service
    elif isinstance(step, Act):
        told["action"] = actions.to_json(step.action)
    return told


def step_from_json(data: Any) -> Step:
    if not isinstance(data, Mapping) or data.get("step") not in _STEPS:
        raise UnreadableMenu("there is no such step")
    kind = data["step"]
    if kind == "go":
        return Go(_text(data, "to"))
    if kind == "speak":
        return Speak(_text(data, "language"), _text(data, "to"))
    if kind == "serve":
        if data.get("service") not in SERVICES:
            raise UnreadableMenu("there is no such service")
        return Serve(data["service"])
    if kind == "act":
        action = _action(data.get("action"))
        if action is None:
            raise UnreadableMenu("a key leads somewhere")
        return Act(action)
    return Repeat() if kind == "repeat" else Back()


def _room_to_json(room: Room) -> dict[str, Any]:
    return {
        "name": room.name,
        "prompt": room.prompt,
        "keys": [{"key": one.key, **step_to_json(one.step)} for one in room.keys],
        "seconds": room.seconds,
        "tries": room.tries,
        "invalid": room.invalid,
        "nothing": room.nothing,
        "otherwise": _told(room.otherwise),
        "calendar": room.calendar,
        "closed": _told(room.closed),
    }


def _told(action: Action | None) -> dict[str, Any] | None:
    return None if action is None else actions.to_json(action)


def _room(data: Any) -> Room:
    if not isinstance(data, Mapping) or not isinstance(data.get("keys", []), list):
        raise UnreadableMenu("a room has keys")
    return Room(
        name=_text(data, "name"),
        prompt=_text(data, "prompt"),
        keys=tuple(Key(_text(one, "key"), step_from_json(one)) for one in data.get("keys", [])),
        seconds=_whole(data, "seconds", SECONDS),
        tries=_whole(data, "tries", TRIES),
        invalid=_text(data, "invalid", "menu-invalid"),
        nothing=_text(data, "nothing", "menu-nothing"),
        otherwise=_action(data.get("otherwise")),
        calendar=_text(data, "calendar"),
        closed=_action(data.get("closed")),
    )


def _action(data: Any) -> Action | None:
    if data is None:
        return None
    try:
        return actions.from_json(data)
    except actions.UnreadableError as error:
        raise UnreadableMenu(str(error)) from error


def _text(data: Any, name: str, usual: str = "") -> str:
    value = data.get(name, usual) if isinstance(data, Mapping) else None
    if not isinstance(value, str):
        raise UnreadableMenu(f"{name} is a text")
    return value


def _whole(data: Mapping[str, Any], name: str, usual: int) -> int:
    value = data.get(name, usual)
    if type(value) is not int:
        raise UnreadableMenu(f"{name} is a whole number")
    return value
