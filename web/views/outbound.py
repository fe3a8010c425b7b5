"""What each role may dial outside, and the number that it shows: for administrators."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.errors import Invalid, ProductError
from callcenter.services import outbound_rights
from web.access import allow
from web.context import me, runtime
from web.service_words import words_of

outbound = Blueprint("outbound", __name__, url_prefix="/outbound")


@outbound.get("")
@allow("admin")
def page() -> str:
    return _page()


@outbound.post("/<role>")
@allow("admin")
def save(role: str) -> ResponseReturnValue:
    product, form = runtime(), request.form
    try:
        outbound_rights.set_right(
            role,
            form.get("allowed") == "yes",
            form.get("prefixes", "")[:400],
            form.get("caller_id", "")[:80],
            form.get("per_hour", "")[:10],
            user_id=me().id,
            plan=product.settings.number_plan,
            unit_of_work=product.unit_of_work,
            clock=product.clock,
        )
    except Invalid as error:
        return _page(role, error), 422
    flash(_("Saved: it counts from the next call on."))
    return redirect(url_for("outbound.page"))


def _page(role: str = "", error: ProductError | None = None) -> str:
    with runtime().unit_of_work() as uow:
        rights = uow.outbound.rights()
    return render_template(
        "admin/outbound.html",
        rights=sorted(rights, key=lambda right: _ORDER.index(right.role)),
        has_hand=bool(runtime().settings.ami_originate),
        faulty=role,
        typed=request.form,
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
    )


_ORDER = ("operator", "supervisor", "admin")
