"""The phone in the page: whose it is, one screen at a time, the answer to a challenge, how a call
sounded, and where a call can be sent. The browser never holds a SIP secret (ADR 0014)."""

from __future__ import annotations

import re
from typing import Any, cast

from flask import Blueprint, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.errors import ProductError
from callcenter.phones.digest import Challenge
from callcenter.queries import phone_targets
from callcenter.realtime.messages import Audience, Message
from callcenter.rights.reference import Reference
from callcenter.services import phone_dialling, phone_quality, phone_signing
from callcenter.services.phone_quality import QualityReport
from callcenter.services.phone_signing import WebPhone
from web import actions
from web.access import allow
from web.assets import asset_url
from web.context import me, reading, runtime
from web.errors import status_of
from web.limits import limiter
from web.phone_leases import LEASE_SECONDS, PhoneLeases
from web.presentation import STATES, look
from web.service_words import words_of

phone = Blueprint("phone", __name__, url_prefix="/phone")

REGISTER_SECONDS = 120
SIGNATURES = "120 per minute"
_TAB = re.compile(r"[A-Za-z0-9-]{8,64}")


def _user_key() -> str:
    return f"phone:{me().id}"


@phone.get("/mine")
@allow()
def mine() -> ResponseReturnValue:
    """What this page needs to be a phone; nothing of it is secret."""
    own = _own_phone()
    if own is None:
        return {"available": False, **_desk()}
    with reading() as connection:
        device = phone_targets.device(connection, me().id)
    return {
        "available": True,
        **_desk(),
        "device": device,
        "name": own.name,
        "domain": own.domain,
        "display_name": me().display_name,
        "url": runtime().settings.phone_url,
        "bundle": asset_url("phone.js"),
        "expires": REGISTER_SECONDS,
        "sign": url_for("phone.sign"),
    }


@phone.post("/lease")
@allow()
def lease() -> ResponseReturnValue:
    """Take or renew the phone for this tab; `over`: from another screen too."""
    tab = request.form.get("tab", "")
    if not _TAB.fullmatch(tab):
        return _refuse("bad_tab", _("This request was not understood"), 422)
    if _own_phone() is None:
        return _refuse("no_phone", _("You have no phone in the browser."), 422)
    before, over = _leases().holder(me().id), request.form.get("over") == "yes"
    if _leases().take(me().id, tab, over=over) != tab:
        return _refuse("elsewhere", _("Your phone is open on another screen."), 409)
    if before and before != tab:
        _tell_screens(tab)
    return {"seconds": LEASE_SECONDS}


@phone.post("/lease/end")
@allow()
def end_lease() -> ResponseReturnValue:
    _leases().release(me().id, request.form.get("tab", ""))
    return "", 204


@phone.post("/device")
@allow()
def device() -> ResponseReturnValue:
    """Which of the two phones rings from the queues: on the desk, or in the browser."""
    wanted = request.form.get("device", "")
    if wanted not in ("desk", "browser") or (wanted == "browser" and _own_phone() is None):
        return _refuse("no_phone", _("You have no phone in the browser."), 422)
    try:
        actions.set_device(me().id, wanted)
    except ProductError as error:
        return _refused(error)
    return "", 204


@phone.post("/sign")
@allow()
@limiter.limit(SIGNATURES, key_func=_user_key)
def sign() -> ResponseReturnValue:
    own, form = _own_phone(), request.form
    if own is None:
        return _refuse("no_phone", _("You have no phone in the browser."), 422)
    tab = form.get("tab", "")
    # A lease that ran out (a laptop slept, this server was started anew) is taken up again.
    if not _TAB.fullmatch(tab) or _leases().take(me().id, tab, over=False) != tab:
        return _refuse("elsewhere", _("Your phone is open on another screen."), 409)
    challenge = Challenge(
        realm=form.get("realm", ""),
        nonce=form.get("nonce", ""),
        method=form.get("method", ""),
        uri=form.get("uri", ""),
        algorithm=form.get("algorithm", "MD5"),
        qop=form.get("qop", ""),
        cnonce=form.get("cnonce", ""),
        nc=form.get("nc", ""),
    )
    try:
        key = runtime().settings.phone_key
        response = phone_signing.sign(challenge, form.get("username", ""), own, key)
        number = phone_signing.dialled(challenge, own)
        if number:
            _check(phone_dialling.in_normal_form(number, runtime().settings.number_plan))
    except ProductError as error:
        return _refused(error)
    return {"response": response}


@phone.post("/dial")
@allow()
def dial() -> ResponseReturnValue:
    """The number as the PBX takes it, if this user may call it."""
    if Reference.read(request.form.get("number", "")[:64]) is not None:
        # A number that this user may call and not see never comes to the browser.
        return {"number": "", "through_pbx": True}
    try:
        plan = runtime().settings.number_plan
        allowed = _check(phone_dialling.normal_number(request.form.get("number", "")[:64], plan))
    except ProductError as error:
        return _refused(error)
    return {"number": allowed.number, "through_pbx": allowed.through_pbx}


@phone.post("/quality")
@allow()
@limiter.limit(SIGNATURES, key_func=_user_key)
def quality() -> ResponseReturnValue:
    try:
        report = QualityReport.read(request.form)
        store: Any = {"unit_of_work": runtime().unit_of_work, "clock": runtime().clock}
        phone_quality.save_quality(me().id, report, **store)
    except ProductError as error:
        return _refused(error)
    return "", 204


@phone.get("/targets")
@allow()
def targets() -> ResponseReturnValue:
    words = request.args.get("q", "").strip()[:80]
    with reading() as connection:
        people = phone_targets.colleagues(connection, me().id, words)
        queues = phone_targets.queues(connection, words)
    return {
        "people": [
            {
                "name": one.name,
                "extension": one.extension,
                "state": one.state,
                "tone": look(STATES, one.state).tone,
                "icon": look(STATES, one.state).icon,
                "word": str(look(STATES, one.state).word),
            }
            for one in people
        ],
        "queues": [{"name": one.name, "title": one.title or one.name} for one in queues],
    }


def _desk() -> dict[str, Any]:
    """`hand`: whether the PBX does what a desk phone's operator asks for on the screen."""
    return {
        "has_phone": bool(me().endpoint),
        "hand": bool(runtime().settings.ami_originate),
        "extension": me().extension,
    }


def _check(number: str) -> phone_dialling.Dialling:
    store: Any = {"unit_of_work": runtime().unit_of_work, "clock": runtime().clock}
    return phone_dialling.check_dialling(me().id, cast("Any", me().role), number, **store)


def _own_phone() -> WebPhone | None:
    return phone_signing.web_phone(me().endpoint, runtime().settings.phone_url)


def _leases() -> PhoneLeases:
    return cast("PhoneLeases", current_app.extensions["phone_leases"])


def _tell_screens(tab: str) -> None:
    """The screen that had the phone hears at once that it has it no more."""
    payload = {"type": "phone", "tab": tab}
    audience = Audience(users=(me().id,))
    runtime().bus.publish([Message(kind="message", audience=audience, payload=payload)])


def _refused(error: ProductError) -> ResponseReturnValue:
    return _refuse(error.field or "refused", words_of(error), status_of(error))


def _refuse(code: str, words: str, status: int) -> ResponseReturnValue:
    return {"code": code, "message": words}, status
