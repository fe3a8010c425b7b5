"""Use case: a short message or a delivery report comes in from the carrier, by web or by file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callcenter.channels.incoming import Incoming
from callcenter.channels.message import printable
from callcenter.channels.sms import LONGEST_SMS
from callcenter.customers.phone import parse_number
from callcenter.errors import Invalid
from callcenter.services.conversation_news import news_of
from callcenter.services.conversations import Room
from callcenter.services.inbound import take_in
from callcenter.services.sending import Outbox, delivered, sms_id

REPORTS = {"delivered": True, "failed": False}


def receive(document: Mapping[str, Any], room: Room, outbox: Outbox, queue: str = "") -> bool:
    """`{"id", "from", "to", "text"}` is a message, `{"id", "status", "reason"}` a report. False:
    we have it already, or it is of no message of ours."""
    if "status" in document:
        ok = REPORTS.get(str(document["status"]))
        if ok is None:
            raise Invalid("status", f"must be one of {', '.join(REPORTS)}")
        return delivered(
            sms_id(_text(document, "id", 120)), ok, _text(document, "reason", 255), outbox
        )
    given = _text(document, "id", 120)
    number = parse_number(_text(document, "from", 80), room.plan, internal_allowed=False)
    text = _text(document, "text", 10 * LONGEST_SMS)
    if not given:
        raise Invalid("id", "every message needs the carrier's id for it")
    if not text.strip():
        raise Invalid("text", "is empty")
    incoming = Incoming(
        channel="sms",
        # A name instead of a number (a bank's, a shop's) stays as it is written.
        address=number.e164 or number.raw.strip().casefold()[:40],
        written_from=number.raw,
        account=room.sms_from,
        at=room.clock.now(),
        text=text,
        external_id=f"sms:in:{given}",
        queue=queue,
        recipients={"to": (_text(document, "to", 80) or room.sms_from,)},
    )
    with room.unit_of_work() as uow:
        taken = take_in(uow, incoming, clock=room.clock, plan=room.plan)
        if taken is None:
            return False
        news = news_of(uow, taken.before, taken.conversation, room.clock, "message")
        uow.commit()
    room.publisher.publish(news)
    return True


def _text(document: Mapping[str, Any], name: str, longest: int) -> str:
    value = document.get(name, "")
    if not isinstance(value, str):
        raise Invalid(name, "must be a text")
    return printable(value)[:longest]
