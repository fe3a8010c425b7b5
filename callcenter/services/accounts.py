"""Use cases around people who log in: one transaction each, and each leaves a line in the audit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any
from zoneinfo import available_timezones

from callcenter.accounts import passwords
from callcenter.accounts.tokens import SCOPES, USUAL_SCOPES, is_scope, make_token, token_hash
from callcenter.accounts.user import LOCALES, ROLES, User, UserDraft
from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.ports import Clock, UnitOfWork

__all__ = [
    "authenticate",
    "change_password",
    "create_user",
    "end_sessions",
    "issue_token",
    "reset_password",
    "revoke_token",
    "set_preferences",
    "set_user_active",
    "token_hash",
    "update_user",
]

UowFactory = Callable[[], UnitOfWork]
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
_ENDPOINT = re.compile(r"[A-Za-z0-9]{2,10}/[A-Za-z0-9._-]{1,64}")
_EXTENSION = re.compile(r"\d{1,16}")
_CHANGEABLE = frozenset(
    {"display_name", "role", "endpoint", "extension", "locale", "time_zone", "active"}
)
_ENDS_SESSIONS = frozenset({"role", "role_code", "active"})


def authenticate(
    username: str, password: str, *, unit_of_work: UowFactory, clock: Clock
) -> User | None:
    """The user, or None: whether the name or the password was wrong, nobody can tell, not even
    by the time it takes."""
    name = username.strip().lower()
    with unit_of_work() as uow:
        found = uow.users.password_hash(name)
    user, stored = found if found is not None else (None, None)
    if not passwords.is_right(password, stored) or user is None or not user.active:
        return None
    if stored is not None and passwords.is_outdated(stored):
        renewed = passwords.hash_password(password)
        with unit_of_work() as uow:
            uow.users.set_password(user.id, renewed, end_sessions=False)
            _audit(uow, clock, user.id, "password_rehashed", user.id)
            uow.commit()
    return user


def create_user(
    draft: UserDraft,
    password: str,
    *,
    unit_of_work: UowFactory,
    clock: Clock,
    user_id: int | None = None,
) -> int:
    """A new person who may log in; `user_id` is who made them. Returns the new user's id."""
    name = draft.username.strip().lower()
    values = asdict(draft) | {
        "username": name,
        "display_name": draft.display_name.strip() or draft.username.strip(),
    }
    _check_password(password, name, "password")
    hashed = passwords.hash_password(password)
    with unit_of_work() as uow:
        values = _with_role(uow, values)
        _check(values)
        if uow.users.by_username(name) is not None:
            raise Conflict("username", f"there is a user {name} already")
        _check_free(uow, draft.endpoint, None)
        new_id = uow.users.add(UserDraft(**values), hashed, clock.now())
        _audit(
            uow,
            clock,
            user_id,
            "user_created",
            new_id,
            detail={"username": name, "role": draft.role},
        )
        uow.commit()
    return new_id


def update_user(
    target_id: int,
    changes: Mapping[str, Any],
    *,
    unit_of_work: UowFactory,
    clock: Clock,
    user_id: int | None,
) -> None:
    """Change what is named. A new role, or deactivation, ends the person's sessions."""
    unknown = sorted(set(changes) - _CHANGEABLE)
    if unknown:
        raise Invalid(unknown[0], "cannot be changed")
    with unit_of_work() as uow:
        changes = _with_role(uow, changes)
        _check(changes)
        user = _existing(uow, target_id)
        back = changes.get("active") is True and not user.active
        # Somebody who comes back may find their phone with another.
        _check_free(uow, str(changes.get("endpoint", user.endpoint if back else "")), target_id)
        if user_id == target_id and changes.get("active") is False:
            raise Invalid("active", "nobody can deactivate themselves")
        if user_id == target_id and changes.get("role_code", user.role_code) != user.role_code:
            raise Invalid("role", "nobody can change their own role")
        _keep_an_administrator(uow, user, changes)
        uow.users.update(target_id, changes)
        if any(getattr(user, name) != changes[name] for name in _ENDS_SESSIONS & set(changes)):
            uow.users.end_sessions(target_id)
        _audit(uow, clock, user_id, "user_changed", target_id, detail=dict(changes))
        uow.commit()


