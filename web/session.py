"""Who is signed in. Flask-Login on a signed cookie, made revocable.

The cookie names the user, the user's `session_epoch` and a random session id made at log-in.
Log-out revokes that id; "log out everywhere" (and a new password, or a deactivated user) raises
the epoch, so that every older cookie and every socket of theirs is worth nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Flask, Response, after_this_request, current_app, request, session
from flask_login import LoginManager, UserMixin, login_user, logout_user

from callcenter.queries import users as user_queries
from callcenter.runtime import Runtime
from web.revocation import RevokedSessions

IDLE = timedelta(hours=12)
LONGEST = timedelta(hours=24)
_RENEWED_AFTER = timedelta(minutes=10)
_SESSION_ID, _EPOCH, _SINCE, _RENEWED = "sid", "epoch", "since", "renewed"
_WAS_HERE, _REMEMBERED = "callcenter-was-here", timedelta(days=30)
"""A cookie that opens nothing: somebody logged in here and did not log out."""


@dataclass(frozen=True, slots=True, eq=False)
class SessionUser(UserMixin):  # type: ignore[misc]
    """What views and templates may know about the signed-in user."""

    id: int
    username: str
    display_name: str
    role: str
    locale: str
    time_zone: str
    endpoint: str
    extension: str
    session_epoch: int
    role_code: str = ""
    """The role itself; `role` is the built-in one that it is made from."""

    @property
    def zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")

    @property
    def is_supervisor(self) -> bool:
        return self.role in ("supervisor", "admin")


@dataclass(frozen=True, slots=True)
class OpenSession:
    """What a socket that outlives its request keeps of the session it was opened in. `since`: the
    log-in, seconds since 1970."""

    sid: str
    since: float
    epoch: int

    def has_ended(self, row: Any, now: datetime, revoked: RevokedSessions) -> bool:
        """`row`: its user as they are now, None where there is none. Rights are not looked at."""
        return (
            row is None
            or not row.active
            or row.session_epoch != self.epoch
            or _is_too_long(self.since, now)
            or revoked.is_revoked(self.sid)
        )


def session_user(row: Any) -> SessionUser:
    return SessionUser(
        id=row.id,
        username=row.username,
        display_name=row.display_name,
        role=row.role,
        locale=row.locale,
        time_zone=row.time_zone,
        endpoint=row.endpoint,
        extension=row.extension,
        session_epoch=row.session_epoch,
        role_code=row.role_code,
    )


def open_session(user: SessionUser) -> None:
    """Start anew: nothing that was in the cookie before log-in survives it (ASVS 7.2.4)."""
    session.clear()
    session.permanent = True
    session[_SESSION_ID] = secrets.token_urlsafe(16)
    session[_EPOCH] = user.session_epoch
    session[_SINCE] = session[_RENEWED] = _runtime().clock.now().timestamp()
    login_user(user)
    after_this_request(_remember)


def close_session() -> str:
    """End this session for good: the cookie stays refused even when replayed. Returns its id."""
    sid = str(session.get(_SESSION_ID, ""))
    if sid:
        _revoked().revoke(sid, LONGEST)
    logout_user()
    session.clear()
    after_this_request(_forget)
    return sid


def was_here() -> bool:
    """Whether a session of this browser ended otherwise than by logging out."""
    return _WAS_HERE in request.cookies


def current_session_id() -> str:
    return str(session.get(_SESSION_ID, ""))


def current_session() -> OpenSession:
    """Of whoever is signed in."""
    return OpenSession(current_session_id(), session.get(_SINCE, 0.0), session.get(_EPOCH, -1))


def is_revoked(sid: str) -> bool:
    return _revoked().is_revoked(sid)


def keep_session(epoch: int) -> None:
    """After the user raised their own epoch, let this one session live on."""
    session[_EPOCH] = epoch


def load_user(raw_id: str) -> SessionUser | None:
    sid, since = current_session_id(), session.get(_SINCE)
    if not (raw_id.isdecimal() and sid and isinstance(since, float)):
        return None
    if _is_too_long(since, _runtime().clock.now()) or is_revoked(sid):
        return None
    with _runtime().reader() as connection:
        row = user_queries.by_id(connection, int(raw_id))
    if row is None or not row.active or row.session_epoch != session.get(_EPOCH):
        return None
    _renew()
    return session_user(row)


def _is_too_long(since: float, now: datetime) -> bool:
    return now.timestamp() - since > LONGEST.total_seconds()


def _remember(answer: Response) -> Response:
    answer.set_cookie(
        _WAS_HERE,
        "1",
        max_age=_REMEMBERED,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer


def _forget(answer: Response) -> Response:
    answer.delete_cookie(_WAS_HERE)
    return answer


def _renew() -> None:
    """The cookie is written anew now and then, not with every answer: of two answers under way at
    once the later would put back what the other took out of it (a message shown already)."""
    renewed, now = session.get(_RENEWED, 0.0), _runtime().clock.now().timestamp()
    if now - renewed > _RENEWED_AFTER.total_seconds():
        session[_RENEWED] = now


def _runtime() -> Runtime:
    return cast("Runtime", current_app.extensions["callcenter"])


def _revoked() -> RevokedSessions:
    return cast("RevokedSessions", current_app.extensions["revoked_sessions"])


def init_app(app: Flask, revoked: RevokedSessions, *, secure: bool) -> None:
    app.extensions["revoked_sessions"] = revoked
    app.config.update(
        SESSION_COOKIE_NAME="__Host-callcenter" if secure else "callcenter",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=IDLE,
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    manager = LoginManager()
    manager.session_protection = None  # it ties cookies to address and browser: offices roam
    manager.user_loader(load_user)
    manager.init_app(app)
