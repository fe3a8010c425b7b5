"""Use case: answer a SIP challenge for a user's own browser phone, and for nothing else.

The name that is signed for is never taken from the request: it is the user's own endpoint. What may
be signed is what a phone must: to register, and to call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from callcenter.accounts.user import endpoints_of
from callcenter.errors import Forbidden, Invalid
from callcenter.phones.digest import ALGORITHMS, Challenge, digest_response
from callcenter.phones.secrets import REALM, web_secret

_TOKEN = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,512}")
_COUNT = re.compile(r"[0-9a-f]{8}")
_DIALLED = re.compile(r"[0-9*#+]{1,32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPhone:
    """A user's phone in the browser: its name at the PBX, and the domain it writes in addresses."""

    name: str
    domain: str


def web_phone(endpoint: str, phone_url: str) -> WebPhone | None:
    """None for who has no phone, or one of another kind than PJSIP, and where there are none."""
    devices = endpoints_of(endpoint)
    host = urlsplit(phone_url).hostname
    if not devices or not host or not devices[1].startswith("PJSIP/"):
        return None
    return WebPhone(name=devices[1].removeprefix("PJSIP/"), domain=host)


def dialled(challenge: Challenge, phone: WebPhone) -> str:
    """What the request calls ('' for a registration). Raises Forbidden for any other request."""
    whom, at, where = challenge.uri.removeprefix("sip:").rpartition("@")
    if not challenge.uri.startswith("sip:") or where.partition(":")[0] != phone.domain:
        raise Forbidden("uri", "is not an address of this PBX")
    if challenge.method == "REGISTER" and not at:
        return ""
    if challenge.method == "INVITE" and _DIALLED.fullmatch(whom):
        return whom
    raise Forbidden("method", "this is nothing that a phone of ours asks for")


def sign(challenge: Challenge, username: str, phone: WebPhone, phone_key: str) -> str:
    """The response. `username` is whom the request names: it must be the phone's own name."""
    if username != phone.name:
        raise Forbidden("username", "is another phone")
    if challenge.realm != REALM:
        raise Forbidden("realm", "is not the PBX's")
    dialled(challenge, phone)
    if challenge.algorithm not in ALGORITHMS or challenge.qop not in ("", "auth"):
        raise Invalid("algorithm", "is not one that phones speak")
    whole = not challenge.qop or (
        _TOKEN.fullmatch(challenge.cnonce) and _COUNT.fullmatch(challenge.nc)
    )
    if not whole or not _TOKEN.fullmatch(challenge.nonce):
        raise Invalid("nonce", "is no challenge")
    return digest_response(challenge, phone.name, web_secret(phone_key, phone.name))
