"""What the pages of surveys are sent, read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from callcenter.queries.surveys import AnswerFilters
from callcenter.speech import LOCALES
from callcenter.surveys.survey import MOST_QUESTIONS, WAYS, Kind, Question, Survey
from web.whole_numbers import whole_number

_NUMBERS: Final = ("every_nth", "quiet_days", "delay_minutes", "valid_hours")
_WEEKS: Final = 8
_SCORES: Final = ("low", "middle", "high", "any")
_STATES: Final = ("answered", "asked", "refused")


def read_survey(form: MultiDict[str, str]) -> Survey:
    questions = [_question(form, place) for place in range(MOST_QUESTIONS + 1)]
    person = form.get("low_task_for", "")
    return Survey(
        key="",
        title=form.get("title", "").strip()[:200],
        questions=tuple(one for one in questions if one is not None),
        queues=tuple(dict.fromkeys(one[:80] for one in form.getlist("queues"))),
        ways=tuple(one for one in WAYS if one in form.getlist("ways")),
        language=form.get("language", "")[:8],
        comment=form.get("comment") == "yes",
        needs_consent=form.get("needs_consent") == "yes",
        low_task_for=int(person) if person.isdecimal() and len(person) < 16 else None,
        active=form.get("active") == "yes",
        **{name: _number(form, name) for name in _NUMBERS},
    )


def _question(form: Mapping[str, str], place: int) -> Question | None:
    """None where the line is left empty: it is not there."""
    texts = {one: form.get(f"text-{place}-{one}", "").strip()[:400] for one in LOCALES}
    if not any(texts.values()):
        return None
    kind: Kind = "yesno" if form.get(f"kind-{place}") == "yesno" else "score"
    told = {one: text for one, text in texts.items() if text}
    return Question(kind=kind, texts=told, prompt=form.get(f"prompt-{place}", "").strip()[:40])


def _number(form: Mapping[str, str], name: str) -> int:
    text = form.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 6 else -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a report is asked for. `weeks`: the first moments of the weeks it shows."""

    filters: AnswerFilters
    weeks: tuple[datetime, ...]
    first: date
    last: date


def read_filters(args: Mapping[str, str], today: date, zone: ZoneInfo) -> Asked:
    """By default the last eight weeks, this one included; from Monday to Sunday."""
    monday = today - timedelta(days=today.weekday())
    first = _day(args.get("since", "")) or monday - timedelta(weeks=_WEEKS - 1)
    last = _day(args.get("until", "")) or today
    if last < first:
        first, last = last, first
    first = max(first, last - timedelta(days=366))
    operator = args.get("operator", "")
    score, state = args.get("score", ""), args.get("state", "")
    filters = AnswerFilters(
        queue=args.get("queue", "")[:80] or None,
        operator_id=whole_number(operator) if operator.isdecimal() else None,
        since=_start(first, zone),
        until=_start(last + timedelta(days=1), zone),
        score=score if score in _SCORES else "",
        state=state if state in _STATES else "",
        said=args.get("said") == "yes",
    )
    return Asked(filters=filters, weeks=_weeks(first, last, zone), first=first, last=last)


def _weeks(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, ...]:
    monday = first - timedelta(days=first.weekday())
    count = (last - monday).days // 7 + 1
    return tuple(_start(monday + timedelta(weeks=number), zone) for number in range(count))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text else None
    except ValueError:
        return None


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
