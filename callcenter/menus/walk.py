"""How a caller goes through a menu: what is said next, and what is waited for. Pure and total.

Whatever is pressed, and however often, a walk ends: after `MOST_TURNS` the menu's `otherwise` is
done, so that nobody goes round in it for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from callcenter.menus.menu import Act, Back, Go, Menu, Room, Serve, Service, Speak, Step
from callcenter.routing.actions import Action

MOST_TURNS: Final = 60
MOST_SECONDS: Final = 30
IsOpen = Callable[[str], bool]
"""Is somebody there by this calendar? True for one that is not there any more."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a caller stands. `trail`: the rooms they came through."""

    room: str
    language: str
    trail: tuple[str, ...] = ()
    tries: int = 0
    turns: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """Listen for one of these keys, so long."""

    keys: str
    seconds: int


@dataclass(frozen=True, slots=True)
class End:
    """`chosen`: by a key; otherwise by hours, silence or wrong keys."""

    action: Action
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """Say the prompts, then do the rest."""

    place: Place
    say: tuple[str, ...]
    then: Ask | End | Service


class Walk:
    def __init__(self, menu: Menu, is_open: IsOpen) -> None:
        self._menu = menu
        self._is_open = is_open

    def begin(self, language: str) -> Turn:
        if not self._menu.rooms:
            return self._end(Place("", language), self._menu.otherwise)
        return self._enter(Place(self._menu.rooms[0].name, language))

    def pressed(self, place: Place, key: str) -> Turn:
        room = self._menu.room(place.room)
        step = room.step(key) if room is not None else None
        if room is None or step is None:
            return self._missed(place, room, room.invalid if room else "")
        return self._take(replace(place, tries=0), step)

    def silent(self, place: Place) -> Turn:
        room = self._menu.room(place.room)
        return self._missed(place, room, room.nothing if room else "")

    def served(self, place: Place) -> Turn:
        """A service is over: the same room again."""
        return self._enter(replace(place, tries=0))

    def given_up(self, place: Place) -> Turn:
        """A service found that the caller needs a person."""
        return self._end(place, self._menu.otherwise)

    def _take(self, place: Place, step: Step) -> Turn:
        if isinstance(step, Act):
            return self._end(place, step.action, chosen=True)
        if isinstance(step, Serve):
            return Turn(place, (), step.service)
        if isinstance(step, Back):
            return self._enter(_back(place))
        if isinstance(step, Go):
            return self._enter(_into(place, step.to))
        if isinstance(step, Speak):
            spoken = replace(place, language=step.language)
            return self._enter(_into(spoken, step.to) if step.to else spoken)
        return self._enter(place)

    def _missed(self, place: Place, room: Room | None, word: str) -> Turn:
        after = replace(place, tries=place.tries + 1)
        if room is None or after.tries >= room.tries:
            own = room.otherwise if room is not None else None
            return self._end(after, own or self._menu.otherwise, say=word)
        again = self._enter(after)
        return replace(again, say=(word, *again.say) if word else again.say)

    def _enter(self, place: Place) -> Turn:
        place = replace(place, turns=place.turns + 1)
        room = self._menu.room(place.room)
        if room is None or place.turns > MOST_TURNS:
            return self._end(place, self._menu.otherwise)
        if room.calendar and not self._is_open(room.calendar):
            return self._end(place, room.closed or self._menu.otherwise)
        keys = "".join(one.key for one in room.keys)
        return Turn(place, (room.prompt,), Ask(keys, min(max(room.seconds, 1), MOST_SECONDS)))

    def _end(self, place: Place, action: Action, *, chosen: bool = False, say: str = "") -> Turn:
        return Turn(place, (say,) if say else (), End(action, chosen))


def _into(place: Place, room: str) -> Place:
    return replace(place, room=room, trail=(*place.trail, place.room))


def _back(place: Place) -> Place:
    if not place.trail:
        return place
    return replace(place, room=place.trail[-1], trail=place.trail[:-1])
