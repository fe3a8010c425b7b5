"""The link by which somebody answers: it says nothing of them, and only we can make one."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from typing import Final

_RANDOM_BYTES: Final = 12
_SIGNED: Final = 16
_FORM: Final = re.compile(r"([A-Za-z0-9_-]{16})([A-Za-z0-9_-]{16})")
_SALT: Final = b"survey-link"
_SENT: Final = re.compile(r"/survey/[A-Za-z0-9_-]{32}(?![A-Za-z0-9_-])")
_GONE: Final = "/survey/…"


def new_token(secret_key: str) -> str:
    """Short enough for one text message: 96 random bits, and as many of our signature."""
    drawn = secrets.token_urlsafe(_RANDOM_BYTES)
    return drawn + _signature(drawn, secret_key)


def is_ours(token: str, secret_key: str) -> bool:
    """Before anything is looked up: what we did not sign costs no read."""
    match = _FORM.fullmatch(token)
    return match is not None and hmac.compare_digest(match[2], _signature(match[1], secret_key))


def digest(token: str) -> str:
    """What is kept of it: nobody who reads the table can answer for others."""
    return hashlib.sha256(token.encode()).hexdigest()


def _signature(drawn: str, secret_key: str) -> str:
    mac = hmac.new(secret_key.encode(), _SALT + drawn.encode(), hashlib.sha256).digest()
    return _urlsafe(mac)[:_SIGNED]


def _urlsafe(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def without_token(text: str) -> str:
    """What is kept of a message that went out: a colleague who reads it cannot answer by it."""
    return _SENT.sub(_GONE, text)


def has_lost_token(text: str) -> bool:
    return _GONE in text
