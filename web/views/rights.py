"""A masked value shown on request, to whom its role lets; who looked is written down."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from callcenter.services import reveal as service
from web.access import allow
from web.context import me, runtime

rights = Blueprint("rights", __name__, url_prefix="/reveal")


@rights.post("")
@allow()
def reveal() -> str:
    """The piece that stands in the masked value's place."""
    value = service.reveal(
        request.form.get("reference", "")[:64],
        me().id,
        unit_of_work=runtime().unit_of_work,
        clock=runtime().clock,
    )
    return render_template("parts/revealed.html", value=value)
