"""What is told of an alert: to screens and other systems as plain data, by mail in words. Pure.

Mails are in English: whoever reads them has no account whose language we know.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from callcenter.alerts.metrics import KINDS, Metric, Unit
from callcenter.alerts.threshold import Alert

WORDS: Final[Mapping[Metric, str]] = {
    "waiting": "Callers who wait",
    "longest_wait": "Longest wait",
    "ready": "Operators who are ready",
    "service_level_now": "Service level of the last 30 minutes",
    "service_level_today": "Service level today",
    "abandoned_today": "Abandoned today",
    "abandonment_today": "Abandonment today",
    "callbacks_waiting": "Call-backs that wait",
    "paused_over": "Operators paused beyond the limit",
    "pbx_down": "PBXs without a link",
    "default_way": "Calls of the last hour that took the default way",
}
_WHY: Final = {
    "cleared": "the figure is back where it should be",
    "nothing_to_measure": "there is nothing to measure any more",
    "out_of_hours": "its hours are over",
    "switched_off": "its threshold was switched off",
    "changed": "its threshold was changed",
    "deleted": "its threshold was deleted",
    "gone": "what it watched is no longer there",
}


def payload(alert: Alert) -> dict[str, Any]:
    """JSON-ready; the same for screens, webhooks and the snapshot. Seconds, percent or a count, as
    `unit` says; instants in UTC."""
    return {
        "id": alert.id,
        "threshold_id": alert.threshold_id,
        "title": alert.title,
        "metric": alert.metric,
        "unit": KINDS[alert.metric].unit,
        "scope": alert.scope,
        "subject": alert.subject,
        "subject_title": alert.subject_title,
        "comparison": alert.comparison,
        "bound": alert.bound,
        "sustained_minutes": alert.sustained_minutes,
        "level": alert.level,
        "value": alert.value,
        "worst_level": alert.worst_level,
        "worst_value": alert.worst_value,
        "opened_at": alert.opened_at.isoformat(),
        "level_at": alert.level_at.isoformat(),
        "closed_at": _iso(alert.closed_at),
        "why": alert.why,
        "acknowledged_at": _iso(alert.acknowledged_at),
        "acknowledged_by": alert.acknowledged_by,
        "acknowledged_name": alert.acknowledged_name,
        "note": alert.note,
        "browser": alert.browser,
    }


def value_words(unit: Unit, value: float) -> str:
    """7, 82.5 %, 1:05 min."""
    if unit == "seconds":
        minutes, seconds = divmod(round(value), 60)
        return f"{minutes}:{seconds:02} min"
    number = f"{value:.1f}".rstrip("0").rstrip(".")
    return f"{number} %" if unit == "percent" else number


def subject_line(alert: Alert) -> str:
    unit = KINDS[alert.metric].unit
    head = "Over" if not alert.is_open else alert.level.capitalize()
    where = f" ({alert.subject_title})" if alert.subject_title else ""
    return f"{head}: {WORDS[alert.metric]}{where} {value_words(unit, alert.value)}"


def mail_text(alert: Alert, zone: ZoneInfo, address: str) -> str:
    """`address`: where the product's pages are, '' where nobody has said."""
    unit = KINDS[alert.metric].unit
    side = "at least" if alert.comparison == "at_least" else "at most"
    lines = [
        *([alert.title] if alert.title else []),
        f"{WORDS[alert.metric]}: {value_words(unit, alert.value)}",
        f"Where: {alert.subject_title or 'the whole centre'}",
        f"Told when it is {side} {value_words(unit, alert.bound)}" + _minutes(alert),
        f"Since: {_moment(alert.opened_at, zone)}",
    ]
    if alert.closed_at is not None:
        why = _WHY.get(alert.why, alert.why)
        lines += [
            f"Over since: {_moment(alert.closed_at, zone)}, because {why}",
            f"Worst: {value_words(unit, alert.worst_value)}",
        ]
    if address:
        lines.append(f"{address.rstrip('/')}/alerts")
    return "\n".join(lines) + "\n"


def _minutes(alert: Alert) -> str:
    return f" for {alert.sustained_minutes} min" if alert.sustained_minutes else ""


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
