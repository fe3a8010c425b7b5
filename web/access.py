"""Who may call a view or a socket event. Closed by default: a view that says nothing is refused.

`allow` and `public` write the rule on the function; `guard` (before every request) and the
generated test role x endpoint both read it from there, so that rule and test cannot drift.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from web import doors
from web.context import reading
from web.session import was_here
from web.viewer import the_viewer

Role = Literal["operator", "supervisor", "admin"]
ROLES: tuple[Role, ...] = ("operator", "supervisor", "admin")
EVERYONE: frozenset[str] = frozenset(ROLES)
PUBLIC: frozenset[str] = frozenset({"anonymous", *ROLES})

View = TypeVar("View", bound=Callable[..., Any])

# The programming interface, the chats of visitors and the probes guard themselves (tokens, no
# cookies).
SELF_GUARDED = ("/api/", "/chat/", "/healthz", "/readyz", "/metrics")


def allow(*roles: Role) -> Callable[[View], View]:
    """Let only these roles in; without arguments, whoever is signed in."""

    def mark(view: View) -> View:
        view.__access__ = frozenset(roles) or EVERYONE  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    view.__access__ = PUBLIC  # type: ignore[attr-defined]
    return view


def allowed_roles(view: Callable[..., Any] | None) -> frozenset[str]:
    """The roles that may call it; empty when nobody said, which means nobody."""
    return getattr(view, "__access__", frozenset())


def is_self_guarded(path: str) -> bool:
    return path.startswith(SELF_GUARDED)


def guard() -> ResponseReturnValue | None:
    if request.endpoint is None or is_self_guarded(request.path):
        return None
    allowed = allowed_roles(current_app.view_functions.get(request.endpoint))
    if "anonymous" in allowed:
        return None
    if not current_user.is_authenticated:
        return _to_log_in()
    if current_user.role not in allowed:
        abort(403)
    _check_right(request.endpoint)
    return None


def _check_right(endpoint: str) -> None:
    """What somebody may not see does not exist for them: 404; what they may not do is 403."""
    answer = doors.answer_to(reading, the_viewer(), endpoint, request.view_args or {})
    if answer != "open":
        abort(404 if answer == "missing" else 403)


def _to_log_in() -> ResponseReturnValue:
    """A whole page goes to the log-in; a piece of one tells the browser to leave the page. Either
    comes back to where it was."""
    ended = "yes" if was_here() else None
    if request.headers.get("HX-Request"):
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        here = urlunsplit(("", "", page.path, page.query, "")) or None
        return "", 401, {"HX-Redirect": url_for("login.form", next=here, ended="yes")}
    if request.method != "GET" or request.accept_mimetypes.best == "application/json":
        abort(401)
    here = request.full_path.rstrip("?")
    return redirect(url_for("login.form", next=here, ended=ended))


def init_app(app: Flask) -> None:
    app.before_request(guard)
