"""The script `menu`: leads a caller through the menu that CRM_TARGET names, and says where to next.

Ends without CRM_ROUTE for whatever is missing or wrong: the dialplan then takes the default route.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from agi_scripts import variables
from agi_scripts.menu_book import Live, MenuBook
from agi_scripts.once import OncePerSpell
from agi_scripts.prompt_book import PromptBook
from agi_scripts.session import AgiSession
from agi_scripts.talk import Talk
from callcenter.menus.menu import Service
from callcenter.menus.walk import Ask, End, Turn, Walk
from callcenter.routing.actions import (
    FIXED,
    QUEUE_ROUTE,
    Action,
    Announce,
    Dialed,
    Preferred,
    ToMenu,
    ToQueue,
    most_seconds,
    target_of,
)
from callcenter.routing.decide import HIGHEST_PRIORITY, THEN_DIALED
from callcenter.speech import LOCALES

_MOST_MENUS: Final = 10
Serve = Callable[[Talk, Service], Awaitable[bool]]
"""False: the caller is to be led to a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuScript:
    book: MenuBook
    prompts: PromptBook
    serve: Serve
    once: OncePerSpell
    default_language: str = LOCALES[0]

    async def __call__(self, session: AgiSession) -> None:
        key = await session.get_variable(variables.CRM_TARGET)
        known = await session.get_variable(variables.CRM_LANGUAGE)
        priority = await session.get_variable(variables.CRM_PRIORITY)
        language = known if known in LOCALES else self.default_language
        talk = Talk(session, self.prompts, language)
        live = self.book.live
        for _ in range(_MOST_MENUS):
            end = await self._through(talk, live, key)
            if end is None or not isinstance(end, ToMenu):
                break
            key = end.menu
        else:
            end = None
        if end is None:
            session.end()
        else:
            await session.finish(outcome(end, priority))

    async def _through(self, talk: Talk, live: Live, key: str) -> Action | None:
        menu = live.menus.get(key)
        if menu is None:
            self.once.report("agi.no_such_menu", "menu", menu=ascii(key[:40]))
            return None
        walk = Walk(menu, lambda calendar: self.book.is_open(live, calendar))
        turn = walk.begin(talk.language)
        while not isinstance(turn.then, End):
            turn = await self._turn(talk, walk, turn)
        await talk.say(*turn.say)
        return turn.then.action

    async def _turn(self, talk: Talk, walk: Walk, turn: Turn) -> Turn:
        if turn.place.language != talk.language:
            talk.language = turn.place.language
            await talk.session.set_variables({variables.CRM_LANGUAGE: talk.language})
        pressed = await talk.say(*turn.say)
        if not isinstance(turn.then, Ask):
            if isinstance(turn.then, End) or await self.serve(talk, turn.then):
                return walk.served(turn.place)
            return walk.given_up(turn.place)
        pressed = pressed or await talk.listen(turn.then.seconds)
        if not pressed:
            return walk.silent(turn.place)
        await talk.session.set_variables({variables.CRM_MENU: pressed})
        await talk.session.note(variables.CRM_MENU, pressed)
        return walk.pressed(turn.place, pressed)


def outcome(action: Action, priority: str) -> Mapping[str, str]:
    """What the dialplan is told of where a menu leads; CRM_ROUTE last."""
    place = action.then if isinstance(action, Announce) else action
    own = int(priority) if priority.isdecimal() and len(priority) < 4 else 0
    added = place.priority if isinstance(place, (ToQueue, Preferred)) else 0
    most = most_seconds(place)
    then = action.then if isinstance(action, Announce) else None
    return {
        variables.CRM_PRIORITY: str(min(max(own + added, 0), HIGHEST_PRIORITY)),
        variables.CRM_TARGET: target_of(action),
        variables.CRM_THEN: (route(then) or THEN_DIALED) if then is not None else "",
        variables.CRM_THEN_TARGET: target_of(then) if then is not None else "",
        variables.CRM_RINGS: "",
        variables.CRM_MAX_WAIT: str(most) if most else "",
        variables.CRM_ROUTE: route(action),
    }


def route(action: Action) -> str:
    if isinstance(action, (ToQueue, Preferred)):
        return QUEUE_ROUTE + action.queue
    return "" if isinstance(action, Dialed) else FIXED[type(action)]
