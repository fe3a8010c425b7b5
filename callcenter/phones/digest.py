"""The answer to a SIP challenge (RFC 2617, RFC 7616; SHA-256 in SIP: RFC 8760).

Computes; decides nothing about who may have it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What was asked, and what the answer is for. Without `qop` the older form (RFC 2069) holds."""

    realm: str
    nonce: str
    method: str
    uri: str
    algorithm: str = "MD5"
    qop: str = ""
    cnonce: str = ""
    nc: str = ""


_HASHES: dict[str, Callable[[bytes], str]] = {
    # MD5 is what SIP speaks; the secret it guards has 256 random bits, so that no list helps.
    "MD5": lambda text: hashlib.md5(text, usedforsecurity=False).hexdigest(),
    "SHA-256": lambda text: hashlib.sha256(text).hexdigest(),
}
ALGORITHMS = tuple(_HASHES)


def digest_response(challenge: Challenge, username: str, password: str) -> str:
    """The `response` of an Authorization header. Raises ValueError for what we do not speak."""
    if challenge.algorithm not in _HASHES:
        raise ValueError(f"algorithm {challenge.algorithm!r}: one of {', '.join(ALGORITHMS)}")
    if challenge.qop not in ("", "auth"):
        raise ValueError(f"qop {challenge.qop!r}: only auth")

    def hashed(*parts: str) -> str:
        return _HASHES[challenge.algorithm](":".join(parts).encode())

    who = hashed(username, challenge.realm, password)
    what = hashed(challenge.method, challenge.uri)
    if not challenge.qop:
        return hashed(who, challenge.nonce, what)
    return hashed(who, challenge.nonce, challenge.nc, challenge.cnonce, challenge.qop, what)