def set_user_active(
    target_id: int, active: bool, *, unit_of_work: UowFactory, clock: Clock, user_id: int | None
) -> None:
    update_user(
        target_id, {"active": active}, unit_of_work=unit_of_work, clock=clock, user_id=user_id
    )


def set_preferences(
    user_id: int, *, locale: str, time_zone: str, unit_of_work: UowFactory, clock: Clock
) -> None:
    """What people set for themselves."""
    changes = {"locale": locale, "time_zone": time_zone}
    update_user(user_id, changes, unit_of_work=unit_of_work, clock=clock, user_id=user_id)


def change_password(
    user_id: int,
    current: str,
    new: str,
    *,
    revoke_tokens: bool = True,
    unit_of_work: UowFactory,
    clock: Clock,
) -> int:
    """One's own. Ends every session, and the API tokens where asked; returns the new session epoch
    for the one to keep."""
    with unit_of_work() as uow:
        user = _existing(uow, user_id)
        found = uow.users.password_hash(user.username)
    if not passwords.is_right(current, found[1] if found else None):
        raise Invalid("current", "this is not your password")
    _check_password(new, user.username, "new")
    return _store_password(user, new, unit_of_work, clock, user_id, revoke_tokens=revoke_tokens)


def reset_password(
    target_id: int,
    new: str,
    *,
    revoke_tokens: bool = True,
    unit_of_work: UowFactory,
    clock: Clock,
    user_id: int | None,
) -> int:
    """Somebody else's, by an administrator."""
    with unit_of_work() as uow:
        user = _existing(uow, target_id)
    _check_password(new, user.username, "password")
    return _store_password(user, new, unit_of_work, clock, user_id, revoke_tokens=revoke_tokens)


def end_sessions(user_id: int, *, unit_of_work: UowFactory, clock: Clock) -> int:
    """Log out everywhere. Returns the new session epoch."""
    with unit_of_work() as uow:
        _existing(uow, user_id)
        epoch = uow.users.end_sessions(user_id)
        _audit(uow, clock, user_id, "sessions_ended", user_id)
        uow.commit()
    return epoch


def issue_token(
    user_id: int,
    name: str,
    *,
    unit_of_work: UowFactory,
    clock: Clock,
    scopes: tuple[str, ...] = USUAL_SCOPES,
) -> str:
    """A key for a program that acts for this user. The secret is returned this once."""
    title = name.strip()[:80]
    if not title:
        raise Invalid("name", "say what the token is for")
    for scope in scopes:
        if not is_scope(scope):
            known = f"{', '.join(SCOPES)}, or one resource's such as customers:read"
            raise Invalid("scopes", f"{scope} is unknown; known are {known}")
    token = make_token()
    with unit_of_work() as uow:
        if not _existing(uow, user_id).active:
            raise Invalid("user", "this user may not log in any more")
        token_id = uow.users.add_token(
            user_id,
            name=title,
            prefix=token.prefix,
            token_hash=token.token_hash,
            scopes=scopes or USUAL_SCOPES,
            at=clock.now(),
        )
        _audit(uow, clock, user_id, "token_issued", token_id, detail={"name": title}, kind="token")
        uow.commit()
    return token.secret


def revoke_token(token_id: int, *, user_id: int, unit_of_work: UowFactory, clock: Clock) -> None:
    """From now on it opens nothing. One's own, or anyone's for an administrator."""
    with unit_of_work() as uow:
        token, actor = uow.users.get_token(token_id), _existing(uow, user_id)
        if token is None or (token.user_id != user_id and actor.role != "admin"):
            raise NotFound("token", f"there is no token {token_id}")
        if uow.users.revoke_token(token_id, clock.now()):
            _audit(uow, clock, user_id, "token_revoked", token_id, kind="token")
        uow.commit()


