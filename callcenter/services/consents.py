"""Use case: write down what a person allowed or forbade. Nothing of it is ever changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from callcenter.customers.consents import CONSENT_CHANNELS, ConsentDraft
from callcenter.customers.visible import one_line
from callcenter.errors import Invalid
from callcenter.history.change import Actor
from callcenter.ports import Clock, UnitOfWork
from callcenter.services import history, rights

_LENGTHS = {"source": 80, "note": 255}
_AHEAD = timedelta(minutes=5)
"""Clocks differ; what lies further ahead is a mistake."""


def add_consent(
    customer_id: int,
    draft: ConsentDraft,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
    user_id: int | None,
    actor: Actor = "user",
) -> int:
    clean = _cleaned(draft, clock)
    with unit_of_work() as uow:
        rights.require_record(uow, user_id, "customer", "change", customer_id)
        with history.recorded(uow, clock, "customer", customer_id, user_id=user_id, actor=actor):
            consent_id = uow.consents.add(customer_id, clean, clock.now(), user_id)
        uow.commit()
    return consent_id


def _cleaned(draft: ConsentDraft, clock: Clock) -> ConsentDraft:
    if draft.channel not in CONSENT_CHANNELS:
        raise Invalid("channel", f"must be one of: {', '.join(CONSENT_CHANNELS)}")
    texts = {"source": one_line(draft.source), "note": one_line(draft.note)}
    for name, longest in _LENGTHS.items():
        if len(texts[name]) > longest:
            raise Invalid(name, f"must have at most {longest} characters")
    if not texts["source"]:
        raise Invalid("source", "say how we know: a form, a call, a contract")
    if draft.at is not None and draft.at > clock.now() + _AHEAD:
        raise Invalid("at", "lies in the future")
    return replace(draft, source=texts["source"], note=texts["note"])
