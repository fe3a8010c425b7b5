"""API tokens: random, recognisable by their prefix, kept only as a hash. Pure."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

SCOPES = ("read", "write", "ledger")
USUAL_SCOPES = ("read", "write")
"""What a token gets that names none: `ledger` is for forwarders alone, and must be asked for."""
_NARROW = re.compile(r"[a-z][a-z-]{1,30}:(read|write)")
_BRAND = "ccrm"
_PREFIX_LENGTH = 12


def is_scope(text: str) -> bool:
    """`read`: everything may be read; `customers:read`: of that resource of the API only."""
    return text in SCOPES or bool(_NARROW.fullmatch(text))


@dataclass(frozen=True, slots=True)
class NewToken:
    """`secret` is shown once; `prefix` tells tokens apart in lists and logs."""

    secret: str
    prefix: str
    token_hash: str


def make_token() -> NewToken:
    secret = f"{_BRAND}_{secrets.token_urlsafe(32)}"
    return NewToken(secret, secret[:_PREFIX_LENGTH], token_hash(secret))


def token_hash(secret: str) -> str:
    """A fast hash is right here: the secret is 256 random bits, nobody guesses it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
