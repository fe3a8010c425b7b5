"""What tests of conversations share: rooms over a store, messages coming in, a disk in memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from callcenter.channels.incoming import Incoming
from callcenter.customers.phone import NumberPlan
from callcenter.services.conversations import Room
from callcenter.services.inbound import TakenIn, take_in
from callcenter.services.mail import MailRoom
from callcenter.services.sending import Outbox
from tests.support.store import Store

PLAN = NumberPlan(region="PL")
KEY = "a key of tests"
OURS = "desk@example.com"


@dataclass
class Shelf:
    """A disk in memory."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def keep(self, content: bytes) -> tuple[str, int, str]:
        digest = hashlib.sha256(content).hexdigest()
        self.kept[digest[:16]] = content
        return digest[:16], len(content), digest

    def fetch(self, stored_as: str) -> bytes:
        return self.kept[stored_as]


def room_of(store: Store) -> Room:
    return Room(
        unit_of_work=store.unit_of_work,
        publisher=store.publisher,
        clock=store.clock,
        key=KEY,
        plan=PLAN,
        mail_from=OURS,
        sms_from="+48221000001",
    )


def mail_room_of(store: Store, shelf: Shelf | None = None) -> MailRoom:
    return MailRoom(
        unit_of_work=store.unit_of_work,
        publisher=store.publisher,
        clock=store.clock,
        key=KEY,
        plan=PLAN,
        files=shelf or Shelf(),
        queue="support",
    )


def outbox_of(store: Store, shelf: Shelf | None = None) -> Outbox:
    return Outbox(
        unit_of_work=store.unit_of_work,
        publisher=store.publisher,
        clock=store.clock,
        files=shelf or Shelf(),
    )


def incoming(store: Store, **changes: Any) -> Incoming:
    values: dict[str, Any] = {
        "channel": "email",
        "address": "maria@example.org",
        "account": OURS,
        "at": store.clock.now(),
        "text": "Where is my order?",
        "external_id": "<1@example.org>",
        "queue": "support",
        "subject": "Order 1182",
        "thread_key": "<1@example.org>",
    }
    return Incoming(**(values | changes))


def arrive(store: Store, **changes: Any) -> TakenIn | None:
    with store.unit_of_work() as uow:
        taken = take_in(uow, incoming(store, **changes), clock=store.clock, plan=PLAN)
        uow.commit()
    return taken
