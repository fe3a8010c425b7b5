"""What the pages of quality are sent, read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from callcenter.assessments.card import (
    CHANNELS,
    MOST_QUESTIONS,
    MOST_SECTIONS,
    Question,
    ScoreCard,
    Section,
)
from callcenter.assessments.life import STATES
from callcenter.assessments.sampling import Rules
from callcenter.assessments.scoring import Given
from callcenter.reports.periods import Period

_WEEKS: Final = 12
_LONGEST: Final = timedelta(days=366)


def whole(text: str, otherwise: int = -1) -> int:
    told = text.strip()
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= 9 else otherwise


def record_id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else None


def read_given(form: Mapping[str, str]) -> Given:
    """`value`: a number, 'na' or ''."""
    value = form.get("value", "")
    return Given(
        question=form.get("question", "")[:40],
        value=whole(value, 10_000) if value not in ("", "na") else None,
        not_applicable=value == "na",
        comment=form.get("comment", "")[:2000],
        recording=record_id(form.get("recording", "")),
        at_seconds=_seconds(form.get("at", "")),
    )


def read_card(form: MultiDict[str, str]) -> ScoreCard:
    """`edit`: rows added or taken away since the page was drawn."""
    sections = [_section(form, place) for place in range(MOST_SECTIONS + 1)]
    percent = form.get("pass_score", "").strip().replace(",", ".").removesuffix("%").strip()
    return ScoreCard(
        title=form.get("title", "").strip()[:200],
        sections=tuple(one for one in sections if one is not None),
        queues=tuple(dict.fromkeys(one[:80] for one in form.getlist("queues"))),
        channels=tuple(one for one in CHANNELS if one in form.getlist("channels")),
        pass_score=_hundredths(percent),
        active=form.get("active") == "yes",
        version=whole(form.get("version", ""), 0),
    )


def _section(form: MultiDict[str, str], place: int) -> Section | None:
    if f"section-{place}" not in form:
        return None
    keys = [f"{place}-{number}" for number in range(MOST_QUESTIONS + 1)]
    return Section(
        title=form.get(f"section-{place}", "").strip()[:200],
        questions=tuple(_question(form, key) for key in keys if f"text-{key}" in form),
    )


def _question(form: Mapping[str, str], key: str) -> Question:
    return Question(
        key=form.get(f"key-{key}", "")[:40],
        text=form.get(f"text-{key}", "").strip()[:600],
        kind="scale" if form.get(f"kind-{key}") == "scale" else "yesno",
        weight=whole(form.get(f"weight-{key}", "")),
        points=whole(form.get(f"points-{key}", "5")),
        fatal=form.get(f"fatal-{key}") == "yes",
        optional=form.get(f"optional-{key}") == "yes",
        help=form.get(f"help-{key}", "").strip()[:600],
    )


def edited(card: ScoreCard, edits: str) -> ScoreCard:
    """With what was pressed: `+section`, `-section:1`, `+question:0`, `-question:0-2`,
    `up:0-2`."""
    sections = [(one.title, list(one.questions)) for one in card.sections]
    for edit in edits.split()[:50]:
        what, _colon, where = edit.partition(":")
        first, _dash, second = where.partition("-")
        place, row = whole(first), whole(second)
        _edit(sections, what, place, row)
    told = {name: getattr(card, name) for name in card.__slots__}
    made = tuple(Section(title=title, questions=tuple(rows)) for title, rows in sections)
    return ScoreCard(**told | {"sections": made})


def _edit(sections: list[tuple[str, list[Question]]], what: str, place: int, row: int) -> None:
    if what == "+section" and len(sections) < MOST_SECTIONS:
        sections.append(("", [Question(key="", text="")]))
    if not 0 <= place < len(sections):
        return
    rows = sections[place][1]
    if what == "-section":
        del sections[place]
    elif what == "+question" and sum(len(one[1]) for one in sections) < MOST_QUESTIONS:
        rows.append(Question(key="", text=""))
    elif what == "-question" and 0 <= row < len(rows):
        del rows[row]
    elif what == "up" and 0 < row < len(rows):
        rows[row - 1], rows[row] = rows[row], rows[row - 1]


def goes_on(card: ScoreCard, edits: str) -> str:
    """The field of `card`, as the last of the edits left it, where whoever pressed goes on; ''
    where nothing was pressed."""
    what, _colon, where = (edits.split() or [""])[-1].partition(":")
    first, _dash, second = where.partition("-")
    place = len(card.sections) - 1 if what == "+section" else whole(first)
    place = min(place, len(card.sections) - 1)
    if not what or place < 0:
        return ""
    most = len(card.sections[place].questions) - 1
    row = {"+question": most, "-question": min(whole(second), most), "up": whole(second) - 1}
    return f"text-{place}-{row[what]}" if row.get(what, -1) >= 0 else f"section-{place}"


def read_rules(form: MultiDict[str, str]) -> Rules:
    return Rules(
        per_operator=whole(form.get("per_operator", "")),
        min_seconds=whole(form.get("min_seconds", "")),
        max_seconds=whole(form.get("max_seconds", "") or "0"),
        direction=form.get("direction", "")[:16],
        queues=tuple(dict.fromkeys(one[:80] for one in form.getlist("queues"))),
        channels=tuple(one for one in CHANNELS if one in form.getlist("channels")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list or a trend is asked for; days in the reader's zone."""

    first: date
    last: date
    zone: ZoneInfo
    operator_id: int | None
    queue: str | None
    card_id: int | None
    state: str
    by: str

    @property
    def period(self) -> Period:
        return Period.days(self.first, self.last, self.zone.key)


def read_asked(args: Mapping[str, str], today: date, zone: ZoneInfo) -> Asked:
    """By default the last twelve weeks, this one included, from Monday on."""
    monday = today - timedelta(days=today.weekday())
    first = day(args.get("since", "")) or monday - timedelta(weeks=_WEEKS - 1)
    last = day(args.get("until", "")) or today
    first, last = min(first, last), max(first, last)
    state, by = args.get("state", ""), args.get("by", "")
    return Asked(
        first=max(first, last - _LONGEST),
        last=last,
        zone=zone,
        operator_id=record_id(args.get("operator", "")),
        queue=args.get("queue", "")[:80] or None,
        card_id=record_id(args.get("card", "")),
        state=state if state in (*STATES, "done") else "",
        by=by if by in ("operator", "queue", "question") else "operator",
    )


def day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text.strip()) if text else None
    except ValueError:
        return None
    return found if found is not None and date(2000, 1, 1) <= found < date(2200, 1, 1) else None


def week(text: str) -> date | None:
    """`2026-W47` as browsers send it, or a day of the week."""
    year, mark, number = text.strip().partition("-W")
    if not mark:
        return day(text)
    try:
        return date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        return None


def _seconds(text: str) -> float | None:
    try:
        return float(text) if text and len(text) < 20 else None
    except ValueError:
        return None


def _hundredths(text: str) -> int:
    if not text:
        return 0
    whole_part, _dot, part = text.partition(".")
    told = whole_part + part[:2].ljust(2, "0")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 8 else -1
