"""What is told of an alert: to screens and other systems as plain data, by mail in words. Pure.

Mails speak the language of whoever set the threshold; English where nobody did.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from callcenter.alerts.metrics import KINDS, Metric, Unit
from callcenter.alerts.threshold import Alert
from callcenter.reporting.language import ENGLISH, Language

WORDS: Final[Mapping[Metric, str]] = {
    "waiting": "Callers who wait",
    "longest_wait": "Longest wait",
    "ready": "Operators who are ready",
    "service_level_now": "Service level, last 30 minutes",
    "service_level_today": "Service level, today",
    "abandoned_today": "Abandoned today",
    "abandonment_today": "Abandonment today",
    "callbacks_waiting": "Call-backs that wait",
    "paused_over": "Operators paused beyond the limit",
    "pbx_down": "PBXs that cannot be reached",
    "default_way": "Calls that took the default way, last hour",
    "wrong_pins": "Wrong PINs of callers, last hour",
}
_WHY: Final = {
    "cleared": "The figure was back",
    "nothing_to_measure": "Nothing to measure any more",
    "out_of_hours": "Its hours were over",
    "switched_off": "The threshold was switched off",
    "changed": "The threshold was changed",
    "deleted": "The threshold was deleted",
    "gone": "Its queue or team is no longer there",
}
_LEVELS: Final = {"amber": "Amber", "red": "Red"}
_OVER: Final = "Over"
_BOUNDS: Final = {
    "at_least": "Told when it is at least %(bound)s",
    "at_most": "Told when it is at most %(bound)s",
}
_MINUTES: Final = "for %(minutes)s min"
_LABELS: Final = ("Where", "Whole centre", "Since", "Over since", "Over because", "Worst")
TEXTS: Final = (
    *WORDS.values(),
    *_WHY.values(),
    *_LEVELS.values(),
    _OVER,
    *_BOUNDS.values(),
    _MINUTES,
    *_LABELS,
)
"""Everything that mails say, for whoever keeps its translation."""


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


def value_words(unit: Unit, value: float, language: Language = ENGLISH) -> str:
    """7, 82.5 %, 1:05 min."""
    if unit == "seconds":
        minutes, seconds = divmod(round(value), 60)
        return f"{minutes}:{seconds:02} min"
    number = language.number(f"{value:.1f}".removesuffix(".0"))
    return f"{number} %" if unit == "percent" else number


def subject_line(alert: Alert, language: Language = ENGLISH) -> str:
    head = language.say(_LEVELS.get(alert.level, alert.level) if alert.is_open else _OVER)
    where = f" ({alert.subject_title})" if alert.subject_title else ""
    value = value_words(KINDS[alert.metric].unit, alert.value, language)
    return f"{head}: {language.say(WORDS[alert.metric])}{where} {value}"


def mail_text(alert: Alert, zone: ZoneInfo, address: str, language: Language = ENGLISH) -> str:
    """`address`: where the product's pages are, '' where nobody has said."""
    say, unit = language.say, KINDS[alert.metric].unit
    lines = [
        *([alert.title] if alert.title else []),
        f"{say(WORDS[alert.metric])}: {value_words(unit, alert.value, language)}",
        f"{say('Where')}: {alert.subject_title or say('Whole centre')}",
        _told_when(alert, language),
        f"{say('Since')}: {_moment(alert.opened_at, zone)}",
    ]
    if alert.closed_at is not None:
        lines += [
            f"{say('Over since')}: {_moment(alert.closed_at, zone)}",
            f"{say('Over because')}: {say(_WHY.get(alert.why, alert.why))}",
            f"{say('Worst')}: {value_words(unit, alert.worst_value, language)}",
        ]
    if address:
        lines.append(f"{address.rstrip('/')}/alerts")
    return "\n".join(lines) + "\n"


def _told_when(alert: Alert, language: Language) -> str:
    bound = value_words(KINDS[alert.metric].unit, alert.bound, language)
    told = language.say(_BOUNDS[alert.comparison]) % {"bound": bound}
    if not alert.sustained_minutes:
        return told
    return f"{told} {language.say(_MINUTES) % {'minutes': alert.sustained_minutes}}"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
