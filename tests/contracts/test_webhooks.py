"""The outbox: told in the transaction that did it, delivered until it arrives, once per event."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from callcenter.channels.incoming import Incoming
from callcenter.customers.phone import NumberPlan
from callcenter.errors import Invalid, NotFound
from callcenter.queries import webhooks as webhook_queries
from callcenter.services import call_outbox, inbound, webhooks
from callcenter.services.call_rows import write_calls
from callcenter.webhooks import retry
from callcenter.webhooks.webhook import Answer, Delivery
from tests.support.store import Store, call


@dataclass
class Receiver:
    """The other system: answers what it is told to, and keeps what it got."""

    status: int = 200
    got: list[tuple[Mapping[str, str], dict[str, Any]]] = field(default_factory=list)

    def send(self, _url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.got.append((headers, json.loads(body)))
        return Answer(self.status)


class Desk:
    def __init__(self, store: Store) -> None:
        self.store, self.receiver = store, Receiver()
        self.webhook, self.secret = webhooks.create_webhook(
            "Warehouse", "https://example.com/hook", ["customer.*"], user_id=None, **self.with_()
        )

    def with_(self) -> dict[str, Any]:
        return {"unit_of_work": self.store.unit_of_work, "clock": self.store.clock}

    def tell(self, event: str = "customer.created", object_id: int = 1, **payload: Any) -> None:
        with self.store.unit_of_work() as uow:
            uow.outbox.tell(event, "customer", object_id, payload, self.store.clock.now())
            uow.commit()

    def deliver(self) -> int:
        return webhooks.deliver_due(self.receiver, **self.with_())

    def log(self) -> list[Delivery]:
        with self.store.engine.connect() as connection:
            return list(webhook_queries.log(connection, self.webhook, None, 50).items)


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def test_what_was_told_arrives_signed_and_is_logged(desk: Desk) -> None:
    desk.tell(name="Anna")
    assert desk.deliver() == 1
    ((headers, body),) = desk.receiver.got
    assert body["type"] == "customer.created"
    assert body["data"] == {"name": "Anna"}
    assert headers["webhook-signature"].startswith("v1,")
    (logged,) = desk.log()
    assert (logged.state, logged.attempts, logged.last_status) == ("done", 1, 200)
    assert logged.message_id == headers["webhook-id"]
    assert desk.deliver() == 0


def test_nothing_is_told_of_what_was_rolled_back_or_not_asked_for(desk: Desk) -> None:
    with desk.store.unit_of_work() as uow:
        uow.outbox.tell("customer.created", "customer", 1, {}, desk.store.clock.now())
    desk.tell("deal.created")
    assert desk.deliver() == 0


def test_a_failed_delivery_is_tried_again_under_the_same_id_until_it_is_given_up(
    desk: Desk,
) -> None:
    desk.tell()
    desk.receiver.status = 500
    for _ in range(retry.MOST_ATTEMPTS):
        assert desk.deliver() == 1
        assert desk.deliver() == 0  # not before its time
        desk.store.clock.pass_by(100_000)
    assert desk.deliver() == 0
    assert len({headers["webhook-id"] for headers, _ in desk.receiver.got}) == 1
    (logged,) = desk.log()
    assert (logged.state, logged.last_status) == ("failed", 500)


def test_what_was_given_up_can_be_sent_again_one_or_all(desk: Desk) -> None:
    desk.receiver.status = 500
    for _ in range(2):
        desk.tell()
    for _ in range(retry.MOST_ATTEMPTS):
        desk.deliver()
        desk.store.clock.pass_by(100_000)
    webhooks.change_webhook(desk.webhook, {"active": True}, user_id=None, **desk.with_())
    desk.receiver.status = 200
    assert webhooks.send_again(desk.webhook, **desk.with_()) == 2
    assert desk.deliver() == 2
    assert {one.state for one in desk.log()} == {"done"}
    newest = desk.log()[0].id
    assert webhooks.send_again(desk.webhook, delivery_id=newest, **desk.with_()) == 1
    assert desk.deliver() == 1
    with pytest.raises(NotFound):
        webhooks.send_again(desk.webhook, delivery_id=newest + 100, **desk.with_())


def test_a_receiver_that_wants_no_more_or_is_silent_for_days_is_switched_off(desk: Desk) -> None:
    desk.tell()
    desk.receiver.status = 410
    desk.deliver()
    with desk.store.unit_of_work() as uow:
        found = uow.webhooks.get(desk.webhook)
        assert found is not None
        assert (found.active, found.disabled_why) == (False, "gone")
    desk.tell()
    assert desk.deliver() == 0


def test_two_senders_never_take_the_same_delivery(desk: Desk) -> None:
    for number in range(5):
        desk.tell(object_id=number)
    now = desk.store.clock.now()
    with desk.store.unit_of_work() as uow:
        first = uow.webhooks.take_due(now, now.replace(minute=5), 3)
        uow.commit()
    with desk.store.unit_of_work() as uow:
        second = uow.webhooks.take_due(now, now.replace(minute=5), 10)
        uow.commit()
    ids = [one.id for one in first + second]
    assert len(ids) == len(set(ids)) == 5


def test_what_a_killed_sender_had_taken_comes_again_when_its_time_is_up(desk: Desk) -> None:
    desk.tell()
    now = desk.store.clock.now()
    with desk.store.unit_of_work() as uow:
        uow.webhooks.take_due(now, now.replace(minute=2), 3)
        uow.commit()
    assert desk.deliver() == 0
    desk.store.clock.pass_by(121)
    assert desk.deliver() == 1


def test_a_call_is_told_once_for_each_thing_that_happens_to_it(desk: Desk) -> None:
    store = desk.store
    webhooks.change_webhook(desk.webhook, {"events": ["call.*"]}, user_id=None, **desk.with_())
    for _ in range(2):
        with store.unit_of_work() as uow:
            record = call()
            written = write_calls(uow, {record.id: record}, {}, lambda _: NumberPlan(), store.clock)
            call_outbox.follow_calls(uow, written, store.clock)
            uow.commit()
    told = [one.event for one in desk.log()]
    assert sorted(told) == sorted(set(told))
    assert "call.started" in told


def test_a_message_that_came_in_is_told_without_what_it_says(desk: Desk) -> None:
    store = desk.store
    webhooks.change_webhook(desk.webhook, {"events": ["message.*"]}, user_id=None, **desk.with_())
    incoming = Incoming(
        channel="email",
        address="anna@example.com",
        account="box",
        at=store.clock.now(),
        text="My password is rabbit",
        external_id="<1@example.com>",
    )
    for _ in range(2):
        with store.unit_of_work() as uow:
            inbound.take_in(uow, incoming, clock=store.clock, plan=NumberPlan())
            uow.commit()
    (told,) = desk.log()
    assert (told.event, told.payload["data"]["channel"]) == ("message.received", "email")
    assert "rabbit" not in str(told)


def test_the_secret_can_be_renewed_and_is_never_read_back(desk: Desk) -> None:
    renewed = webhooks.renew_secret(desk.webhook, user_id=None, **desk.with_())
    assert renewed != desk.secret
    with desk.store.engine.connect() as connection:
        assert desk.secret not in str(webhook_queries.every(connection))
        assert renewed not in str(webhook_queries.every(connection))


def test_a_webhook_goes_with_its_log(desk: Desk) -> None:
    desk.tell()
    webhooks.delete_webhook(desk.webhook, user_id=None, **desk.with_())
    assert desk.log() == []
    assert desk.deliver() == 0
    with pytest.raises(NotFound):
        webhooks.ping(desk.webhook, **desk.with_())


def test_a_forgotten_person_is_in_no_payload_and_on_no_way(desk: Desk) -> None:
    desk.tell(object_id=7, name="Anna")
    desk.tell(object_id=8, name="Ben")
    with desk.store.unit_of_work() as uow:
        uow.webhooks.forget("customer", ["7"])
        uow.commit()
    assert desk.deliver() == 1
    assert [body["data"]["name"] for _, body in desk.receiver.got] == ["Ben"]
    assert "Anna" not in str(desk.log())


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("url", {"url": "nowhere"}),
        ("events", {"events": ["customer.bought"]}),
        ("title", {"title": "x" * 121}),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(
    desk: Desk, field: str, values: dict[str, Any]
) -> None:
    with pytest.raises(Invalid) as refused:
        webhooks.change_webhook(desk.webhook, values, user_id=None, **desk.with_())
    assert refused.value.field == field
