"""Use cases around webhooks: set one up, see that it listens, and deliver what is due.

Telling is `uow.outbox.tell` in the transaction that did it; delivering comes after, as often as it
takes. A receiver may get an event twice (we died between its answer and our note): it tells by the
`webhook-id`, which is the same in every attempt.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import structlog
from prometheus_client import Counter

from callcenter.errors import Invalid, NotFound
from callcenter.ports import Clock, UnitOfWork
from callcenter.ports.webhooks import WebhookSender
from callcenter.webhooks import retry, signature
from callcenter.webhooks.events import PING, checked
from callcenter.webhooks.target import parse_target
from callcenter.webhooks.webhook import Answer, Outgoing, Webhook

log = structlog.get_logger(__name__)
UowFactory = Callable[[], UnitOfWork]

ATTEMPTS = Counter("callcenter_webhook_attempts_total", "Deliveries tried", ["outcome"])
_TITLE = 120
_MOST_WEBHOOKS = 50
_LEASE = timedelta(minutes=2)
_AT_ONCE = 8
_TAKEN = 40
"""Each may cost its sender's 20 s: five rounds of eight end within the lease."""


def create_webhook(
    title: str,
    url: str,
    events: Sequence[str],
    *,
    unit_of_work: UowFactory,
    clock: Clock,
    user_id: int | None,
) -> tuple[int, str]:
    """(id, secret): the secret is told this once."""
    values = _checked({"title": title, "url": url, "events": events})
    secret = signature.new_secret()
    with unit_of_work() as uow:
        if uow.webhooks.count() >= _MOST_WEBHOOKS:
            raise Invalid("url", f"at most {_MOST_WEBHOOKS} webhooks")
        webhook_id = uow.webhooks.add(
            values["title"],
            values["url"],
            secret,
            values["events"],
            created_by=user_id,
            at=clock.now(),
        )
        _audit(uow, clock, user_id, "webhook_created", webhook_id)
        uow.commit()
    return webhook_id, secret


def change_webhook(
    webhook_id: int,
    changes: Mapping[str, Any],
    *,
    unit_of_work: UowFactory,
    clock: Clock,
    user_id: int | None,
) -> None:
    """Change what is named: title, url, events, active. Switched on again, it starts afresh."""
    values = _checked(changes)
    if values.get("active"):
        values |= {"disabled_why": "", "failing_since": None}
    with unit_of_work() as uow:
        _existing(uow, webhook_id)
        uow.webhooks.update(webhook_id, values)
        _audit(uow, clock, user_id, "webhook_changed", webhook_id, fields=sorted(changes))
        uow.commit()


def renew_secret(
    webhook_id: int, *, unit_of_work: UowFactory, clock: Clock, user_id: int | None
) -> str:
    """The new secret, told this once; what is sent from now on is signed with it."""
    secret = signature.new_secret()
    with unit_of_work() as uow:
        _existing(uow, webhook_id)
        uow.webhooks.update(webhook_id, {"secret": secret})
        _audit(uow, clock, user_id, "webhook_secret_renewed", webhook_id)
        uow.commit()
    return secret


def delete_webhook(
    webhook_id: int, *, unit_of_work: UowFactory, clock: Clock, user_id: int | None
) -> None:
    with unit_of_work() as uow:
        _existing(uow, webhook_id)
        uow.webhooks.remove(webhook_id)
        _audit(uow, clock, user_id, "webhook_deleted", webhook_id)
        uow.commit()


def ping(webhook_id: int, *, unit_of_work: UowFactory, clock: Clock) -> int:
    """A test delivery, whatever the webhook listens for. The delivery's id."""
    with unit_of_work() as uow:
        webhook = _existing(uow, webhook_id)
        delivery_id = uow.webhooks.ping(webhook_id, PING, {"webhook": webhook.title}, clock.now())
        uow.commit()
    return delivery_id


