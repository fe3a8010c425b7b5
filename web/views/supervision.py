"""Stepping into calls: listen, whisper, join in, take over; waiting callers and operators directed.

Answers to commands are JSON for the scripts of the page: 202 with the command's id, or words about
why not. What the PBX said follows on the socket.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.errors import Conflict, Invalid, ProductError
from callcenter.queries import calls as call_queries
from callcenter.queries import pbx as pbx_queries
from callcenter.queries import rights as role_queries
from callcenter.queries import supervision as queries
from callcenter.queries import users as user_queries
from callcenter.services import directing
from callcenter.services import supervision as service
from callcenter.services import supervision_policy as policies
from callcenter.supervision import phones
from web.access import allow
from web.context import me, reading, runtime
from web.errors import status_of
from web.service_words import words_of
from web.supervision_words import MODE_WORDS
from web.viewer import the_viewer

supervision = Blueprint("supervision", __name__)
PAGE = 50
NO_PHONE = "you have no phone: an administrator gives you one"


@supervision.post("/calls/<path:call_id>/step-in")
@allow("supervisor", "admin")
def step_in(call_id: str) -> ResponseReturnValue:
    """My own phone rings, and is led into the call; or I go over to another mode in it."""
    mode = request.form.get("mode", "")
    return _commanded(lambda id_: service.step_in(me().id, call_id, mode, id_, door()))


@supervision.post("/calls/<path:call_id>/step-out")
@allow("supervisor", "admin")
def step_out(call_id: str) -> ResponseReturnValue:
    return _commanded(lambda id_: service.step_out(me().id, call_id, id_, door()))


@supervision.get("/calls/<path:call_id>/ways")
@allow("supervisor", "admin")
def ways(call_id: str) -> ResponseReturnValue:
    """Why not: `everything` that can be done with a call of others, or single `modes`; of a caller
    who waits, the `people` whom they cannot be sent to."""
    if words := _unprepared(call_id.partition("/")[0]):
        return {"everything": words, "modes": {}}
    try:
        if request.args.get("waits"):
            directing.refuse_directed(me().id, call_id, door())
            return {"everything": "", "modes": {}, "people": _not_rung(call_id)}
        refused = service.refusals(me().id, call_id, door())
    except ProductError as error:
        return {"everything": words_of(error), "modes": {}}
    return {"everything": "", "modes": {mode: words_of(one) for mode, one in refused.items()}}


@supervision.post("/calls/<path:call_id>/pull")
@allow("supervisor", "admin")
def pull(call_id: str) -> ResponseReturnValue:
    """A waiting caller goes to `to`, a user; to myself if none is named."""
    return _commanded(lambda id_: directing.pull(me().id, call_id, _person(), id_, door()))


@supervision.post("/calls/<path:call_id>/first")
@allow("supervisor", "admin")
def first(call_id: str) -> ResponseReturnValue:
    """A waiting caller goes to the front of their queue."""
    return _commanded(lambda id_: directing.put_first(me().id, call_id, id_, door()))


@supervision.get("/supervision")
@allow("admin", "supervisor")
def page() -> str:
    """Who stepped into which calls; and whether operators see it, which an administrator says."""
    with reading() as connection:
        found = queries.stretches(connection, request.args.get("cursor"), PAGE, the_viewer())
        policy = queries.policy(connection)
        roles = role_queries.roles(connection)
    in_place = request.headers.get("HX-Target") == "more"
    return render_template(
        "supervision/rows.html" if in_place else "supervision/page.html",
        found=found,
        policy=policy,
        roles=roles,
        modes=MODE_WORDS,
        may_change=the_viewer().may("settings", "change"),
    )


@supervision.post("/supervision")
@allow("admin", "supervisor")
def save() -> ResponseReturnValue:
    form = request.form
    policy = {name.removeprefix("role:"): form[name] == "yes" for name in form if _is_said(name)}
    try:
        policies.save(policy, by=me().id, door=door())
    except ProductError as error:
        flash(words_of(error), "refused")
    else:
        flash(_("Saved."), "ok")
    return redirect(url_for("supervision.page"))


def _is_said(name: str) -> bool:
    """ "as the centre" says nothing of a role."""
    return name.startswith("role:") and request.form[name] in ("yes", "no")


def door() -> service.Door:
    product = runtime()
    return service.Door(
        unit_of_work=product.unit_of_work, publisher=product.bus, clock=product.clock
    )


def _commanded(act: Callable[[str], None]) -> ResponseReturnValue:
    command_id = request.form.get("id", "")
    if not runtime().settings.ami_originate:
        return {"message": _no_hand()}, 409
    try:
        act(command_id)
    except ProductError as error:
        return {"message": words_of(error)}, status_of(error)
    return {"id": command_id}, 202


def _unprepared(pbx: str) -> str:
    """Why nothing of this can be done on that PBX; '' where it can."""
    if not runtime().settings.ami_originate:
        return _no_hand()
    with reading() as connection:
        link = next((one for one in pbx_queries.links(connection) if one.pbx == pbx), None)
    if link is not None and link.state != "up":
        return str(_("The PBX is away. Try again in a moment."))
    if link is not None and link.steps_in is False:
        words = _(
            "The telephone system is not prepared for this: its dialplan lacks a part. "
            "“callcenter pbx check” says which."
        )
        return str(words)
    return ""


def _not_rung(call_id: str) -> dict[str, str]:
    """Whom this viewer could send the caller to, had they a phone that is free: why not."""
    theirs = the_viewer().user_ids("supervision", "direct")
    with reading() as connection:
        records = [record for record, _who in call_queries.live_where(connection)]
        people = phones.in_use(records, user_queries.endpoint_map(connection), besides=call_id)
    words = words_of(Conflict("to", "this phone is in use: choose somebody who is free"))
    told = {str(one): words for one in people if theirs is None or one in {*theirs, me().id}}
    if not me().endpoint:
        told[str(me().id)] = words_of(Invalid("number", NO_PHONE))
    return told


def _no_hand() -> str:
    return str(_("The administrator has to set AMI_ORIGINATE_URL for this."))


def _person() -> int | None:
    text = request.form.get("to", "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > 12:
        raise Invalid("to", "there is no such person with a phone")
    return int(text)
