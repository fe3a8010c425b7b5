"""Use cases around voice menus: make one, edit its draft, publish, roll back. Nothing of a draft is
heard by anybody; what is wrong stands in the way of publishing, not of editing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from callcenter.errors import Invalid, NotFound
from callcenter.menus.checks import Known, Problem, check_menu
from callcenter.menus.menu import (
    NAME,
    Act,
    Key,
    Menu,
    Room,
    UnreadableMenu,
    menu_from_json,
    menu_to_json,
)
from callcenter.menus.stored import StoredMenu
from callcenter.ports import Clock, UnitOfWork
from callcenter.routing.actions import ToQueue
from callcenter.speech import BUILTIN, LOCALES
from callcenter.speech.prompts import Prompt, text_of

_MOST = 100
# What the reference dialplan has before anybody planned queues of their own.
_FIRST_QUEUES = ("support", "sales", "vip", "debtors")
_LONGEST_TITLE = 80


class MenuRefused(Invalid):
    """Every problem that was found, for who shows them beside the rooms."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(problems[0].where, problems[0].code)


@dataclass(frozen=True, slots=True)
class MenuDesk:
    """What every use case here needs. `user_id` None: the product itself, as in the demo."""

    unit_of_work: Callable[[], UnitOfWork]
    clock: Clock
    user_id: int | None = None
    queues: tuple[str, ...] = ()
    """Those of the PBX's plan, beside those that have settings here."""

    def create(self, key: str, title: str) -> None:
        """With one room and one way out, so that it can be heard at once."""
        key, title = key.strip().lower(), _title(title)
        if not NAME.fullmatch(key):
            raise Invalid("key", "must be small Latin letters, digits and -, a letter first")
        with self.unit_of_work() as uow:
            if len(uow.menus.all()) >= _MOST:
                raise Invalid("key", f"at most {_MOST} menus")
            menu_id = uow.menus.add(key, title, self.clock.now())
            self._save(uow, menu_id, first_menu(next(iter(uow.staffing.queues()), "support")))
            self._audit(uow, "menu_created", key, title=title)
            uow.commit()

    def rename(self, key: str, title: str) -> None:
        title = _title(title)
        with self.unit_of_work() as uow:
            stored = existing(uow, key)
            uow.menus.rename(stored.id, title)
            self._audit(uow, "menu_renamed", key, before=stored.title, after=title)
            uow.commit()

    def remove(self, key: str) -> None:
        """Callers who are sent to it afterwards go where their number leads."""
        with self.unit_of_work() as uow:
            stored = existing(uow, key)
            uow.menus.remove(stored.id, self.clock.now())
            before = stored.live.definition if stored.live else None
            self._audit(uow, "menu_removed", key, before=before)
            uow.commit()

    def edit(self, key: str, change: Callable[[Menu], Menu]) -> None:
        """The draft after `change`; begun from what is live if there is none."""
        with self.unit_of_work() as uow:
            stored = existing(uow, key)
            before = menu_of(stored)
            after = change(before)
            if after == before and stored.draft is not None:
                return
            self._save(uow, stored.id, after)
            uow.commit()

    def drop_draft(self, key: str) -> None:
        with self.unit_of_work() as uow:
            stored = existing(uow, key)
            if stored.live is None:
                raise Invalid("", "it was never published: remove it as a whole")
            uow.menus.drop_draft(stored.id)
            self._audit(uow, "menu_draft_dropped", key)
            uow.commit()

    def publish(self, key: str) -> int:
        """MenuRefused while something is wrong with it."""
        with self.unit_of_work() as uow:
            stored = existing(uow, key)
            if stored.draft is None:
                raise Invalid("", "there is nothing to publish")
            problems = check_menu(key, menu_of(stored), known(uow, self.queues))
            errors = tuple(one for one in problems if one.severity == "error")
            if errors:
                raise MenuRefused(errors)
            number = uow.menus.publish(stored.id, user_id=self.user_id, at=self.clock.now())
            before = stored.live.definition if stored.live else None
            after = stored.draft.definition
            self._audit(uow, "menu_published", key, number=number, before=before, after=after)
            uow.commit()
        return number

    def take_up(self, key: str, number: int) -> None:
        """An earlier version becomes the draft again: it is looked through before it is live."""
        with self.unit_of_work() as uow:
            stored = existing(uow, key)
            versions = (one for one in uow.menus.versions(stored.id) if one.number == number)
            version = next(versions, None)
            if version is None:
                raise NotFound("version", "there is no such version")
            self._save(uow, stored.id, menu_from_json(version.definition))
            self._audit(uow, "menu_version_taken_up", key, number=number)
            uow.commit()

    def _save(self, uow: UnitOfWork, menu_id: int, menu: Menu) -> None:
        told = menu_to_json(menu)
        uow.menus.save_draft(menu_id, told, user_id=self.user_id, at=self.clock.now())

    def _audit(self, uow: UnitOfWork, action: str, key: str, **detail: Any) -> None:
        uow.audit.record(
            user_id=self.user_id,
            action=action,
            object_type="menu",
            object_id=key,
            at=self.clock.now(),
            detail=detail,
        )


def first_menu(queue: str) -> Menu:
    room = Room(name="main", prompt="menu-main", keys=(Key("1", Act(ToQueue(queue))),))
    return Menu(rooms=(room,), otherwise=ToQueue(queue))


def existing(uow: UnitOfWork, key: str) -> StoredMenu:
    found = uow.menus.get(key)
    if found is None:
        raise NotFound("menu", "there is no such menu")
    return found


def menu_of(stored: StoredMenu) -> Menu:
    """What whoever edits sees."""
    return readable(stored.edited.definition if stored.edited else None)


def readable(definition: Any) -> Menu:
    """A menu of another version of the product is empty here, and is told so by its checks."""
    try:
        return menu_from_json(definition)
    except UnreadableMenu:
        return Menu(rooms=())


def known(uow: UnitOfWork, queues: Iterable[str] = ()) -> Known:
    """What a menu may name."""
    every = {*queues, *uow.staffing.queues()} or set(_FIRST_QUEUES)
    live = {one.key: readable(one.live.definition) for one in uow.menus.all() if one.live}
    return Known(
        queues=tuple(sorted(every)),
        boxes=tuple(user.extension for user in uow.users.with_phones() if user.extension),
        prompts=heard_in(dict(uow.prompts.all())),
        calendars=tuple(uow.hours.keys()),
        menus=live,
        languages=LOCALES,
    )


def heard_in(own: dict[str, Prompt]) -> dict[str, tuple[str, ...]]:
    """Every prompt there is, with the languages in which it can be heard."""
    every = {key: own.get(key) or Prompt(key=key) for key in (*BUILTIN, *own)}
    return {
        key: tuple(one for one in LOCALES if one in prompt.files or text_of(prompt, one))
        for key, prompt in every.items()
    }


def with_room(menu: Menu, name: str, room: Room | None) -> Menu:
    """The room of that name replaced, added at the end if there is none, or gone."""
    if room is None:
        return replace(menu, rooms=tuple(one for one in menu.rooms if one.name != name))
    if menu.room(name) is None:
        return replace(menu, rooms=(*menu.rooms, room))
    return replace(menu, rooms=tuple(room if one.name == name else one for one in menu.rooms))


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not 0 < len(title) <= _LONGEST_TITLE:
        raise Invalid("title", f"needs a name of at most {_LONGEST_TITLE} characters")
    return title
