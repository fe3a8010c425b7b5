"""An answer as a table of texts, for files, mails and terminals; in English unless told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from callcenter.reporting.language import ENGLISH, NOT_FILTERED, NOT_SPLIT, Language
from callcenter.reports.definitions import KPIS
from callcenter.reports.question import Answer, By, Filters, Unknown

BY_WORDS: Final[Mapping[str, str]] = {
    "half_hour": "Half hour",
    "hour": "Hour",
    "time_of_day": "Time of day",
    "weekday": "Weekday",
    "day": "Day",
    "week": "Week",
    "month": "Month",
    "year": "Year",
    "channel": "Channel",
    "direction": "Direction",
    "queue": "Queue",
    "dialed": "Number dialled",
    "trunk": "Trunk",
    "operator": "Operator",
    "state": "State",
    "reason": "Reason",
    "result": "Result",
    "outcome": "Outcome",
    "segment": "Segment",
    "menu_path": "Keys in menus",
}
WEEKDAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
MORE: Final = (
    "There are more rows than a report has. Choose a shorter period, or group by longer times."
)
IN_SECONDS: Final = "%(what)s, s"
"""The heading of a column of seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What rows are called that are known by a code or an id."""

    queues: Mapping[str, str] = field(default_factory=dict)
    operators: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    chats: Mapping[str, str] = field(default_factory=dict)
    """Where visitors write: a chat window's key → its title. Mails and short messages have come to
    an address or a number, which says it by itself."""

    def of(self, by: By) -> Mapping[str, str]:
        return {
            "queue": self.queues,
            "operator": self.operators,
            "outcome": self.outcomes,
            "segment": self.segments,
            "reason": self.reasons,
        }.get(by, {})


def strangers(filters: Filters, names: Names) -> list[tuple[By, str]]:
    """What is asked for and is not there (any more), or not for who asks."""
    told: dict[By, Iterable[str]] = {
        "queue": filters.queues,
        "operator": map(str, filters.operators or ()),
        "outcome": map(str, filters.outcomes),
        "segment": map(str, filters.segments),
    }
    return [(by, key) for by, keys in told.items() for key in keys if key not in names.of(by)]


def monday_of(key: str) -> str:
    """The first day of a week that is known as 2026-W47; as it is where that is none."""
    try:
        return date.fromisoformat(key).isoformat()
    except ValueError:
        return key


def trunk_shown(key: str) -> str:
    """Without the technology before its name: PJSIP/main is main."""
    return key.partition("/")[2] or key


def label(  # noqa: PLR0911 (one for each kind of row)
    by: By, key: str, names: Names, language: Language = ENGLISH
) -> str:
    if not key:
        return language.code(by, "") or "none"
    if by == "weekday" and key in "1234567":
        return language.say(WEEKDAYS[int(key) - 1])
    if by == "week":
        return monday_of(key)
    if by == "trunk":
        return trunk_shown(key)
    if by in ("half_hour", "hour"):
        return key[:16].replace("T", " ") + key[16:]
    if by == "dialed" and key in names.chats:
        return f"{language.code('channel', 'chat') or 'Chat'}: {names.chats[key]}"
    return language.code(by, key) or names.of(by).get(key, key)


def header(kpis: Sequence[str], by: Sequence[By], language: Language = ENGLISH) -> tuple[str, ...]:
    say = language.say
    groups = tuple(say(BY_WORDS[one]) for one in by)
    return groups + tuple(headed(KPIS[one].title, KPIS[one].unit, language) for one in kpis)


def headed(title: str, unit: str, language: Language = ENGLISH) -> str:
    """A column's title with what its numbers are, both in that language."""
    told = language.say(title)
    if unit == "seconds":
        return language.say(IN_SECONDS) % {"what": told}
    return f"{told}, %" if unit == "share" else told


def rows(
    answer: Answer,
    kpis: Sequence[str],
    by: Sequence[By],
    names: Names,
    language: Language = ENGLISH,
) -> Iterator[tuple[str, ...]]:
    """After them the total, where there are any groups; then why figures have no numbers."""
    for row in answer.rows:
        keys = zip(by, row.key, strict=False)
        told = tuple(label(one, key, names, language) for one, key in keys)
        yield told + tuple(cell(kpi, row.values.get(kpi)) for kpi in kpis)
    first = (language.say("Total"), *("" for _ in by[1:])) if by else ()
    yield first + tuple(cell(kpi, answer.totals.get(kpi)) for kpi in kpis)
    for why in reasons(answer, kpis, language) if by else ():
        yield (why,)


def reasons(answer: Answer, kpis: Sequence[str], language: Language = ENGLISH) -> Iterator[str]:
    """Why figures have no number in any row: one line for all that lack it for the same reason."""
    alike: dict[str, list[str]] = {}
    for kpi in kpis:
        if why := reason(answer.unknown.get(kpi), language):
            alike.setdefault(why, []).append(language.say(KPIS[kpi].title))
    for why, titles in alike.items():
        yield f"{', '.join(titles)}: {why}"


def reason(unknown: Unknown | None, language: Language = ENGLISH) -> str:
    """What a figure knows nothing of; '' where it is answered."""
    told = [
        language.say(text) % {"what": ", ".join(language.say(BY_WORDS[by]) for by in named)}
        for text, named in unlike(unknown)
    ]
    return "; ".join(told)


def unlike(unknown: Unknown | None) -> list[tuple[str, tuple[By, ...]]]:
    """Each English sentence with what it names."""
    if unknown is None:
        return []
    both = ((NOT_FILTERED, unknown.filters), (NOT_SPLIT, unknown.by))
    return [(text, named) for text, named in both if named]


def cell(kpi: str, value: float | None) -> str:
    """A number that other programs read: shares in per cent, times in seconds."""
    if value is None:
        return ""
    told = value * 100 if KPIS[kpi].unit == "share" else value
    return f"{told:.2f}".rstrip("0").rstrip(".")


def spoken(kpi: str, value: float | None, language: Language = ENGLISH) -> str:
    """A number that people read."""
    return told(value, KPIS[kpi].unit, language)


def told(value: float | None, unit: str, language: Language = ENGLISH) -> str:
    if value is None:
        return "–"
    if unit in ("share", "percent"):
        percent = f"{value * 100 if unit == 'share' else value:.1f} %".replace(".0 %", " %")
        return language.number(percent)
    if unit == "seconds":
        minutes, seconds = divmod(round(value), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return language.number(f"{value:.2f}".rstrip("0").rstrip("."))
