"""What an address asks: `?period=7d&by=queue&queue=sales…` read into a question and written again.

Pages, saved views, exports, schedules and the command line all go by the same words. Nothing here
raises for what somebody typed: what cannot be taken is told, by field. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Final, Literal, cast, get_args
from urllib.parse import parse_qs, urlencode

from callcenter.calls.record import CallResult, Direction
from callcenter.channels.contact import ContactChannel
from callcenter.errors import Invalid
from callcenter.reporting import spans
from callcenter.reporting.catalog import Report
from callcenter.reports.periods import Period, zone_of
from callcenter.reports.question import By, Filters, Question, ServiceLevel

Args = Mapping[str, Sequence[str]]
Problem = Literal[
    "no_date",
    "backwards",
    "too_long",
    "no_number",
    "unknown_group",
    "unknown_period",
    "unknown_zone",
    "no_id",
    "no_choice",
    "too_many",
    "too_many_groups",
    "twice",
    "both",
]
LISTS: Final = {
    "channel": "channels",
    "direction": "directions",
    "queue": "queues",
    "did": "dialed",
    "trunk": "trunks",
    "result": "results",
}
_IDS: Final = {"outcome": "outcomes", "segment": "segments"}
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "channel": ("call", *get_args(ContactChannel), "note", "document", "task"),
    "direction": get_args(Direction),
    "result": get_args(CallResult),
    "abandons": ("in", "out"),
    "short": ("in", "out"),
    "compare": ("yes", "no"),
}
_ONCE: Final = (
    *("period", "from", "to", "zone", "sl", "again", "abandons", "short", "compare", "kpi"),
)
_NARROWING: Final = frozenset({*LISTS, *_IDS, "operator"})
NAMES: Final = frozenset({*_ONCE, *_NARROWING, "by"})
"""What an address can say."""
MOST_GROUPS: Final = 2
_MOST: Final = 200
_LONGEST: Final = 80
_MOST_SECONDS: Final = 3600
_MOST_DAYS: Final = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`period` None: what was asked of it cannot be taken, see `problems` (field → what). `zone`:
    the one that the address names, '' for that of whoever looks."""

    report: Report
    preset: str
    first: date
    last: date
    period: Period | None
    by: tuple[By, ...]
    filters: Filters
    sl: ServiceLevel
    again_days: int = 7
    compare: bool = True
    kpi: str = ""
    zone: str = ""
    at: datetime | None = None
    problems: Mapping[str, Problem] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """The figure that stands above the chart."""
        return self.kpi or self.report.main

    def question(self, kpis: tuple[str, ...] | None = None) -> Question:
        """Only where there is a period."""
        assert self.period is not None  # noqa: S101 (asked by the caller)
        return Question(
            kpis=kpis or self.report.kpis,
            period=self.period,
            by=self.by,
            filters=self.filters,
            sl=self.sl,
            again_days=self.again_days,
            at=self.at,
        )

    def before(self) -> Period | None:
        """The period it is compared with; None where there is none to compare."""
        if self.period is None:
            return None
        try:
            return spans.before(self.preset, self.period)
        except (Invalid, OverflowError, ValueError):
            return None


def read(
    report: Report,
    args: Args,
    *,
    now: datetime,
    zone: str,
    days: tuple[date, date] | None = None,
    strict: bool = False,
) -> Asked:
    """`zone`: whose days are meant where the address names no other. `days`: the first and the
    last of the period, days of `zone` whatever the address says of one. `strict`: a named period
    beside days is refused; a form always sends both, and its name counts."""
    problems: dict[str, Problem] = {name: "twice" for name in _ONCE if _is_twice(args, name)}
    told_zone = _zone(args, problems) if days is None else ""
    zone = told_zone or zone
    today = now.astimezone(zone_of(zone)).date()
    preset, first, last = _days(args, today, problems)
    if days is not None:
        preset, (first, last) = "custom", days
    if strict and days is None and preset != "custom" and (args.get("from") or args.get("to")):
        problems["period"] = "both"
    period = _period(first, last, zone, now, problems)
    kpi = _one(args, "kpi")
    if kpi and kpi not in report.kpis:
        problems["kpi"] = "no_choice"
    filters = _filters(args, problems)
    return Asked(
        report=report,
        preset=preset,
        first=first,
        last=last,
        # Without a filter that cannot be taken the answer would be to another question.
        period=None if problems.keys() & _NARROWING else period,
        by=_by(report, args, problems),
        filters=filters,
        sl=_service_level(args, problems),
        at=now,
        again_days=_number(args, "again", 1, _MOST_DAYS, problems) or 7,
        compare=_choice(args, "compare", problems) != "no",
        kpi=kpi if kpi in report.kpis and kpi != report.main else "",
        zone=told_zone,
        problems=problems,
    )


