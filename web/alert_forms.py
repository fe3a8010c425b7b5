"""What the pages of alerts, thresholds and goals are sent, read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from math import isfinite
from typing import Final, cast
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from callcenter.alerts.metrics import (
    GOAL_METRICS,
    KINDS,
    METRICS,
    Comparison,
    Scope,
)
from callcenter.alerts.threshold import Goal, Threshold
from callcenter.queries.alerts import AlertFilters
from web.whole_numbers import whole_number

_SCOPES: Final = ("overall", "queues", "team")
_NO_NUMBER: Final = -1.0
"""What is no number is out of every range, and told so."""


def read_threshold(form: MultiDict[str, str], zone: str) -> Threshold:
    metric = form.get("metric", "")
    known = metric if metric in METRICS else METRICS[0]
    scope = form.get("scope", "")
    compared = form.get("comparison", "")
    if compared not in ("at_least", "at_most"):
        compared = KINDS[known].comparison
    team = form.get("team_id", "")
    scope = scope if scope in _SCOPES else "overall"
    mails = re.split(r"[\s,;]+", form.get("mails", "").strip())
    return Threshold(
        metric=known,
        comparison=cast("Comparison", compared),
        title=form.get("title", "").strip()[:200],
        scope=cast("Scope", scope),
        queues=_queues(form) if scope == "queues" else (),
        team_id=whole_number(team) if scope == "team" and _is_whole(team) else None,
        amber=_number(form.get("amber", "")),
        red=_number(form.get("red", "")),
        sustained_minutes=round(_number(form.get("sustained_minutes", "")) or 0),
        clear_by=_number(form.get("clear_by", "")) or 0.0,
        calendar=form.get("calendar", "")[:80],
        zone=zone,
        browser=form.get("browser") == "yes",
        mails=tuple(dict.fromkeys(one[:200] for one in mails if one)),
        webhook=form.get("webhook") == "yes",
        active=form.get("active") == "yes",
    )


def read_goal(form: Mapping[str, str], zone: str) -> Goal:
    metric = form.get("metric", "")
    return Goal(
        metric=metric if metric in GOAL_METRICS else GOAL_METRICS[0],
        queue=form.get("queue", "")[:80],
        target=_number(form.get("target", "")) or 0.0,
        zone=zone,
    )


def read_filters(args: Mapping[str, str], zone: ZoneInfo) -> AlertFilters:
    first, last = _day(args.get("since", "")), _day(args.get("until", ""))
    if first is not None and last is not None and last < first:
        first, last = last, first
    level, metric = args.get("level", ""), args.get("metric", "")
    return AlertFilters(
        metric=metric if metric in METRICS else "",
        level=level if level in ("amber", "red") else "",
        subject=args.get("queue", "")[:80].replace("\0", "") or None,
        since=_start(first, zone) if first is not None else None,
        until=_start(last + timedelta(days=1), zone) if last is not None else None,
    )


def _queues(form: MultiDict[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one[:80] for one in form.getlist("queues")))


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


def _number(text: str) -> float | None:
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        found = float(text) if len(text) < 16 and "_" not in text else _NO_NUMBER
    except ValueError:
        return _NO_NUMBER
    return found if isfinite(found) else _NO_NUMBER


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text.strip()) if text else None
    except ValueError:
        return None
    return found if found is None or date(2000, 1, 1) <= found <= date(2200, 1, 1) else None


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
