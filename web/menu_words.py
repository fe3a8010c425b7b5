"""Voice menus in words: a step as a phrase, what is wrong with a room, what a caller hears."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from callcenter.menus.checks import Problem
from callcenter.menus.menu import Act, Go, Menu, Repeat, Room, Serve, Speak, Step
from callcenter.queries.routing_choices import Choices
from callcenter.speech import LOCALES
from callcenter.speech.prompts import Prompt, text_of
from web.routing_words import action_words

SERVICES: Final[Mapping[str, Any]] = {
    "balance": _l("Balance and due date"),
    "order": _l("Status of the last order"),
    "promise": _l("Promise to pay"),
    "appointment": _l("Appointment: hear it, ask for another"),
    "opt_out": _l("No more offers"),
}
SOURCES: Final[Mapping[str, Any]] = {
    "spoken": _l("read by the machine"),
    "uploaded": _l("uploaded"),
    "recorded": _l("recorded by phone"),
}
_PROBLEMS: Final[Mapping[str, Any]] = {
    "no-rooms": _l("The menu has no room yet: add one."),
    "too-many-rooms": _l("At most %(most)s rooms."),
    "bad-name": _l("Small Latin letters, digits and - only, a letter first."),
    "name-twice": _l("Two rooms have this name."),
    "bad-seconds": _l("From 1 to 30 seconds."),
    "bad-tries": _l("From 1 to 9 tries."),
    "unknown-calendar": _l("There is no calendar “%(name)s”."),
    "closed-missing": _l("Say what happens while nobody is there."),
    "bad-key": _l("“%(key)s” is no key of a phone."),
    "key-twice": _l("The key %(key)s is given twice."),
    "unknown-room": _l("There is no room “%(name)s” in this menu."),
    "unknown-language": _l("“%(name)s” is not a language that is spoken."),
    "no-keys": _l("No key does anything here: callers could only wait."),
    "no-prompt": _l("Say what callers hear."),
    "unknown-prompt": _l("There is no prompt “%(name)s”."),
    "silent-prompt": _l("The prompt “%(name)s” has neither text nor sound in any language."),
    "prompt-lacks-language": _l(
        "The prompt “%(name)s” is not there in: %(languages)s. Another language is heard instead."
    ),
    "no-rings-here": _l("Ringing one’s own operator first is for rules, not for menus."),
    "blocks-caller": _l("Callers who come here are not connected to anybody."),
    "unknown-menu": _l("There is no live menu “%(name)s”."),
    "unknown-queue": _l("There is no queue “%(name)s”."),
    "unknown-box": _l("There is nobody to leave a message for under “%(name)s”."),
    "bad-number": _l("“%(name)s” is not a number with its country: write +48…"),
    "unreachable": _l("No key leads into this room."),
    "no-way-out": _l("No key leads out of here to a queue, a person or a message."),
    "menu-circle": _l("This menu only leads into other menus, and those lead back."),
    "no-person": _l("No key leads to a person."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the script: `key` '' is what happens by itself."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Scene:
    """One room as a caller meets it."""

    room: Room
    depth: int
    text: str
    sound: str
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]


def problem_words(problem: Problem) -> str:
    words = _PROBLEMS.get(problem.code)
    return str(words) % dict(problem.params) if words is not None else problem.code


def step_words(step: Step, choices: Choices) -> str:
    if isinstance(step, Act):
        return action_words(step.action, choices)
    if isinstance(step, Go):
        return str(_("on to “%(room)s”", room=step.to))
    if isinstance(step, Speak):
        return _in_language(step)
    if isinstance(step, Serve):
        service = str(SERVICES[step.service])
        return str(_("%(service)s, after number and PIN", service=service))
    return str(_("the same again") if isinstance(step, Repeat) else _("back"))


def _in_language(step: Speak) -> str:
    """The language by its name in the reader's own, after a colon: no form of the word is asked."""
    language = step.language
    if language in LOCALES:
        language = Locale(language).get_language_name(str(get_locale())) or language
    if step.to:
        return str(_("language: %(language)s, on to “%(room)s”", language=language, room=step.to))
    return str(_("the same, language: %(language)s", language=language))


def scenes(
    menu: Menu,
    prompts: Mapping[str, Prompt],
    problems: tuple[Problem, ...],
    choices: Choices,
    locale: str,
) -> Iterator[Scene]:
    """Rooms in the order in which a caller can come to them, then those that nobody comes to."""
    for room, depth in _in_order(menu):
        prompt = prompts.get(room.prompt) or Prompt(key=room.prompt)
        file = prompt.files.get(locale)
        yield Scene(
            room=room,
            depth=depth,
            text=text_of(prompt, locale),
            sound=str(SOURCES[file.source]) if file else "",
            lines=tuple(_lines(menu, room, choices)),
            problems=tuple(one for one in problems if one.room == room.name),
        )


def _in_order(menu: Menu) -> list[tuple[Room, int]]:
    found: dict[str, int] = {}

    def visit(name: str, depth: int) -> None:
        room = menu.room(name)
        if room is None or name in found:
            return
        found[name] = depth
        for one in room.keys:
            if isinstance(one.step, (Go, Speak)) and one.step.to:
                visit(one.step.to, depth + 1)

    if menu.rooms:
        visit(menu.rooms[0].name, 0)
    rooms = {room.name: room for room in menu.rooms}
    walked = [(rooms[name], depth) for name, depth in found.items()]
    return walked + [(room, 0) for room in menu.rooms if room.name not in found]


def _lines(menu: Menu, room: Room, choices: Choices) -> Iterator[Line]:
    for one in room.keys:
        yield Line(one.key, step_words(one.step, choices))
    end = action_words(room.otherwise or menu.otherwise, choices)
    yield Line("", _("No key or a wrong one, %(tries)s times: %(end)s", tries=room.tries, end=end))
    if room.calendar and room.closed is not None:
        name = choices["calendar"].get(room.calendar) or room.calendar
        closed = action_words(room.closed, choices)
        yield Line("", _("Outside the hours of %(name)s: %(closed)s", name=name, closed=closed))
