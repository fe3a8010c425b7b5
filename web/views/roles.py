"""Roles: what each may do with which records, and which fields it sees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.errors import ProductError
from callcenter.queries import rights as queries
from callcenter.queries import users as user_queries
from callcenter.rights.objects import (
    ACTIONS,
    FIELDS,
    OBJECTS,
    Action,
    Object,
    accesses_of,
    scopes_of,
)
from callcenter.rights.policy import Policy
from callcenter.services import roles as services
from web import actions
from web.access import allow
from web.context import me, reading, runtime
from web.errors import status_of
from web.rights_words import (
    ACCESS_WORDS,
    ACTION_WORDS,
    FIELD_WORDS,
    OBJECT_WORDS,
    SCOPE_WORDS,
    role_title,
    summary,
)
from web.service_words import words_of

roles = Blueprint("roles", __name__, url_prefix="/roles")
_EVERY_ACTION: tuple[Action, ...] = (
    "read",
    "create",
    "change",
    "delete",
    "export",
    "merge",
    "erase",
    "reveal",
)

_OF_THEIR_OWN: tuple[Object, ...] = ("supervision",)
_MATRICES: tuple[tuple[Sequence[Action], Sequence[Object]], ...] = (
    (_EVERY_ACTION, [one for one in OBJECTS if one not in _OF_THEIR_OWN]),
    *((ACTIONS[one], (one,)) for one in _OF_THEIR_OWN),
)
"""What is done with records, and what is no record and has words of its own."""


@roles.get("")
@allow("admin")
def page() -> str:
    return _list()


@roles.post("/copy")
@allow("admin")
def copy() -> ResponseReturnValue:
    """A new role begins as a copy: nobody starts from an empty sheet."""
    source, title = request.form.get("source", ""), request.form.get("title", "")
    try:
        code = services.copy_role(source, title, user_id=me().id, **_store())
    except ProductError as error:
        return _list(error), status_of(error)
    return redirect(url_for("roles.one", code=code))


@roles.get("/<code>")
@allow("admin")
def one(code: str) -> str:
    return _form(_existing(code))


@roles.post("/<code>")
@allow("admin")
def save(code: str) -> ResponseReturnValue:
    policy = _existing(code)
    scopes: dict[tuple[str, str], str] = {
        (thing, action): request.form.get(f"{thing}.{action}", "none")
        for thing in OBJECTS
        for action in ACTIONS[thing]
    }
    fields: dict[tuple[str, str], str] = {
        (thing, name): request.form.get(f"{thing}:{name}", "hidden")
        for thing, names in FIELDS.items()
        for name in names
    }
    kept: dict[tuple[str, str], str] = {
        key: access for key, access in policy.fields.items() if ":" in key[1]
    }
    title = request.form.get("title", "")
    try:
        services.save_role(code, title, scopes, {**kept, **fields}, user_id=me().id, **_store())
    except ProductError as error:
        return _form(policy, error), status_of(error)
    actions.sessions_changed()
    flash(_("Saved. It holds at once, for open pages too."))
    return redirect(url_for("roles.one", code=code))


@roles.post("/<code>/delete")
@allow("admin")
def delete(code: str) -> ResponseReturnValue:
    try:
        services.delete_role(code, user_id=me().id, **_store())
    except ProductError as error:
        return _form(_existing(code), error), status_of(error)
    return redirect(url_for("roles.page"))


def _existing(code: str) -> Policy:
    with reading() as connection:
        policy = queries.role(connection, code)
    if policy is None:
        abort(404)
    return policy


def _list(error: ProductError | None = None) -> str:
    with reading() as connection:
        known = queries.roles(connection)
        people = user_queries.all(connection)
    counts = {role.code: sum(one.role_code == role.code for one in people) for role in known}
    return render_template(
        "settings/roles.html",
        roles=[(role.code, role_title(role), role.base, role.builtin) for role in known],
        counts=counts,
        title=request.form.get("title", ""),
        source=request.form.get("source", "operator"),
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
    )


def _form(policy: Policy, error: ProductError | None = None) -> str:
    return render_template(
        "settings/role.html",
        code=policy.code,
        title=request.form.get("title") or role_title(policy),
        base=policy.base,
        builtin=policy.builtin,
        matrices=[
            (columns, [(thing, _cells(policy, thing, columns)) for thing in things])
            for columns, things in _MATRICES
        ],
        fields=[(thing, _field_cells(policy, thing)) for thing in FIELDS],
        summary=list(summary(policy)),
        OBJECT_WORDS=OBJECT_WORDS,
        ACTION_WORDS=ACTION_WORDS,
        SCOPE_WORDS=SCOPE_WORDS,
        FIELD_WORDS=FIELD_WORDS,
        ACCESS_WORDS=ACCESS_WORDS,
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
    )


def _cells(
    policy: Policy, thing: Any, columns: Sequence[Action]
) -> list[tuple[str, str, tuple[str, ...]]]:
    """(action, scope now, scopes to choose from); no scopes where there is no such action."""
    return [
        (
            action,
            policy.scope(thing, action),
            scopes_of(thing, action) if action in ACTIONS[thing] else (),
        )
        for action in columns
    ]


def _field_cells(policy: Policy, thing: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (name, policy.field_access(thing, name), accesses_of(thing, name)) for name in FIELDS[thing]
    ]


def _store() -> dict[str, Any]:
    return {"unit_of_work": runtime().unit_of_work, "clock": runtime().clock}
