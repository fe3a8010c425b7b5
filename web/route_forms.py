"""The question “if this number called this number of ours then”, read from the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from callcenter.routing.decide import LANGUAGES
from callcenter.routing.facts import QueueNow
from callcenter.services.route_call import RouteRequest

_RESULTS = ("TIMEOUT", "FULL", "JOINEMPTY", "LEAVEEMPTY", "CONTINUE")
_FARTHEST = timedelta(days=5 * 366)
_TRUNK = "trial"
"""Without a trunk a short number would be one of our own phones."""


@dataclass(slots=True)
class QuestionForm:
    """`at` is now unless a moment is given. `typed` is what stands in the fields."""

    typed: Mapping[str, str]
    at: datetime
    is_now: bool = True
    asked: bool = False
    problems: dict[str, str] = field(default_factory=dict)
    queues: dict[str, QueueNow] = field(default_factory=dict)

    @property
    def dialed(self) -> str:
        return self.typed.get("dialed", "").strip()[:80]

    @property
    def trunk(self) -> str:
        return self.typed.get("trunk", "").strip()[:80]

    @property
    def language(self) -> str:
        told = self.typed.get("language", "")
        return told if told in LANGUAGES else ""

    @property
    def request(self) -> RouteRequest:
        internal = self.typed.get("internal") == "yes"
        overflow = self.typed.get("stage") == "overflow"
        result = self.typed.get("queue_result", "")
        return RouteRequest(
            pbx="",
            uniqueid="",
            caller=self.typed.get("number", "").strip()[:80],
            caller_hidden=self.typed.get("hidden") == "yes",
            dialed=self.dialed,
            trunk="" if internal else self.trunk or _TRUNK,
            stage="overflow" if overflow else "arrival",
            from_queue=self.typed.get("from_queue", "")[:80] if overflow else "",
            queue_result=result if overflow and result in _RESULTS else "",
        )


def read_question(
    values: Mapping[str, str], now: datetime, zone: ZoneInfo, queues: tuple[str, ...]
) -> QuestionForm:
    form = QuestionForm(values, now, asked=bool(values.get("number") or values.get("hidden")))
    if values.get("ask") and not form.asked:
        form.problems["number"] = str(_("Say which number calls, or that it is hidden."))
    if values.get("at"):
        moment = _moment(values["at"], zone)
        if moment is None:
            form.problems["at"] = str(_("This is not a date and time."))
        elif abs(moment - now) > _FARTHEST:
            form.problems["at"] = str(_("This date is too far away."))
        else:
            form.at, form.is_now = moment, False
    for name in queues:
        supposed = _queue(values, name)
        if supposed is not None:
            form.queues[name] = supposed
    return form


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _queue(values: Mapping[str, str], name: str) -> QueueNow | None:
    """What somebody supposes of a queue; None when nothing is said of it."""
    told: dict[str, Any] = {}
    for field_name in ("waiting", "longest_wait", "ready", "service_level"):
        text = values.get(f"{field_name}:{name}", "").strip()
        if text.isdecimal() and len(text) < 7:
            told[field_name] = int(text)
    return QueueNow(**told) if told else None