def parse(query: str) -> Args:
    """A query string as it was kept with a view or a schedule. Invalid if it is too long."""
    try:
        return parse_qs(query, max_num_fields=500)
    except ValueError:
        words = "has more filters than can be kept; take some away"
        raise Invalid("address", words) from None


def check(report: Report, query: str) -> None:
    """Before it is kept or made into a file. Raises Invalid where something in it would have to be
    left out."""
    now, zone = datetime(2026, 1, 1, tzinfo=UTC), "UTC"  # any: days are not what is wrong
    refuse(read(report, parse(query), now=now, zone=zone))


def refuse(asked: Asked) -> None:
    if asked.problems:
        names = ", ".join(asked.problems)
        raise Invalid("address", f"this report cannot be shown as its address says: {names}")


def pairs(asked: Asked, *, dates: bool = True) -> list[tuple[str, str]]:
    """Its address: only what differs from a report as it is opened."""
    told: list[tuple[str, str]] = []
    if dates and asked.preset == "custom":
        told += [("from", asked.first.isoformat()), ("to", asked.last.isoformat())]
    elif dates and asked.preset != spans.DEFAULT:
        told.append(("period", asked.preset))
    if dates and asked.zone:
        told.append(("zone", asked.zone))
    if asked.by != asked.report.by:
        told += [("by", one) for one in asked.by]
    told += _filter_pairs(asked.filters)
    if asked.sl.seconds is not None:
        told.append(("sl", str(asked.sl.seconds)))
    if asked.sl.abandons != "in":
        told.append(("abandons", asked.sl.abandons))
    if asked.sl.short != "out":
        told.append(("short", asked.sl.short))
    if asked.again_days != 7:
        told.append(("again", str(asked.again_days)))
    if not asked.compare:
        told.append(("compare", "no"))
    if asked.kpi:
        told.append(("kpi", asked.kpi))
    return told


def write(asked: Asked, *, dates: bool = True) -> str:
    return urlencode(pairs(asked, dates=dates))


def only(asked: Asked, user_ids: Iterable[int]) -> Asked:
    """The same, of these operators alone: what somebody may not see is not asked."""
    allowed = frozenset(user_ids)
    wanted = asked.filters.operators
    kept = tuple(sorted(allowed if wanted is None else allowed & set(wanted)))
    return replace(asked, filters=replace(asked.filters, operators=kept))


def _filter_pairs(filters: Filters) -> list[tuple[str, str]]:
    told = [(name, one) for name, its in LISTS.items() for one in getattr(filters, its)]
    told += [("operator", str(one)) for one in filters.operators or ()]
    return told + [(name, str(one)) for name, its in _IDS.items() for one in getattr(filters, its)]


def _zone(args: Args, problems: dict[str, Problem]) -> str:
    name = _one(args, "zone")[:_LONGEST]
    try:
        return zone_of(name).key if name else ""
    except Invalid:
        problems["zone"] = "unknown_zone"
        return ""


