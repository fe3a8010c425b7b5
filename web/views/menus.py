"""Voice menus: rooms and keys edited here, read as a script, published when nothing is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from callcenter.errors import Invalid, NotFound, ProductError
from callcenter.menus.checks import Problem, check_menu
from callcenter.menus.menu import KEYS, Menu, Room
from callcenter.menus.stored import StoredMenu
from callcenter.queries import pin_guard, routing_choices
from callcenter.services.menus import MenuDesk, MenuRefused, existing, known, menu_of, with_room
from callcenter.speech import LOCALES
from web import menu_forms, menu_words
from web.access import allow
from web.context import me, reading, runtime
from web.errors import status_of
from web.service_words import words_of
from web.viewer import the_viewer

menus = Blueprint("menus", __name__, url_prefix="/menus")
_NEW = "+"


@menus.get("")
@allow("supervisor", "admin")
def page() -> str:
    return _page()


@menus.post("")
@allow("supervisor", "admin")
def create() -> ResponseReturnValue:
    key, title = request.form.get("key", ""), request.form.get("title", "")
    try:
        _desk().create(key, title)
    except ProductError as error:
        return _page(error, {"key": key[:64], "title": title[:200]}), status_of(error)
    flash(_("The menu is a draft until you publish it."))
    return redirect(url_for("menus.one", key=key.strip().lower()))


@menus.get("/<key>")
@allow("supervisor", "admin")
def one(key: str) -> str:
    return _menu_page(key)


@menus.post("/<key>")
@allow("supervisor", "admin")
def save(key: str) -> ResponseReturnValue:
    """Its name, and what happens to whoever chooses nothing."""
    otherwise = menu_forms.read_action(request.form, "otherwise")
    try:
        _desk().rename(key, request.form.get("title", ""))
        if otherwise is not None:
            _desk().edit(key, lambda menu: replace(menu, otherwise=otherwise))
    except ProductError as error:
        return _menu_page(key, error), status_of(error)
    flash(_("Saved."))
    return redirect(url_for("menus.one", key=key))


@menus.get("/<key>/rooms/<name>")
@allow("supervisor", "admin")
def room(key: str, name: str) -> str:
    menu = menu_of(_stored(key))
    found = menu.room(name)
    if name == _NEW:
        found = Room(name="", prompt="")
    return _room_page(key, menu, found or abort(404), name)


@menus.post("/<key>/rooms/<name>")
@allow("supervisor", "admin")
def save_room(key: str, name: str) -> ResponseReturnValue:
    menu = menu_of(_stored(key))
    before = menu.room(name)
    if before is None and name != _NEW:
        abort(404)
    try:
        typed = menu_forms.read_room(request.form, before)
        problems = _of_room(key, _with(menu, before, typed), typed.name)
        taken = menu.room(typed.name) is not None and typed.name != name
        if taken:
            problems = (Problem(typed.name, "name", "name-twice"), *problems)
        hard = [one for one in problems if one.code in ("bad-name", "name-twice")]
        if hard:
            return _room_page(key, menu, typed, name, problems), 422
        _desk().edit(key, lambda now: _with(now, before, typed))
    except ProductError as error:
        kept = before or Room(name="", prompt="")
        return _room_page(key, menu, kept, name, error=error), status_of(error)
    flash(_("Saved in the draft."))
    return redirect(url_for("menus.one", key=key, _anchor=f"room-{typed.name}"))


@menus.post("/<key>/rooms/<name>/remove")
@allow("supervisor", "admin")
def remove_room(key: str, name: str) -> ResponseReturnValue:
    _desk().edit(key, lambda menu: with_room(menu, name, None))
    return redirect(url_for("menus.one", key=key))


@menus.post("/<key>/publish")
@allow("supervisor", "admin")
def publish(key: str) -> ResponseReturnValue:
    try:
        number = _desk().publish(key)
    except MenuRefused as error:
        return _menu_page(key, error), 422
    except ProductError as error:
        return _menu_page(key, error), status_of(error)
    flash(_("Version %(number)s is live: callers hear it from now on.", number=number))
    return redirect(url_for("menus.one", key=key))


@menus.post("/<key>/drop")
@allow("supervisor", "admin")
def drop(key: str) -> ResponseReturnValue:
    try:
        _desk().drop_draft(key)
    except ProductError as error:
        return _menu_page(key, error), status_of(error)
    flash(_("The draft is gone; what is live stays."))
    return redirect(url_for("menus.one", key=key))


@menus.post("/<key>/versions/<int:number>")
@allow("supervisor", "admin")
def take_up(key: str, number: int) -> ResponseReturnValue:
    _desk().take_up(key, number)
    flash(_("Version %(number)s is the draft now. Publish it to make it live.", number=number))
    return redirect(url_for("menus.one", key=key))


@menus.post("/<key>/remove")
@allow("supervisor", "admin")
def remove(key: str) -> ResponseReturnValue:
    _desk().remove(key)
    flash(_("The menu is gone. Callers who are sent to it go where their number leads."))
    return redirect(url_for("menus.page"))


def _page(error: ProductError | None = None, typed: dict[str, str] | None = None) -> str:
    with runtime().unit_of_work() as uow:
        found = uow.menus.all()
    most = runtime().settings.pin_failures_per_hour
    with reading() as connection:
        halt = pin_guard.halt(connection, most, runtime().clock.now())
    return render_template(
        "menus/page.html",
        menus=found,
        halt=halt,
        may_lift=me().role == "admin" and the_viewer().may("settings", "change"),
        counts={one.key: len(menu_of(one).rooms) for one in found},
        typed=typed or {},
        **_problem(error),
    )


def _menu_page(key: str, error: ProductError | None = None) -> str:
    locale = request.args.get("language", "")
    locale = locale if locale in LOCALES else _own_language()
    with runtime().unit_of_work() as uow:
        stored = _found(uow, key)
        menu, prompts = menu_of(stored), uow.prompts.all()
        problems = check_menu(key, menu, known(uow, _choices()["queue"]))
        versions = uow.menus.versions(stored.id)
    scenes = menu_words.scenes(menu, prompts, problems, _choices(), locale)
    whole = [one for one in problems if not one.room]
    return render_template(
        "menus/menu.html",
        stored=stored,
        menu=menu,
        scenes=list(scenes),
        whole=whole,
        errors=sum(one.severity == "error" for one in problems),
        versions=versions,
        locale=locale,
        locales=LOCALES,
        words=menu_words.problem_words,
        otherwise=menu_forms.action_value(menu.otherwise),
        groups=menu_forms.options(
            menu, _choices(), steps=False, chosen=menu_forms.action_value(menu.otherwise)
        ),
        thens=menu_forms.thens(_choices()),
        parts=menu_forms.parts,
        **_problem(None if isinstance(error, MenuRefused) else error),
        refused=isinstance(error, MenuRefused),
    )


def _room_page(  # noqa: PLR0917 (what, of which menu, as typed, under which name, and what is wrong)
    key: str,
    menu: Menu,
    typed: Room,
    name: str,
    problems: tuple[Problem, ...] | None = None,
    error: ProductError | None = None,
) -> str:
    found = problems
    if found is None:
        found = _of_room(key, menu, typed.name) if typed.name else ()
    steps = {one: menu_forms.step_value(typed.step(one)) for one in KEYS}
    values = {
        "otherwise": menu_forms.action_value(typed.otherwise),
        "closed": menu_forms.action_value(typed.closed),
    }
    every = menu_forms.options(menu, _choices(), steps=True)
    return render_template(
        "menus/room.html",
        key=key,
        name=name,
        room=typed,
        steps=steps,
        values=values,
        groups=every,
        ends=menu_forms.options(menu, _choices(), steps=False),
        thens=menu_forms.thens(_choices()),
        parts=menu_forms.parts,
        choices=_choices(),
        problems=found,
        words=menu_words.problem_words,
        alone=len(menu.rooms) < 2,
        **_problem(error),
    )


def _of_room(key: str, menu: Menu, name: str) -> tuple[Problem, ...]:
    with runtime().unit_of_work() as uow:
        found = check_menu(key, menu, known(uow, _choices()["queue"]))
    return tuple(one for one in found if one.room == name)


def _with(menu: Menu, before: Room | None, after: Room) -> Menu:
    """A room that is called otherwise now is called so by the keys that lead to it, too."""
    if before is None:
        return with_room(menu, after.name, after)
    return menu_forms.renamed(with_room(menu, before.name, after), before.name, after.name)


def _stored(key: str) -> StoredMenu:
    with runtime().unit_of_work() as uow:
        return _found(uow, key)


def _found(uow: Any, key: str) -> StoredMenu:
    try:
        return existing(uow, key)
    except NotFound:
        abort(404)


def _choices() -> routing_choices.Choices:
    with reading() as connection:
        return routing_choices.choices(connection, str(get_locale()))


def _own_language() -> str:
    own = str(get_locale())
    return own if own in LOCALES else LOCALES[0]


def _desk() -> MenuDesk:
    return MenuDesk(runtime().unit_of_work, runtime().clock, me().id, tuple(_choices()["queue"]))


def _problem(error: ProductError | None) -> dict[str, str]:
    told = words_of(error) if error is not None else ""
    return {"problem": told, "problem_field": error.field if isinstance(error, Invalid) else ""}
