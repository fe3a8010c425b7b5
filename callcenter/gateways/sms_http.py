"""Hands short messages to a carrier over HTTP: a JSON document by POST, signed.

`{"reference", "from", "to", "text"}` with `Authorization: Bearer SECRET` and
`X-Signature: sha256=HMAC(SECRET, body)`; the answer is `{"id": …}`.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import ssl
from urllib.parse import urlsplit

from callcenter.channels.mail import SendFailed
from callcenter.settings_channels import SmsAddress

_SECONDS = 15.0
_TOO_MANY, _SLOW, _REDIRECT, _CLIENT_FAULT, _SERVER_FAULT = 429, 408, 300, 400, 500
_LARGEST_ANSWER = 64 * 1024


class HttpSms:
    def __init__(self, carrier: SmsAddress, number: str, seconds: float = _SECONDS) -> None:
        self._carrier = carrier
        self._number = number
        self._seconds = seconds

    def send(self, reference: str, to: str, text: str) -> str:
        document = {"reference": reference, "from": self._number, "to": to, "text": text}
        body = json.dumps(document).encode()
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self._carrier.secret}",
            "X-Signature": signature(self._carrier.secret, body),
            "Idempotency-Key": reference,
        }
        try:
            status, answer = self._post(headers, body)
        except (OSError, http.client.HTTPException) as error:
            words = f"the carrier is away ({type(error).__name__})"
            raise SendFailed(words, lasting=False) from error
        if status >= _REDIRECT:  # which is not followed
            fault = _CLIENT_FAULT <= status < _SERVER_FAULT and status not in (_TOO_MANY, _SLOW)
            raise SendFailed(f"the carrier answered {status}", lasting=fault)
        return _id_in(answer)

    def _post(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        parts = urlsplit(self._carrier.url)
        made = (
            http.client.HTTPSConnection(
                parts.hostname or "",
                parts.port,
                timeout=self._seconds,
                context=ssl.create_default_context(),
            )
            if parts.scheme == "https"
            else http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=self._seconds)
        )
        try:
            made.request("POST", parts.path or "/", body, headers)
            answer = made.getresponse()
            return answer.status, answer.read(_LARGEST_ANSWER)
        finally:
            made.close()


def signature(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _id_in(answer: bytes) -> str:
    try:
        found = json.loads(answer)
    except ValueError:
        return ""
    given = found.get("id", "") if isinstance(found, dict) else ""
    return str(given)[:120]
