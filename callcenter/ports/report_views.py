"""Saved views of reports, and reports that go out by mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from callcenter.reporting.schedule import Schedule


@dataclass(frozen=True, slots=True)
class DueMail:
    """A report of one period for one person, taken to be sent now."""

    id: int
    schedule_id: int
    period_from: date
    period_to: date
    recipient: str
    attempts: int


class ReportViews(Protocol):
    def add_view(self, values: dict[str, Any], at: datetime) -> int: ...

    def view_of(self, view_id: int) -> tuple[int, str] | None:
        """Whose it is, and its title."""
        ...

    def drop_view(self, view_id: int) -> None: ...

    def schedule(self, schedule_id: int) -> Schedule | None: ...

    def add_schedule(self, schedule: Schedule, at: datetime) -> int: ...

    def set_schedule(self, schedule_id: int, values: dict[str, Any], at: datetime) -> None: ...

    def drop_schedule(self, schedule_id: int) -> None:
        """With what it sent."""
        ...

    def next_due(self, now: datetime) -> Schedule | None:
        """The first whose time has come; nobody else takes it meanwhile."""
        ...

    def add_mails(
        self, schedule: Schedule, days: tuple[date, date], recipients: Sequence[str], at: datetime
    ) -> int:
        """One for each who has none of this period yet; how many."""
        ...

    def take_mail(self, now: datetime, until: datetime) -> DueMail | None:
        """The next that waits, one attempt more. It waits on, until then: whoever is killed while
        they make its report leaves it to be tried again."""
        ...

    def hand_over(self, mail: DueMail, until: datetime) -> bool:
        """Marks it as being sent until then; False: it is gone, or another attempt has it."""
        ...

    def end_mail(self, mail_id: int, values: dict[str, Any], *, attempt: int | None = None) -> bool:
        """Sets these; with `attempt` only while no later one has it. Whether it was so."""
        ...

    def give_up_unsure(self, now: datetime) -> Sequence[DueMail]:
        """Mails that were being handed over for too long: they may have arrived."""
        ...

    def again(self, schedule_id: int, at: datetime) -> int:
        """What failed or is unsure waits once more; how many."""
        ...
