"""People who log in: list, add, change, deactivate, new password; and what was done (audit)."""

from __future__ import annotations

import secrets

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.accounts.user import User, UserDraft
from callcenter.errors import ProductError
from callcenter.queries import rights as rights_queries
from callcenter.queries import users as user_queries
from callcenter.services import roles as role_services
from web import actions, audit_objects
from web.access import allow
from web.context import me, reading, runtime
from web.i18n import LOCALES
from web.rights_words import role_title
from web.service_words import words_of
from web.whole_numbers import whole_number
from web.zones import ZONES

users = Blueprint("users", __name__, url_prefix="/users")
AUDIT_ROWS = 50


@users.get("")
@allow("admin")
def page() -> str:
    """Further lines of what was done come alone: the people above them are there already."""
    with reading() as connection:
        people = user_queries.all(connection)
        done = user_queries.audit(connection, request.args.get("cursor"), AUDIT_ROWS)
        titles = {role.code: role_title(role) for role in rights_queries.roles(connection)}
    names = {user.id: user.display_name for user in people}
    more = request.headers.get("HX-Target") == "more"
    return render_template(
        "admin/done_rows.html" if more else "admin/users.html",
        people=people,
        done=audit_objects.lines(done.items, names),
        next_cursor=done.next_cursor,
        names=names,
        titles=titles,
    )


@users.get("/new")
@allow("admin")
def new() -> str:
    return _form({"locale": "en", "role": "operator", "time_zone": me().time_zone})


@users.post("/new")
@allow("admin")
def create() -> ResponseReturnValue:
    values, password = _values(), request.form.get("password", "")
    try:
        new_id = actions.create_user(UserDraft(**values), password, me().id)  # type: ignore[arg-type]
        _choose_teams(new_id)
    except ProductError as error:
        return _form(values, error), 422
    flash(_("%(name)s can log in now.", name=values["display_name"] or values["username"]))
    return redirect(url_for("users.page"))


@users.get("/<int:user_id>/edit")
@allow("admin")
def edit(user_id: int) -> str:
    user = _existing(user_id)
    values = {name: getattr(user, name) for name in _FIELDS}
    return _form({**values, "role": user.role_code}, user_id=user_id)


@users.post("/<int:user_id>/edit")
@allow("admin")
def save(user_id: int) -> ResponseReturnValue:
    """A new role ends the person's sessions: what is open was opened with the old one."""
    _existing(user_id)
    values = _values()
    try:
        actions.update_user(user_id, {n: values[n] for n in _CHANGEABLE}, me().id)
        _choose_teams(user_id)
    except ProductError as error:
        return _form(values, error, user_id), 422
    actions.sessions_changed()
    flash(_("Saved."))
    return redirect(url_for("users.page"))


@users.post("/<int:user_id>/active")
@allow("admin")
def set_active(user_id: int) -> ResponseReturnValue:
    wanted = request.form.get("active") == "yes"
    if user_id == me().id and not wanted:
        flash(
            _("You cannot deactivate yourself: somebody must be able to come back in."), "refused"
        )
    else:
        actions.set_user_active(user_id, wanted, me().id)
        actions.sessions_changed()
        if not wanted:
            flash(_("Deactivated: their sessions, open pages and API tokens have stopped."))
    return redirect(url_for("users.page"))


@users.get("/<int:user_id>/password")
@allow("admin")
def ask_password(user_id: int) -> str:
    """What ends with the old one, before it does."""
    user = _existing(user_id)
    with reading() as connection:
        tokens = user_queries.tokens(connection, user_id)
    return render_template("admin/password.html", user=user, tokens=tokens)


@users.post("/<int:user_id>/password")
@allow("admin")
def new_password(user_id: int) -> str:
    """A random one, shown once; every session of that user ends."""
    user, password = _existing(user_id), secrets.token_urlsafe(12)
    revoke = request.form.get("tokens") == "revoke"
    actions.reset_password(user_id, password, me().id, revoke_tokens=revoke)
    actions.sessions_changed()
    with reading() as connection:
        tokens = user_queries.tokens(connection, user_id)
    return render_template("admin/password.html", user=user, password=password, tokens=tokens)


_CHANGEABLE = ("display_name", "role", "endpoint", "extension", "locale", "time_zone")
_FIELDS = ("username", *_CHANGEABLE)


def _values() -> dict[str, str]:
    values = {name: request.form.get(name, "").strip() for name in _FIELDS}
    with reading() as connection:
        codes = {role.code for role in rights_queries.roles(connection)}
    known = (("role", codes), ("locale", LOCALES), ("time_zone", ZONES))
    if any(values[name] not in choices for name, choices in known):
        abort(400)
    return values


def _told_teams() -> list[int]:
    return request.form.getlist("team", type=whole_number)


def _choose_teams(user_id: int) -> None:
    """Only where the form asked: where there are teams at all."""
    if "teams" in request.form:
        store = {"unit_of_work": runtime().unit_of_work, "clock": runtime().clock}
        role_services.set_teams_of(user_id, _told_teams(), user_id=me().id, **store)  # type: ignore[arg-type]


def _existing(user_id: int) -> User:
    with reading() as connection:
        user = user_queries.by_id(connection, user_id)
    if user is None:
        abort(404)
    return user


def _form(
    values: dict[str, str], error: ProductError | None = None, user_id: int | None = None
) -> str:
    with reading() as connection:
        roles = {role.code: role_title(role) for role in rights_queries.roles(connection)}
        teams = rights_queries.teams(connection)
    chosen = _told_teams() if error else [one.id for one in teams if user_id in one.member_ids]
    return render_template(
        "admin/user_form.html",
        values=values,
        roles=roles,
        teams=[(one.id, one.name) for one in teams],
        chosen_teams=chosen,
        user_id=user_id,
        zones=ZONES,
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
    )
