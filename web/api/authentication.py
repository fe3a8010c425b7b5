"""Bearer tokens: who a request is from. Only the hash of a token is known to the database."""

from __future__ import annotations

import re
from datetime import timedelta

from callcenter.accounts.user import Token, User
from callcenter.queries import users as user_queries
from callcenter.services import accounts
from web.api import limits
from web.api.context import Caller, the_runtime
from web.api.problems import ProblemError

_BEARER = re.compile(r"Bearer +([\x21-\x7e]{8,200})", re.IGNORECASE)
_USE_IS_NOTED_EVERY = timedelta(minutes=1)


def authenticate(header: str) -> Caller:
    """The user behind an Authorization header. A refusal is counted against the address."""
    match = _BEARER.fullmatch(header.strip())
    found = _find(match.group(1)) if match else None
    if found is None:
        limits.count_guess()
        raise _refusal(header)
    user, token = found
    _note_use(token)
    scopes = frozenset(token.scopes)
    return Caller(token.id, user.id, user.role, user.endpoint, scopes, user.role_code)


def _find(secret: str) -> tuple[User, Token] | None:
    with the_runtime().reader() as connection:
        return user_queries.by_token_hash(connection, accounts.token_hash(secret))


def _note_use(token: Token) -> None:
    """Once a minute is exact enough, and keeps reading requests from becoming writes."""
    runtime = the_runtime()
    now = runtime.clock.now()
    if token.last_used_at is not None and now - token.last_used_at < _USE_IS_NOTED_EVERY:
        return
    with runtime.unit_of_work() as uow:
        uow.users.touch_token(token.id, now)
        uow.commit()


def _refusal(header: str) -> ProblemError:
    if not header:
        detail = "Send a token: Authorization: Bearer <token>. `callcenter token issue` makes one."
        challenge = 'Bearer realm="callcenter"'
    else:
        detail = "This token is unknown, revoked, or its user may not log in any more."
        challenge = 'Bearer realm="callcenter", error="invalid_token"'
    return ProblemError(401, "unauthenticated", detail, headers={"WWW-Authenticate": challenge})
