"""What is wrong with a menu, told while it is edited: with an error it is not published. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from callcenter.menus.menu import KEYS, NAME, Act, Go, Menu, Room, Serve, Speak
from callcenter.routing.actions import (
    Action,
    Announce,
    Block,
    OfferCallback,
    Outside,
    Preferred,
    ToMenu,
    ToQueue,
    Voicemail,
)

Severity = Literal["error", "warning"]
MOST_ROOMS: Final = 60
_OUTSIDE_DIGITS: Final = range(7, 16)


@dataclass(frozen=True, slots=True)
class Problem:
    """`where` is a field of the room, or `key:1`; '' is the room as a whole."""

    room: str
    where: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    severity: Severity = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What there is that a menu may name. `menus`: the live ones, with what each leads to."""

    queues: Collection[str] = ()
    boxes: Collection[str] = ()
    prompts: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Key → languages in which it can be heard."""
    calendars: Collection[str] = ()
    menus: Mapping[str, Menu] = field(default_factory=dict)
    languages: Collection[str] = ("en", "ru", "pl")


def check_menu(key: str, menu: Menu, known: Known) -> tuple[Problem, ...]:
    return tuple(_Check(key, menu, known).all())


class _Check:
    def __init__(self, key: str, menu: Menu, known: Known) -> None:
        self._key = key
        self._menu = menu
        self._known = known
        self._names = [room.name for room in menu.rooms]

    def all(self) -> Iterator[Problem]:
        if not self._menu.rooms:
            yield Problem("", "", "no-rooms")
            return
        if len(self._menu.rooms) > MOST_ROOMS:
            yield Problem("", "", "too-many-rooms", {"most": str(MOST_ROOMS)})
        yield from self._action("", "otherwise", self._menu.otherwise)
        for place, room in enumerate(self._menu.rooms):
            yield from self._name(room, self._names[:place])
            yield from self._room(room)
        yield from self._ways()

    def _name(self, room: Room, before: list[str]) -> Iterator[Problem]:
        if not NAME.fullmatch(room.name):
            yield Problem(room.name, "name", "bad-name")
        if room.name in before:
            yield Problem(room.name, "name", "name-twice")

    def _room(self, room: Room) -> Iterator[Problem]:
        yield from self._prompt(room.name, "prompt", room.prompt, needed=True)
        yield from self._prompt(room.name, "invalid", room.invalid)
        yield from self._prompt(room.name, "nothing", room.nothing)
        if not 1 <= room.seconds <= 30:
            yield Problem(room.name, "seconds", "bad-seconds")
        if not 1 <= room.tries <= 9:
            yield Problem(room.name, "tries", "bad-tries")
        if room.otherwise is not None:
            yield from self._action(room.name, "otherwise", room.otherwise)
        yield from self._hours(room)
        yield from self._keys(room)

    def _hours(self, room: Room) -> Iterator[Problem]:
        if room.calendar and room.calendar not in self._known.calendars:
            yield Problem(room.name, "calendar", "unknown-calendar", {"name": room.calendar})
        if room.calendar and room.closed is None:
            yield Problem(room.name, "closed", "closed-missing")
        if room.closed is not None:
            yield from self._action(room.name, "closed", room.closed)

    def _keys(self, room: Room) -> Iterator[Problem]:
        seen: set[str] = set()
        for one in room.keys:
            where = f"key:{one.key}"
            if one.key not in KEYS:
                yield Problem(room.name, where, "bad-key", {"key": one.key})
            if one.key in seen:
                yield Problem(room.name, where, "key-twice", {"key": one.key})
            seen.add(one.key)
            if isinstance(one.step, (Go, Speak)) and one.step.to not in ("", *self._names):
                yield Problem(room.name, where, "unknown-room", {"name": one.step.to})
            if isinstance(one.step, Go) and not one.step.to:
                yield Problem(room.name, where, "unknown-room", {"name": ""})
            if isinstance(one.step, Speak) and one.step.language not in self._known.languages:
                yield Problem(room.name, where, "unknown-language", {"name": one.step.language})
            if isinstance(one.step, Act):
                yield from self._action(room.name, where, one.step.action)
        if not room.keys:
            yield Problem(room.name, "keys", "no-keys")

    def _prompt(
        self, room: str, where: str, key: str, *, needed: bool = False
    ) -> Iterator[Problem]:
        if not key:
            if needed:
                yield Problem(room, where, "no-prompt")
            return
        heard = self._known.prompts.get(key)
        if heard is None:
            yield Problem(room, where, "unknown-prompt", {"name": key})
        elif not heard:
            yield Problem(room, where, "silent-prompt", {"name": key})
        elif lacking := [one for one in self._known.languages if one not in heard]:
            told = {"name": key, "languages": ", ".join(lacking)}
            yield Problem(room, where, "prompt-lacks-language", told, "warning")

    def _action(self, room: str, where: str, action: Action) -> Iterator[Problem]:
        if isinstance(action, Announce):
            yield from self._prompt(room, where, action.prompt, needed=True)
            if action.then is not None:
                yield from self._action(room, where, action.then)
        elif isinstance(action, Preferred):
            yield Problem(room, where, "no-rings-here")
        elif isinstance(action, Block):
            yield Problem(room, where, "blocks-caller", severity="warning")
        elif isinstance(action, ToMenu) and action.menu not in (self._key, *self._known.menus):
            yield Problem(room, where, "unknown-menu", {"name": action.menu})
        elif isinstance(action, (ToQueue, OfferCallback)):
            if action.queue not in self._known.queues:
                yield Problem(room, where, "unknown-queue", {"name": action.queue})
        elif isinstance(action, Voicemail):
            if action.box not in (*self._known.queues, *self._known.boxes):
                yield Problem(room, where, "unknown-box", {"name": action.box})
        elif isinstance(action, Outside) and not _is_number(action.number):
            yield Problem(room, where, "bad-number", {"name": action.number})

    def _ways(self) -> Iterator[Problem]:
        reached = self._reached()
        for room in self._menu.rooms:
            if room.name not in reached:
                yield Problem(room.name, "", "unreachable", severity="warning")
            elif room.keys and not self._leads_out(room.name, set()):
                yield Problem(room.name, "", "no-way-out")
        if not self._ends(self._key, self._menu, set()):
            yield Problem(self._names[0], "", "menu-circle")
        only_services = all(isinstance(one.step, Serve) for one in self._menu.rooms[0].keys)
        if only_services and self._menu.rooms[0].keys:
            yield Problem(self._names[0], "", "no-person", severity="warning")

    def _reached(self) -> set[str]:
        reached: set[str] = set()
        waiting = self._names[:1]
        while waiting:
            name = waiting.pop()
            if name in reached:
                continue
            reached.add(name)
            room = self._menu.room(name)
            waiting += _onwards(room) if room is not None else []
        return reached

    def _leads_out(self, name: str, seen: set[str]) -> bool:
        """By keys alone: silence ends every menu, but nobody should have to know that."""
        if name in seen:
            return False
        seen.add(name)
        room = self._menu.room(name)
        if room is None:
            return False
        if any(isinstance(one.step, Act) for one in room.keys):
            return True
        return any(self._leads_out(onward, seen) for onward in _onwards(room))

    def _ends(self, key: str, menu: Menu, seen: set[str]) -> bool:
        """Does any way out of this menu lead to something that is no menu again?"""
        seen.add(key)
        for action in _actions(menu):
            then = action.then if isinstance(action, Announce) else action
            if not isinstance(then, ToMenu):
                return True
            onward = self._known.menus.get(then.menu)
            if then.menu not in seen and onward and self._ends(then.menu, onward, seen):
                return True
        return False


def _onwards(room: Room) -> list[str]:
    steps = (one.step for one in room.keys)
    return [step.to for step in steps if isinstance(step, (Go, Speak)) and step.to]


def _actions(menu: Menu) -> Iterator[Action]:
    yield menu.otherwise
    for room in menu.rooms:
        yield from (one for one in (room.otherwise, room.closed) if one is not None)
        yield from (one.step.action for one in room.keys if isinstance(one.step, Act))


def _is_number(number: str) -> bool:
    digits = number[1:]
    return number.startswith("+") and digits.isdecimal() and len(digits) in _OUTSIDE_DIGITS
