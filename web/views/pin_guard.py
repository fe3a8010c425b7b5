"""Asking callers for their PINs again before the hour is over. How it stands is told above the list
of voice menus."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.services import pin_guard as service
from web.access import allow
from web.context import me, runtime

pin_guard = Blueprint("pin_guard", __name__, url_prefix="/caller-pins")


@pin_guard.post("/ask-again")
@allow("admin")
def lift() -> ResponseReturnValue:
    lifted = service.lift(
        user_id=me().id,
        most=runtime().settings.pin_failures_per_hour,
        unit_of_work=runtime().unit_of_work,
        clock=runtime().clock,
    )
    if lifted is None:
        flash(_("Callers were being asked for their PINs already."))
    else:
        flash(_("Callers are asked for their PINs again. Wrong ones are counted anew."))
    return redirect(url_for("menus.page"))