def send_again(
    webhook_id: int,
    *,
    unit_of_work: UowFactory,
    clock: Clock,
    delivery_id: int | None = None,
) -> int:
    """One delivery once more, or (None) all that were given up. How many."""
    with unit_of_work() as uow:
        _existing(uow, webhook_id)
        count = uow.webhooks.send_again(webhook_id, clock.now(), delivery_id)
        if delivery_id is not None and not count:
            raise NotFound("delivery", f"there is no delivery {delivery_id}")
        uow.commit()
    return count


def deliver_due(
    sender: WebhookSender, *, unit_of_work: UowFactory, clock: Clock, limit: int = _TAKEN
) -> int:
    """One turn: whatever is due, several at once. How many attempts it were.

    Safe in several processes: a delivery is taken for two minutes by whoever moves it first.
    """
    now = clock.now()
    with unit_of_work() as uow:
        due = uow.webhooks.take_due(now, now + _LEASE, limit)
        uow.commit()
    if not due:
        return 0

    def deliver(one: Outgoing) -> None:
        try:
            answer = _send(sender, one, clock)
            _note(one, answer, unit_of_work, clock)
        except Exception:  # its lease runs out, and it is tried again
            log.exception("webhook.attempt_failed", delivery=one.id)

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="webhook") as pool:
        list(pool.map(deliver, due))
    return len(due)


def _send(sender: WebhookSender, one: Outgoing, clock: Clock) -> Answer:
    body = json.dumps(one.payload, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "content-type": "application/json",
        "user-agent": "callcenter-webhooks/1",
        **signature.headers(one.secret, one.message_id, clock.now(), body),
    }
    return sender.send(one.url, headers, body)


def _note(one: Outgoing, answer: Answer, unit_of_work: UowFactory, clock: Clock) -> None:
    now = clock.now()
    again = retry.next_attempt(one.attempts + 1, now, random.random())  # noqa: S311 - no secret
    ended = answer.arrived or answer.gone
    with unit_of_work() as uow:
        uow.webhooks.note(one.id, answer, now, None if ended else again)
        if not answer.arrived:
            _switch_off(uow, one.webhook_id, answer, clock)
        uow.commit()
    ATTEMPTS.labels("arrived" if answer.arrived else "failed").inc()
    if not answer.arrived:
        log.warning(
            "webhook.not_delivered",
            webhook=one.webhook_id,
            delivery=one.id,
            status=answer.status,
            error=answer.error,
            attempts=one.attempts + 1,
        )


def _switch_off(uow: UnitOfWork, webhook_id: int, answer: Answer, clock: Clock) -> None:
    """Nobody listens any more: go on telling would only fill the log."""
    webhook = uow.webhooks.get(webhook_id)
    if webhook is None or not webhook.active:
        return
    since = webhook.failing_since
    silent = since is not None and clock.now() - since > retry.GIVEN_UP_AFTER
    if answer.gone or silent:
        why = "gone" if answer.gone else "silent"
        uow.webhooks.update(webhook_id, {"active": False, "disabled_why": why})
        log.error("webhook.switched_off", webhook=webhook_id, why=why)


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = dict(values)
    if "url" in clean:
        clean["url"] = str(clean["url"]).strip()
        parse_target(clean["url"])
    if "events" in clean:
        clean["events"] = list(checked(clean["events"]))
    if "title" in clean:
        clean["title"] = str(clean["title"]).strip()
        if len(clean["title"]) > _TITLE:
            raise Invalid("title", f"must have at most {_TITLE} characters")
    return clean


def _existing(uow: UnitOfWork, webhook_id: int) -> Webhook:
    found = uow.webhooks.get(webhook_id)
    if found is None:
        raise NotFound("webhook", f"there is no webhook {webhook_id}")
    return found


def _audit(
    uow: UnitOfWork,
    clock: Clock,
    user_id: int | None,
    action: str,
    webhook_id: int,
    **detail: Any,
) -> None:
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type="webhook",
        object_id=str(webhook_id),
        at=clock.now(),
        detail=detail,
    )
