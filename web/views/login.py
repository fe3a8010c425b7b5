"""Logging in and out, and the language of whoever is not logged in yet."""

from __future__ import annotations

from urllib.parse import urlsplit

import structlog
from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from web import actions
from web.access import allow, public
from web.context import me
from web.i18n import LOCALE_COOKIE, LOCALES
from web.limits import limiter, name_tried, per_address, per_name
from web.session import close_session, open_session, session_user

log = structlog.get_logger(__name__)
login = Blueprint("login", __name__)


@login.get("/")
@public
def home() -> ResponseReturnValue:
    return redirect(url_for("desk.page"))


@login.get("/login")
@public
def form() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(_safe(request.args.get("next", "")))
    return _page()


@login.post("/login")
@public
@limiter.limit(per_address)
@limiter.limit(per_name, key_func=name_tried)
def enter() -> ResponseReturnValue:
    username = request.form.get("username", "").strip()
    user = actions.authenticate(username, request.form.get("password", ""))
    if user is None:
        log.warning("login.refused", username=username[:64], address=request.remote_addr)
        return _page(_("The user name or the password is wrong."), username), 401
    open_session(session_user(user))
    actions.begin_work(user.id)
    log.info("login.done", user_id=user.id, address=request.remote_addr)
    return redirect(_safe(request.form.get("next", "")))


@login.post("/logout")
@allow()
def leave() -> ResponseReturnValue:
    actions.end_work(me().id)
    close_session()
    actions.sessions_changed()
    return redirect(url_for("login.form"))


@login.get("/session")
@public
def state() -> ResponseReturnValue:
    """For the page's script, when its socket was closed: is somebody still signed in here?"""
    return ("", 204) if current_user.is_authenticated else ("", 401)


@login.get("/language/<code>")
@public
def language(code: str) -> ResponseReturnValue:
    if code not in LOCALES:
        abort(404)
    answer = make_response(redirect(url_for("login.form")))
    answer.set_cookie(LOCALE_COOKIE, code, max_age=31536000, httponly=True, samesite="Lax")
    return answer


def _page(problem: str = "", username: str = "") -> str:
    wanted = request.values.get("next", "")
    ended = bool(request.args.get("ended"))
    return render_template(
        "login.html", problem=problem, username=username, next=wanted, ended=ended
    )


def _safe(target: str) -> str:
    """Only a path of ours: a log-in must not become a way to somebody else's page."""
    parts = urlsplit(target)
    ours = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if ours and not parts.scheme and not parts.netloc else url_for("desk.page")
