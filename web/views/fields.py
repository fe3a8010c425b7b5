"""Settings: the company's own fields, its choices of status and segment, and its tags."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from callcenter.errors import ProductError
from callcenter.fields.definition import (
    FIELD_KINDS,
    FIELD_OBJECTS,
    Choice,
    FieldDef,
    FieldDraft,
)
from callcenter.queries import fields as queries
from web import people_actions
from web.access import allow
from web.context import me, reading
from web.errors import status_of
from web.service_words import words_of

fields = Blueprint("fields", __name__, url_prefix="/settings/fields")


@fields.get("")
@allow("admin")
def page() -> str:
    return _page()


@fields.get("/new")
@allow("admin")
def new() -> str:
    of = request.args.get("object", "customer")
    values = _values(None) | {"object": of if of in FIELD_OBJECTS else "customer"}
    return _form(None, values)


@fields.post("/new")
@allow("admin")
def create() -> ResponseReturnValue:
    try:
        people_actions.add_field(_draft(), me().id)
    except ProductError as error:
        return _form(None, _typed(), error), status_of(error)
    flash(_("The field is there: in forms, on cards, in filters and in the API."))
    return redirect(url_for("fields.page"))


@fields.get("/<int:field_id>")
@allow("admin")
def edit(field_id: int) -> str:
    found = _field(field_id)
    return _form(found, _values(found))


@fields.post("/<int:field_id>")
@allow("admin")
def save(field_id: int) -> ResponseReturnValue:
    found = _field(field_id)
    try:
        people_actions.change_field(field_id, _draft(), me().id)
    except ProductError as error:
        return _form(found, _typed(), error), status_of(error)
    return redirect(url_for("fields.page"))


@fields.post("/<int:field_id>/active")
@allow("admin")
def set_active(field_id: int) -> ResponseReturnValue:
    try:
        people_actions.set_field_active(
            field_id, me().id, active=request.form.get("active") == "yes"
        )
    except ProductError as error:
        return _page(words_of(error)), status_of(error)
    return redirect(url_for("fields.page"))


@fields.post("/<int:field_id>/move")
@allow("admin")
def move(field_id: int) -> ResponseReturnValue:
    step = -1 if request.form.get("step") == "up" else 1
    try:
        people_actions.move_field(field_id, step, me().id)
    except ProductError as error:
        return _page(words_of(error)), status_of(error)
    return redirect(url_for("fields.page"))


@fields.post("/tags")
@allow("admin")
def add_tag() -> ResponseReturnValue:
    form = request.form
    try:
        people_actions.add_tag(form.get("name", ""), form.get("tone", ""), me().id)
    except ProductError as error:
        return _page(words_of(error)), status_of(error)
    return redirect(url_for("fields.page", _anchor="tags"))


@fields.post("/tags/<int:tag_id>")
@allow("admin")
def change_tag(tag_id: int) -> ResponseReturnValue:
    form = request.form
    try:
        if form.get("remove"):
            had = people_actions.remove_tag(tag_id, me().id)
            told = ngettext(
                "The tag is gone from %(num)d customer.",
                "The tag is gone from %(num)d customers.",
                had,
            )
            flash(told)
        else:
            people_actions.change_tag(tag_id, form.get("name", ""), form.get("tone", ""), me().id)
    except ProductError as error:
        return _page(words_of(error)), status_of(error)
    return redirect(url_for("fields.page", _anchor="tags"))


def _field(field_id: int) -> FieldDef:
    with reading() as connection:
        found = queries.get(connection, field_id)
    if found is None:
        abort(404)
    return found


def _draft() -> FieldDraft:
    form = request.form
    of, kind = form.get("object", "customer"), form.get("kind", "text")
    return FieldDraft(
        object=of if of in FIELD_OBJECTS else "customer",
        key=form.get("key", "").strip(),
        label=form.get("label", ""),
        labels={name: form.get(f"label_{name}", "") for name in ("ru", "pl")},
        kind=kind if kind in FIELD_KINDS else "text",
        choices=_choices(form.get("choices", "")),
        currency=form.get("currency", ""),
        required=form.get("required") == "yes",
        sensitive=form.get("sensitive") == "yes",
    )


def _choices(text: str) -> tuple[Choice, ...]:
    """One a line; `key = name` where the key matters to other systems."""
    found = []
    for line in text.splitlines():
        key, equals, label = line.partition("=")
        if line.strip():
            known = equals and label.strip()
            found.append(
                Choice(key=key.strip(), label=label.strip())
                if known
                else Choice(key="", label=line.strip())
            )
    return tuple(found)


def _values(field: FieldDef | None) -> dict[str, Any]:
    if field is None:
        names = ("key", "label", "label_ru", "label_pl", "currency", "choices")
        return {**dict.fromkeys(names, ""), "kind": "text", "required": False, "sensitive": False}
    return {
        "object": field.object,
        "key": field.key,
        "label": field.label,
        "label_ru": field.labels.get("ru", ""),
        "label_pl": field.labels.get("pl", ""),
        "kind": field.kind,
        "currency": field.currency,
        "choices": "\n".join(f"{one.key} = {one.label}" for one in field.choices),
        "required": field.required,
        "sensitive": field.sensitive,
    }


def _typed() -> dict[str, Any]:
    form = request.form
    names = ("object", "key", "label", "label_ru", "label_pl", "kind", "currency", "choices")
    flags = {name: form.get(name) == "yes" for name in ("required", "sensitive")}
    return {**{name: form.get(name, "") for name in names}, **flags}


def _page(problem: str = "") -> str:
    with reading() as connection:
        lists = queries.choices(connection)
        own = {of: queries.defs(connection, of, active=None) for of in FIELD_OBJECTS}
        tags = queries.tag_counts(connection)
    return render_template(
        "fields/page.html", lists=list(lists.values()), own=own, tags=tags, problem=problem
    )


def _form(field: FieldDef | None, values: dict[str, Any], error: ProductError | None = None) -> str:
    return render_template(
        "fields/form.html",
        field=field,
        values=values,
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
    )
