"""Customers: the card, its facts edited in place, new cards (also from a call, with what the call
tells filled in). Their list is in `customer_list`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.errors import Conflict, Forbidden, Invalid, ProductError
from callcenter.queries import customers as customer_queries
from callcenter.queries import fields as field_queries
from callcenter.queries import interactions as interaction_queries
from callcenter.queries import people_details as people_queries
from callcenter.queries import tasks as task_queries
from callcenter.queries import users as user_queries
from callcenter.queries.views import CustomerCard
from web import actions, people_actions
from web.access import allow
from web.context import me, reading, today
from web.customer_forms import (
    MORE_FIELDS,
    TEXT_FIELDS,
    card_values,
    customer_changes,
    customer_draft,
    customer_values,
    may_write,
    new_customer_values,
    problem_place,
)
from web.people_words import words_of_fields, writable_fields
from web.service_words import words_of
from web.viewer import the_viewer
from web.whole_numbers import whole_number
from web.zones import ZONES

customers = Blueprint("customers", __name__, url_prefix="/customers")
PAGE = 50


@customers.get("/new")
@allow()
def new() -> str:
    return _form(new_customer_values(_interaction()), None)


@customers.post("/new")
@allow()
def create() -> ResponseReturnValue:
    values = customer_values(request.form)
    draft = customer_draft(values, the_viewer())
    interaction_id = request.form.get("interaction", type=whole_number)
    try:
        if interaction_id is None:
            customer_id = actions.create_customer(draft, me().id)
        else:
            customer_id = actions.create_customer_from_call(interaction_id, draft, me().id)
    except (Invalid, Conflict) as error:
        return _form(values, None, error), 422
    if request.form.get("stay"):  # made on the desk: the pop that follows redraws it
        return "", 204
    return redirect(url_for("customers.card", customer_id=customer_id))


@customers.get("/<int:customer_id>")
@allow()
def card(customer_id: int) -> ResponseReturnValue:
    with reading() as connection:
        moved_to = people_queries.merged_into(connection, customer_id)
        if moved_to is not None:
            return redirect(url_for("customers.card", customer_id=moved_to))
    found = _card(customer_id)
    with reading() as connection:
        tasks = task_queries.of_customer(connection, customer_id, today=today())
    return render_template(
        "customers/card.html", card=found, tasks=tasks, **_words_of_fields(found)
    )


@customers.get("/<int:customer_id>/edit")
@allow()
def edit(customer_id: int) -> str:
    found = _card(customer_id)
    return _form(card_values(found), found)


@customers.post("/<int:customer_id>/edit")
@allow()
def save(customer_id: int) -> ResponseReturnValue:
    found = _card(customer_id)
    values = customer_values(request.form)
    version = request.form.get("version", type=whole_number) or found.version
    try:
        changes = customer_changes(values, the_viewer())
        if not found.confirmed:  # whoever fills in the card says that it is somebody
            changes = replace(changes, fields={**changes.fields, "confirmed": True})
        actions.update_customer(customer_id, changes, version, me().id)
    except (Invalid, Conflict) as error:
        return _form(values | {"version": version}, found, error), 422
    return redirect(url_for("customers.card", customer_id=customer_id))


@customers.post("/<int:customer_id>/delete")
@allow()
def delete(customer_id: int) -> ResponseReturnValue:
    people_actions.delete_customer(customer_id, me().id)
    flash(_("The card is put away. It can be had back from its history."))
    return redirect(url_for("customers.page"))


@customers.get("/<int:customer_id>/facts")
@allow()
def facts(customer_id: int) -> str:
    return _facts(_card(customer_id), editing=request.args.get("edit", ""))


@customers.post("/<int:customer_id>/facts")
@allow()
def save_fact(customer_id: int) -> ResponseReturnValue:
    """One fact, edited where it stands. What routes calls is refused to operators."""
    found = _card(customer_id)
    name = request.form.get("field", "")
    if name not in (*TEXT_FIELDS, *MORE_FIELDS, "vip_level"):
        abort(400)
    value = request.form.get("value", "").strip()
    version = request.form.get("version", type=whole_number) or found.version
    try:
        actions.update_customer_fact(customer_id, name, value, version, me().id)
    except Forbidden:
        abort(403)
    except ProductError as error:
        return _facts(_card(customer_id), editing=name, typed=value, problem=words_of(error)), 422
    return _facts(_card(customer_id))


@customers.post("/<int:customer_id>/note")
@allow()
def note(customer_id: int) -> ResponseReturnValue:
    text = request.form.get("text", "").strip()
    if text:
        actions.save_customer_note(customer_id, me().id, text)
    return redirect(url_for("customers.card", customer_id=customer_id))


def _card(customer_id: int) -> CustomerCard:
    with reading() as connection:
        found = customer_queries.card(connection, customer_id, today())
    if found is None:
        abort(404)
    return found


def _interaction() -> Any:
    interaction_id = request.args.get("interaction", type=whole_number)
    if interaction_id is None:
        return None
    with reading() as connection:
        return interaction_queries.get(connection, interaction_id, today())


def _facts(card: CustomerCard, editing: str = "", typed: str = "", problem: str = "") -> str:
    return render_template(
        "customers/facts.html",
        card=card,
        editing=editing,
        typed=typed,
        problem=problem,
        **_words_of_fields(card),
    )


def _words_of_fields(card: CustomerCard) -> dict[str, Any]:
    with reading() as connection:
        return words_of_fields(connection, card, the_viewer())


def _form(
    values: dict[str, Any], card: CustomerCard | None, error: ProductError | None = None
) -> str:
    interaction = request.values.get("interaction", type=whole_number)
    stay = request.form.get("stay")
    return render_template(
        "customers/quick.html" if stay else "customers/form.html",
        values=values,
        card=card,
        interaction_id=interaction,
        problem=words_of(error) if error else "",
        problem_field=problem_place(error.field) if error else "",
        title=_("Edit customer") if card else _("New customer"),
        **({} if stay else _form_parts()),
    )


def _form_parts() -> dict[str, Any]:
    viewer = the_viewer()
    with reading() as connection:
        return {
            "may": may_write(viewer),
            "choices": field_queries.choices(connection),
            "fields": writable_fields(
                "customer", field_queries.defs(connection, "customer"), viewer
            ),
            "known_tags": field_queries.all_tags(connection),
            "owners": user_queries.all(connection),
            "zones": ZONES,
        }
