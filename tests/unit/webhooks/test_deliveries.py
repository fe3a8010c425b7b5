"""How deliveries are signed, how often they are tried, and which events may be asked for."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from callcenter.errors import Invalid
from callcenter.webhooks import retry, signature
from callcenter.webhooks.events import EVENTS, checked

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_a_signature_is_what_the_standard_says() -> None:
    secret, body = signature.new_secret(), b'{"type":"ping"}'
    headers = signature.headers(secret, "msg_1", AT, body)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b"msg_1." + str(int(AT.timestamp())).encode() + b"." + body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers == {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(AT.timestamp())),
        "webhook-signature": f"v1,{wanted}",
    }


def test_the_example_of_the_standard_is_signed_alike() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = datetime.fromtimestamp(1614265330, UTC)
    body = b'{"test": 2432232314}'
    headers = signature.headers(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_no_two_secrets_are_alike() -> None:
    assert len({signature.new_secret() for _ in range(50)}) == 50


def test_a_failed_delivery_waits_longer_each_time_and_ends_after_some_two_days() -> None:
    waits = [retry.next_attempt(n, AT) for n in range(1, retry.MOST_ATTEMPTS)]
    told = [at - AT for at in waits if at is not None]
    assert told == sorted(told)
    assert told[0] == timedelta(seconds=10)
    assert timedelta(days=1) < sum(told, timedelta()) < timedelta(days=3)
    assert retry.next_attempt(retry.MOST_ATTEMPTS, AT) is None


def test_what_failed_together_does_not_come_back_together() -> None:
    early, late = retry.next_attempt(3, AT, 0.0), retry.next_attempt(3, AT, 1.0)
    assert early is not None
    assert late is not None
    assert late - early == timedelta(seconds=12)


def test_events_are_chosen_one_by_one_or_by_their_object() -> None:
    assert checked(["customer.created"]) == ("customer.created",)
    assert checked(["call.*"]) == ("call.started", "call.answered", "call.ended")
    assert checked([" call.ended ", "call.ended", "call.started"]) == ("call.started", "call.ended")
    assert set(checked(EVENTS)) == set(EVENTS)


@pytest.mark.parametrize("asked", [[], [""], ["call"], ["call.vanished"], ["*"], [".*"]])
def test_an_event_that_there_is_not_is_refused(asked: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        checked(asked)
    assert refused.value.field == "events"