def _days(args: Args, today: date, problems: dict[str, Problem]) -> tuple[str, date, date]:
    preset = _one(args, "period")
    if preset and preset != "custom" and preset not in spans.PRESETS:
        problems["period"] = "unknown_period"
    asks_days = bool(_one(args, "from") or _one(args, "to"))
    if preset == "custom" and not asks_days:
        problems["from"] = "no_date"
    if preset in spans.PRESETS or not asks_days:
        named = preset if preset in spans.PRESETS else spans.DEFAULT
        return (named, *spans.days_of(named, today))
    last = _date(args, "to", problems) or today
    first = _date(args, "from", problems) or last
    return "custom", first, last


def _period(
    first: date, last: date, zone: str, now: datetime, problems: dict[str, Problem]
) -> Period | None:
    if problems:
        return None
    if last < first:
        problems["to"] = "backwards"
        return None
    try:
        return spans.period_of(first, last, zone, now)
    except (Invalid, OverflowError):
        problems["to"] = "too_long"
        return None


def _by(report: Report, args: Args, problems: dict[str, Problem]) -> tuple[By, ...]:
    """Where it asks for too many, the first ones."""
    told = tuple(dict.fromkeys(one for one in args.get("by", ()) if one))
    allowed = report.by if report.chart == "heatmap" else report.groups
    if any(one not in allowed for one in told):
        problems["by"] = "unknown_group"
        return report.by
    if report.chart == "heatmap":
        return report.by
    if len(told) > MOST_GROUPS:
        problems["by"] = "too_many_groups"
    return cast("tuple[By, ...]", told[:MOST_GROUPS]) or report.by


def _filters(args: Args, problems: dict[str, Problem]) -> Filters:
    told: dict[str, Any] = {its: _texts(args, name, problems) for name, its in LISTS.items()}
    told |= {its: _ids(args, name, problems) for name, its in _IDS.items()}
    operators = _ids(args, "operator", problems)
    return Filters(**told, operators=operators or None)


def _service_level(args: Args, problems: dict[str, Problem]) -> ServiceLevel:
    return ServiceLevel(
        seconds=_number(args, "sl", 1, _MOST_SECONDS, problems),
        abandons="out" if _choice(args, "abandons", problems) == "out" else "in",
        short="in" if _choice(args, "short", problems) == "in" else "out",
    )


def _one(args: Args, name: str) -> str:
    return next((one.strip() for one in args.get(name, ()) if one.strip()), "")


def _is_twice(args: Args, name: str) -> bool:
    """Said in two ways; the same once more is no harm."""
    return len({one.strip() for one in args.get(name, ())} - {""}) > 1


def _choice(args: Args, name: str, problems: dict[str, Problem]) -> str:
    told = _one(args, name)
    if told and told not in CHOICES[name]:
        problems[name] = "no_choice"
    return told


def _texts(args: Args, name: str, problems: dict[str, Problem]) -> tuple[str, ...]:
    found = (_plain(one.strip()) for one in args.get(name, ()))
    told = tuple(dict.fromkeys(one for one in found if one))
    known = CHOICES.get(name)
    if any(len(one) > _LONGEST or (known is not None and one not in known) for one in told):
        problems[name] = "no_choice"
    if len(told) > _MOST:
        problems[name] = "too_many"
    return told[:_MOST]


def _plain(text: str) -> str:
    """What every database takes: no NUL, and nothing that is no character."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _ids(args: Args, name: str, problems: dict[str, Problem]) -> tuple[int, ...]:
    told = _texts(args, name, problems)
    ids = tuple(int(one) for one in told if one.isascii() and one.isdecimal() and len(one) <= 18)
    if len(ids) < len(told):
        problems[name] = "no_id"
    return ids


def _date(args: Args, name: str, problems: dict[str, Problem]) -> date | None:
    text = _one(args, name)
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if not 1970 <= found.year <= 2200:
        problems[name] = "no_date"
        return None
    return found


def _number(
    args: Args, name: str, least: int, most: int, problems: dict[str, Problem]
) -> int | None:
    text = _one(args, name)
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) <= 6 and least <= int(text) <= most:
        return int(text)
    problems[name] = "no_number"
    return None
