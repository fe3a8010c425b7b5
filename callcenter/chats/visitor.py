"""Who writes from a widget, as far as they say; and the token that only their browser has. Pure.

The token is random with our mark on it, so that a forged one costs no look into the database. What
is stored of it is a hash: whoever reads the database can continue nobody's chat.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from callcenter.channels.addresses import is_address
from callcenter.channels.message import printable
from callcenter.errors import Invalid

LONGEST_TEXT: Final = 4_000
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32}\.[0-9a-f]{32}")
_CLIENT_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_NUMBER: Final = re.compile(r"[+0-9 ()./-]{5,40}")
_PAGE: Final = re.compile(r"https?://[^\s\"'<>]{1,290}")
_LOCALES: Final = ("en", "pl", "ru")
Facts = Mapping[str, Any]


def new_token(secret: str, widget_key: str) -> str:
    chance = secrets.token_urlsafe(24)
    return f"{chance}.{_mark(secret, widget_key, chance)}"


def is_token(token: str, secret: str, widget_key: str) -> bool:
    if not _TOKEN.fullmatch(token):
        return False
    chance, _dot, mark = token.partition(".")
    return hmac.compare_digest(mark, _mark(secret, widget_key, chance))


def visitor_key(token: str, widget_key: str) -> str:
    """What the database knows a visitor by."""
    return hashlib.sha256(f"{widget_key} {token}".encode()).hexdigest()


def message_id(visitor: str, client_id: str) -> str:
    """A message sent twice under one id of the browser's is one message."""
    if not is_client_id(client_id):
        raise Invalid("client_id", "must be 8 to 64 letters, digits, - or _")
    return f"chat:{visitor[:32]}:{client_id}"


def is_client_id(text: str) -> bool:
    return bool(_CLIENT_ID.fullmatch(text))


def message_text(text: str) -> str:
    clean = printable(text)
    if not clean.strip():
        raise Invalid("text", "write something first")
    if len(clean) > LONGEST_TEXT:
        raise Invalid("text", f"must have at most {LONGEST_TEXT} characters")
    return clean.strip()


def facts_of(told: Mapping[str, Any]) -> dict[str, str]:
    """What a visitor says of themselves; only what was said, and nothing but text."""
    found = {
        "name": _line(told.get("name"), 80),
        "email": _line(told.get("email"), 160),
        "phone": _line(told.get("phone"), 40),
        "page": _line(told.get("page"), 300),
        "locale": _line(told.get("locale"), 8),
    }
    if found["email"] and not is_address(found["email"]):
        raise Invalid("email", "is not an e-mail address")
    if found["phone"] and not _NUMBER.fullmatch(found["phone"]):
        raise Invalid("phone", "is not a telephone number we can read")
    if not _PAGE.fullmatch(found["page"]):
        found["page"] = ""
    if found["locale"] not in _LOCALES:
        found["locale"] = ""
    return {name: value for name, value in found.items() if value}


def name_of(facts: Facts, visitor: str) -> str:
    """What operators call them: what they said, else a word that tells two of them apart."""
    for name in ("name", "email", "phone"):
        if facts.get(name):
            return str(facts[name])
    return f"#{visitor[:4]}"


def can_be_reached(facts: Facts) -> bool:
    return bool(facts.get("email") or facts.get("phone"))


def _line(value: object, longest: int) -> str:
    text = value if isinstance(value, str) else ""
    plain = "".join(
        " " if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp") else one for one in text
    )
    return " ".join(plain.split())[:longest]


def _mark(secret: str, widget_key: str, chance: str) -> str:
    told = f"chat visitor {widget_key} {chance}".encode()
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()[:32]
