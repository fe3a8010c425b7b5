"""Call control: place a call, and do something to one's own. The PBX's word follows on the socket.

Answers are JSON for the scripts of the page: 202 with the command's id, or words about why not.
"""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.errors import ProductError
from callcenter.services import call_control
from callcenter.services.call_control import Door
from web.access import allow
from web.context import me, runtime
from web.errors import status_of
from web.service_words import words_of

calls = Blueprint("calls", __name__, url_prefix="/calls")


@calls.post("/dial")
@allow()
def dial() -> ResponseReturnValue:
    """The operator's own phone rings first, then `number` is called."""
    number, command_id = request.form.get("number", ""), request.form.get("id", "")
    if not runtime().settings.ami_originate:
        return _without_hand()
    try:
        call_control.dial(me().id, number, command_id, door())
    except ProductError as error:
        return {"message": words_of(error)}, status_of(error)
    return {"id": command_id}, 202


@calls.post("/<path:call_id>/<action>")
@allow()
def control(call_id: str, action: str) -> ResponseReturnValue:
    command_id, to = request.form.get("id", ""), request.form.get("to", "")
    if not runtime().settings.ami_originate:
        return _without_hand()
    try:
        call_control.control(me().id, call_id, action, command_id, to, door())
    except ProductError as error:
        return {"message": words_of(error)}, status_of(error)
    return {"id": command_id}, 202


def door() -> Door:
    """What the use cases of call control need, from this application."""
    product = runtime()
    return Door(
        unit_of_work=product.unit_of_work,
        publisher=product.bus,
        clock=product.clock,
        plan=product.settings.number_plan,
        pbxs=product.settings.hand_names,
    )


def _without_hand() -> ResponseReturnValue:
    message = _("Calls cannot be placed from here: the administrator has to set AMI_ORIGINATE_URL.")
    return {"message": message}, 409
