"""Passwords: hashed with argon2id, checked in the same time whether or not the user exists.

The only place that knows the hashing library. Parameters follow RFC 9106's second choice.
"""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=2)


@cache
def _nobody() -> str:
    """A hash of nobody's password, to spend the same time on an unknown name."""
    return _hasher().hash("nobody's password")


def hash_password(password: str) -> str:
    return _hasher().hash(password)


def is_right(password: str, stored: str | None) -> bool:
    """Whether it is the password; with `stored` None, False after the same work."""
    try:
        right = _hasher().verify(stored or _nobody(), password[: LONGEST * 4])
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


def is_outdated(stored: str) -> bool:
    """Hashed with weaker parameters than today's: hash anew at the next log-in."""
    return _hasher().check_needs_rehash(stored)


def weakness(password: str, username: str) -> str:
    """'' or what is wrong with it, in words."""
    if len(password) < SHORTEST:
        return f"must have at least {SHORTEST} characters"
    if len(password) > LONGEST:
        return f"must have at most {LONGEST} characters"
    if len(set(password)) < 5:
        return "must not repeat the same few characters"
    if username.casefold() in password.casefold():
        return "must not contain the user name"
    return ""
