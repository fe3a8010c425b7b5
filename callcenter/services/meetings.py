"""Use case: a meeting with a customer, written down by hand: an interaction like any other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from callcenter.channels.contact import Contact
from callcenter.channels.figures import Figures
from callcenter.errors import Invalid
from callcenter.ports import Clock, UnitOfWork
from callcenter.services.rights import require, require_record

_LONGEST = {"title": 160, "place": 160, "notes": 10_000}
LONGEST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDraft:
    title: str
    at: datetime
    minutes: int = 30
    place: str = ""
    notes: str = ""


def add_meeting(
    customer_id: int,
    draft: MeetingDraft,
    *,
    user_id: int,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
) -> int:
    """The id of its interaction."""
    _check(draft)
    ended = draft.at + timedelta(minutes=draft.minutes)
    seconds, over = draft.minutes * 60.0, ended <= clock.now()
    with unit_of_work() as uow:
        require_record(uow, user_id, "customer", "read", customer_id)
        require(uow, user_id, "interaction", "create")
        contact = Contact(
            channel="meeting",
            direction="outbound",
            started_at=draft.at,
            number_kind="",
            subject=draft.title.strip(),
            customer_id=customer_id,
            match="chosen",
            operator_id=user_id,
        )
        figures = Figures(
            result="answered",
            answered_at=draft.at,
            ended_at=ended if over else None,
            wait_seconds=None,
            talk_seconds=seconds,
            handle_seconds=seconds,
        )
        interaction_id = uow.meetings.add(
            contact,
            figures,
            title=draft.title.strip(),
            place=draft.place.strip(),
            minutes=draft.minutes,
            notes=draft.notes.strip(),
            user_id=user_id,
        )
        uow.commit()
    return interaction_id


def _check(draft: MeetingDraft) -> None:
    if not draft.title.strip():
        raise Invalid("title", "say what it was about")
    for name, longest in _LONGEST.items():
        if len(getattr(draft, name)) > longest:
            raise Invalid(name, f"must have at most {longest} characters")
    if not 1 <= draft.minutes <= LONGEST_MINUTES:
        raise Invalid("minutes", f"must be 1 to {LONGEST_MINUTES}")
