"""Where the carrier of short messages brings what came in, and what became of what went out.

Open to the world, so every request is signed with the secret of SMS_URL; one that is not is told
nothing. Told twice, a message stays one.
"""

from __future__ import annotations

import hashlib
import hmac
import json

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from callcenter.errors import ProductError
from callcenter.rooms import outbox_of, room_of
from callcenter.services import texting
from web.access import public
from web.context import runtime
from web.errors import status_of

sms_gateway = Blueprint("sms_gateway", __name__, url_prefix="/api/gateway")
_LARGEST = 64 * 1024


@sms_gateway.post("/sms")
@public
def receive() -> ResponseReturnValue:
    carrier = runtime().settings.sms
    if carrier is None or not carrier.secret:
        return {"message": "no carrier is set up"}, 404
    body = request.get_data(cache=False)[: _LARGEST + 1]
    expected = "sha256=" + hmac.new(carrier.secret.encode(), body, hashlib.sha256).hexdigest()
    told = request.headers.get("X-Signature", "").encode("latin-1", "replace")
    if not hmac.compare_digest(expected.encode(), told):
        return {"message": "the signature does not fit"}, 403
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    if len(body) > _LARGEST or not isinstance(document, dict):
        return {"message": "send one JSON object of at most 64 KB"}, 422
    room = room_of(runtime())
    try:
        new = texting.receive(document, room, outbox_of(runtime()), carrier.queue)
    except ProductError as error:
        return {"field": error.field, "message": error.message}, status_of(error)
    return {"new": new}, 200
