"""Organisations: the list, the card with people and numbers, making and changing one."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.errors import Conflict, Invalid, ProductError
from callcenter.queries import fields as field_queries
from callcenter.queries import organizations as queries
from callcenter.queries import users as user_queries
from callcenter.queries.organizations import OrganizationCard
from web import people_actions
from web.access import allow
from web.context import me, reading, today
from web.organization_forms import (
    card_values,
    new_values,
    organization_changes,
    organization_draft,
    organization_values,
)
from web.people_words import shown_fields, writable_fields
from web.service_words import words_of
from web.viewer import the_viewer
from web.whole_numbers import whole_number

organizations = Blueprint("organizations", __name__, url_prefix="/organizations")
PAGE = 50
SUGGESTED = 12


@organizations.get("")
@allow()
def page() -> str:
    text = request.args.get("q", "").strip()[:80]
    with reading() as connection:
        listed = queries.page(connection, text, request.args.get("cursor"), PAGE, the_viewer())
    rows = request.headers.get("HX-Target") in ("organization-rows", "more")
    return render_template(
        "organizations/rows.html" if rows else "organizations/page.html",
        items=listed.items,
        next_cursor=listed.next_cursor,
        text=text,
    )


@organizations.get("/names")
@allow()
def names() -> Response:
    """What a form suggests while somebody types the name of an organisation."""
    text = request.args.get("q", "").strip()[:80]
    with reading() as connection:
        found = queries.page(connection, text, None, SUGGESTED, the_viewer()).items if text else ()
    return jsonify({"names": [one.name for one in found]})


@organizations.get("/new")
@allow()
def new() -> str:
    return _form(new_values(), None)


@organizations.post("/new")
@allow()
def create() -> ResponseReturnValue:
    values = organization_values(request.form)
    try:
        draft = organization_draft(values, the_viewer())
        organization_id = people_actions.create_organization(draft, me().id)
    except (Invalid, Conflict) as error:
        return _form(values, None, error), 422
    return redirect(url_for("organizations.card", organization_id=organization_id))


@organizations.get("/<int:organization_id>")
@allow()
def card(organization_id: int) -> str:
    found = _card(organization_id)
    with reading() as connection:
        fields = field_queries.defs(connection, "organization")
    own = shown_fields("organization", fields, found.custom, the_viewer(), found.id)
    return render_template("organizations/card.html", card=found, own_fields=own)


@organizations.get("/<int:organization_id>/edit")
@allow()
def edit(organization_id: int) -> str:
    found = _card(organization_id)
    return _form(card_values(found), found)


@organizations.post("/<int:organization_id>/edit")
@allow()
def save(organization_id: int) -> ResponseReturnValue:
    found = _card(organization_id)
    values = organization_values(request.form)
    version = request.form.get("version", type=whole_number) or found.version
    try:
        changes = organization_changes(values, the_viewer())
        people_actions.update_organization(organization_id, changes, version, me().id)
    except (Invalid, Conflict) as error:
        return _form(values | {"version": version}, found, error), 422
    return redirect(url_for("organizations.card", organization_id=organization_id))


@organizations.post("/<int:organization_id>/delete")
@allow()
def delete(organization_id: int) -> ResponseReturnValue:
    people_actions.delete_organization(organization_id, me().id)
    flash(_("The organisation is put away. Its people stay."))
    return redirect(url_for("organizations.page"))


def _card(organization_id: int) -> OrganizationCard:
    with reading() as connection:
        found = queries.card(connection, organization_id, today(), the_viewer())
    if found is None:
        abort(404)
    return found


def _form(
    values: dict[str, Any], card: OrganizationCard | None, error: ProductError | None = None
) -> str:
    viewer = the_viewer()
    with reading() as connection:
        fields = field_queries.defs(connection, "organization")
        owners = user_queries.all(connection)
    return render_template(
        "organizations/form.html",
        values=values,
        card=card,
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
        title=_("Edit organisation") if card else _("New organisation"),
        may={
            name: viewer.writes("organization", name)
            for name in ("tax_id", "phones", "addresses", "notes")
        },
        fields=writable_fields("organization", fields, viewer),
        owners=owners,
    )
