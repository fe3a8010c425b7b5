"""How the demo company lets its callers wait, and some who would rather be called back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from callcenter.ports import UnitOfWork
from callcenter.seed.people import Person

_SUPPORT = {
    "announce_position": True,
    "announce_estimate": True,
    "announce_seconds": 60,
    "messages": "wait-message",
    "callback_offered": True,
    "callback_after_seconds": 45,
    "callback_over_minutes": 5,
    "message_box": True,
}
_SALES = {"announce_position": True, "callback_offered": True, "overflow": "voicemail"}


def add_waiting(
    uow: UnitOfWork, everyone: Sequence[Person], ids: Sequence[int], now: datetime
) -> None:
    uow.staffing.save_queue("support", _SUPPORT)
    uow.staffing.save_queue("sales", _SALES)
    asking = [at for at, person in enumerate(everyone) if person.numbers and not person.story]
    for nth, at in enumerate(asking[:3]):
        uow.callbacks.add(
            {
                "customer_id": ids[at],
                "number": everyone[at].numbers[0],
                "queue": ("support", "support", "sales")[nth],
                "place_at": now - timedelta(minutes=12 * nth + 7),
                # Not before tomorrow: the demo's operators are rung by nobody unasked.
                "not_before": now + timedelta(hours=18),
                "next_at": now + timedelta(hours=18),
                "expires_at": now + timedelta(hours=48),
                "created_at": now - timedelta(minutes=12 * nth + 2),
            }
        )