def _store_password(
    user: User,
    new: str,
    unit_of_work: UowFactory,
    clock: Clock,
    actor_id: int | None,
    *,
    revoke_tokens: bool,
) -> int:
    hashed = passwords.hash_password(new)
    with unit_of_work() as uow:
        uow.users.set_password(user.id, hashed, end_sessions=False)
        epoch = uow.users.end_sessions(user.id)
        revoked = uow.users.revoke_tokens(user.id, clock.now()) if revoke_tokens else []
        told = {"tokens_revoked": revoked}
        _audit(uow, clock, actor_id, "password_changed", user.id, detail=told)
        for token_id in revoked:
            _audit(uow, clock, actor_id, "token_revoked", token_id, kind="token")
        uow.commit()
    return epoch


def _existing(uow: UnitOfWork, user_id: int) -> User:
    user = uow.users.get(user_id)
    if user is None:
        raise NotFound("user", f"there is no user {user_id}")
    return user


def _with_role(uow: UnitOfWork, values: Mapping[str, Any]) -> dict[str, Any]:
    """`role` may name any role: `role_code` is that one, `role` the built-in one under it."""
    if "role" not in values:
        return dict(values)
    code = values.get("role_code") or values["role"]
    found = uow.rights.role(code)
    if found is None:
        known = ", ".join(one.code for one in uow.rights.roles())
        raise Invalid("role", f"is not accepted; it must be: {known}")
    return {**values, "role": found.base, "role_code": found.code}


def _keep_an_administrator(uow: UnitOfWork, user: User, changes: Mapping[str, Any]) -> None:
    """Somebody must be able to put right whatever roles do: by the built-in role alone."""
    after = {"role_code": user.role_code, "active": user.active, **changes}
    was = user.active and user.role_code == "admin"
    is_still = after["active"] and after["role_code"] == "admin"
    if was and not is_still and not uow.rights.other_administrators(user.id):
        field = "role" if after["role_code"] != "admin" else "active"
        raise Invalid(field, "somebody must stay an administrator")


def _check_password(password: str, username: str, field: str) -> None:
    weakness = passwords.weakness(password, username)
    if weakness:
        raise Invalid(field, weakness)


def _check_free(uow: UnitOfWork, endpoint: str, own_id: int | None) -> None:
    holder = uow.users.endpoint_map().get(endpoint) if endpoint else None
    if holder is not None and holder != own_id:
        raise Conflict("endpoint", f"{endpoint} is another user's phone")


def _check(values: Mapping[str, Any]) -> None:
    """Every value that is there must be one that is accepted."""
    rules: tuple[tuple[str, Callable[[str], object], str], ...] = (
        ("username", _USERNAME.fullmatch, "2 to 64 of a-z, 0-9, dot, dash, underscore"),
        ("display_name", lambda text: 0 < len(text.strip()) <= 120, "1 to 120 characters"),
        ("role", lambda text: text in ROLES, ", ".join(ROLES)),
        ("endpoint", lambda t: not t or _ENDPOINT.fullmatch(t), "a device such as PJSIP/1001"),
        ("extension", lambda text: not text or _EXTENSION.fullmatch(text), "digits"),
        ("locale", lambda text: text in LOCALES, ", ".join(LOCALES)),
        ("time_zone", lambda text: text in available_timezones(), "such as Europe/Warsaw"),
    )
    for field, accepts, form in rules:
        if field in values and not accepts(values[field]):
            raise Invalid(field, f"is not accepted; it must be: {form}")


def _audit(
    uow: UnitOfWork,
    clock: Clock,
    actor_id: int | None,
    action: str,
    object_id: int,
    *,
    detail: Mapping[str, Any] | None = None,
    kind: str = "user",
) -> None:
    uow.audit.record(
        user_id=actor_id,
        action=action,
        object_type=kind,
        object_id=str(object_id),
        at=clock.now(),
        detail=detail,
    )
