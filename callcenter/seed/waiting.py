"""How the demo company lets its callers wait, and some who would rather be called back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from callcenter.calls.record import CallRecord
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
_WRAP_UP_SECONDS = 10  # three people take a call every quarter of a minute

# How a call-back ended, after how many tries, how many minutes later.
_ENDED: Final = (
    ("done", 1, 12),
    ("done", 1, 31),
    ("done", 2, 48),
    ("failed", 3, 64),
    ("done", 1, 9),
)


def add_waiting(
    uow: UnitOfWork, everyone: Sequence[Person], ids: Sequence[int], now: datetime
) -> None:
    for queue, values in (("support", _SUPPORT), ("sales", _SALES), ("vip", {}), ("debtors", {})):
        uow.staffing.save_queue(queue, {**values, "wrap_up_seconds": _WRAP_UP_SECONDS})
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


def add_past_callbacks(
    uow: UnitOfWork,
    records: Sequence[CallRecord],
    written: Mapping[str, int],
    users: Sequence[int],
) -> None:
    """Most of those who hung up in a queue had asked to be called, and most were reached."""
    gone = [one for one in records if one.result == "abandoned" and one.ended_at is not None]
    for nth, record in enumerate(gone):
        if nth % 3 == 2 or record.ended_at is None:
            continue
        state, attempts, minutes = _ENDED[nth % len(_ENDED)]
        uow.callbacks.add(
            {
                "interaction_id": written[record.id],
                "pbx": record.pbx,
                "call_id": record.id,
                "number": record.caller_number,
                "queue": record.queues[0],
                "place_at": record.started_at,
                "not_before": record.ended_at,
                "next_at": record.ended_at,
                "expires_at": record.ended_at + timedelta(hours=24),
                "created_at": record.ended_at,
                "state": state,
                "attempts": attempts,
                "closed_at": record.ended_at + timedelta(minutes=minutes),
                "closed_by": users[nth % len(users)] if state == "done" else None,
            }
        )
