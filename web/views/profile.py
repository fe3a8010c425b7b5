"""What a user sets for themselves: language, time zone, theme, password, sessions, API tokens."""

from __future__ import annotations

from datetime import timedelta

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from callcenter.accounts.tokens import USUAL_SCOPES
from callcenter.errors import ProductError
from callcenter.queries import surveys
from callcenter.queries import users as user_queries
from callcenter.queries.surveys import AnswerFilters
from web import actions, api
from web.access import allow
from web.context import me, reading, runtime
from web.i18n import LOCALES
from web.service_words import words_of
from web.session import keep_session
from web.theme import COOKIE, THEMES
from web.viewer import the_viewer
from web.zones import ZONES

profile = Blueprint("profile", __name__, url_prefix="/profile")


@profile.get("")
@allow()
def page() -> str:
    return _page()


@profile.post("")
@allow()
def save() -> ResponseReturnValue:
    locale, zone = request.form.get("locale", ""), request.form.get("time_zone", "")
    theme = request.form.get("theme", "system")
    if locale not in LOCALES or zone not in ZONES or theme not in THEMES:
        abort(400)
    actions.set_preferences(me().id, locale, zone)
    with force_locale(locale):  # what is said of the change is said in the language chosen
        flash(_("Saved."))
    answer = make_response(redirect(url_for("profile.page")))
    answer.set_cookie(COOKIE, theme, max_age=31536000, httponly=True, samesite="Lax")
    if request.headers.get("HX-Request"):  # the frame around the page speaks the new language too
        answer = make_response("", 204)
        answer.headers["HX-Redirect"] = url_for("profile.page")
        answer.set_cookie(COOKIE, theme, max_age=31536000, httponly=True, samesite="Lax")
    return answer


@profile.post("/password")
@allow()
def password() -> ResponseReturnValue:
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _page(_("The two new passwords differ."), "again"), 422
    tokens = request.form.get("tokens") == "revoke"
    try:
        epoch = actions.change_password(
            me().id, request.form.get("current", ""), new, revoke_tokens=tokens
        )
    except ProductError as error:
        return _page(words_of(error), error.field or "current"), 422
    keep_session(epoch)
    actions.sessions_changed()
    flash(_("Your password is changed; every other session of yours has ended."))
    return _reload()


@profile.post("/sessions")
@allow()
def end_sessions() -> ResponseReturnValue:
    """Log out everywhere else; this browser stays."""
    keep_session(actions.end_sessions(me().id))
    actions.sessions_changed()
    flash(_("You are logged out everywhere but here."))
    return _reload()


@profile.post("/tokens")
@allow()
def issue_token() -> ResponseReturnValue:
    name = request.form.get("name", "").strip()[:80]
    if not name:
        return _page(
            _("Give the token a name, so that you can tell later what uses it."), "name"
        ), 422
    try:
        scopes = tuple(request.form.get("scope", "").split()[:4])
        secret = actions.issue_token(me().id, name, scopes or USUAL_SCOPES)
    except ProductError as error:
        return _page(words_of(error), "name"), 422
    return _page(secret=secret)


@profile.post("/tokens/<int:token_id>/revoke")
@allow()
def revoke_token(token_id: int) -> ResponseReturnValue:
    actions.revoke_token(token_id, me().id)
    flash(_("The token no longer works."))
    return redirect(url_for("profile.page"))


def _reload() -> ResponseReturnValue:
    """A whole new page: the socket of the old one was closed with its session."""
    if request.headers.get("HX-Request"):
        return "", 204, {"HX-Redirect": url_for("profile.page")}
    return redirect(url_for("profile.page"))


def _said_lately() -> AnswerFilters:
    since = runtime().clock.now() - timedelta(days=30)
    return AnswerFilters(operator_id=me().id, since=since, viewer=the_viewer())


def _page(problem: str = "", field: str = "", secret: str = "") -> str:
    with reading() as connection:
        tokens = user_queries.tokens(connection, me().id)
        said = surveys.figures(connection, _said_lately())
    return render_template(
        "profile/page.html",
        tokens=tokens,
        said=said,
        problem=problem,
        field=field,
        secret=secret,
        zones=ZONES,
        API_AREAS=api.AREAS,
    )
