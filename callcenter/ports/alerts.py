"""Thresholds, what came of them, and the goals of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from callcenter.alerts.machine import State
from callcenter.alerts.threshold import Alert, Goal, Threshold
from callcenter.alerts.turn import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMail:
    """A mail to people who work here, on its way out."""

    id: int
    message_id: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    attempts: int
    created_at: datetime


class Alerts(Protocol):
    def thresholds(self) -> Sequence[Threshold]:
        """All, by title."""
        ...

    def threshold(self, threshold_id: int) -> Threshold | None: ...

    def add(self, threshold: Threshold, at: datetime, user_id: int | None) -> int: ...

    def save(self, threshold: Threshold) -> None: ...

    def take_over(self, threshold_id: int, user_id: int) -> None:
        """Who is told of it is this user's choice from now on."""
        ...

    def is_answered(self, threshold: Threshold) -> bool:
        """Whether whoever chose who is told of it may still do so; else nobody is, but screens."""
        ...

    def remove(self, threshold_id: int) -> None:
        """Its alerts stay, as history."""
        ...

    def states(self) -> Mapping[Key, State]:
        """Of every subject with which not all is well."""
        ...

    def keep_states(self, states: Mapping[Key, State]) -> None:
        """A calm one is not kept."""
        ...

    def open(self) -> Sequence[Alert]:
        """Red before amber, then the oldest first."""
        ...

    def alert(self, alert_id: int) -> Alert | None: ...

    def begin(self, alert: Alert) -> int:
        """Its id. Conflict where one is open already of this threshold and subject."""
        ...

    def change(self, changes: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        """Values of alerts, by id."""
        ...

    def acknowledge(self, alert_id: int, user_id: int, note: str, at: datetime) -> bool:
        """False where somebody has done so, or it is over."""
        ...

    def hold(self, holder: str, now: datetime, until: datetime) -> bool:
        """Whether this worker is the one that evaluates, from now until then. Notes the look."""
        ...

    def subject_titles(self, names: Sequence[str], team_ids: Sequence[int]) -> Mapping[str, str]:
        """Names of queues, and numbers of teams as texts → what people call them."""
        ...

    def queue_mail(self, alert_id: int, values: Mapping[str, Any]) -> None: ...

    def mails_since(self, threshold_id: int, since: datetime) -> int: ...

    def take_mails(self, now: datetime, until: datetime, limit: int) -> Sequence[StaffMail]:
        """Those that are due; nobody else gets them before `until`."""
        ...

    def note_mail(self, mail_id: int, values: Mapping[str, Any]) -> None: ...

    def alert_of_mail(self, mail_id: int) -> Alert | None: ...

    def retry_mail(self, mail_id: int, at: datetime) -> bool: ...

    def prune(self, before: datetime, limit: int) -> int:
        """Deletes alerts that were over before then. How many."""
        ...

    def goals(self) -> Sequence[Goal]: ...

    def set_goal(self, goal: Goal, at: datetime, user_id: int | None) -> Goal | None:
        """What it was before."""
        ...

    def drop_goal(self, goal_id: int) -> Goal | None: ...

    def goals_on_desks(self) -> bool:
        """Whether operators see goals on their desks: yes until somebody says otherwise."""
        ...

    def set_goals_on_desks(self, shown: bool) -> None: ...
