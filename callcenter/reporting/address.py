"""What an address asks: `?period=7d&by=queue&queue=sales…` read into a question and written again.

Pages, saved views, exports, schedules and the command line all go by the same words. Nothing here
raises for what somebody typed: what cannot be taken is told, by field. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final, Literal, cast, get_args
from urllib.parse import parse_qs, urlencode

from callcenter.errors import Invalid
from callcenter.reporting import spans
from callcenter.reporting.catalog import Report
from callcenter.reports.periods import Period, zone_of
from callcenter.reports.question import By, Filters, Question, ServiceLevel

Args = Mapping[str, Sequence[str]]
Problem = Literal[
    "no_date", "backwards", "too_long", "no_number", "unknown_group", "unknown_period"
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
_MOST: Final = 200
_LONGEST: Final = 80
_MOST_SECONDS: Final = 3600
_MOST_DAYS: Final = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`period` None: what was asked of it cannot be taken, see `problems` (field → what)."""

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
) -> Asked:
    """`days`: the first and the last of the period, whatever the address says of one."""
    problems: dict[str, Problem] = {}
    today = now.astimezone(zone_of(zone)).date()
    preset, first, last = _days(args, today, problems)
    if days is not None:
        preset, (first, last) = "custom", days
    period = _period(first, last, zone, now, problems)
    kpi = _one(args, "kpi")
    return Asked(
        report=report,
        preset=preset,
        first=first,
        last=last,
        period=period,
        by=_by(report, args, problems),
        filters=_filters(args),
        sl=_service_level(args, problems),
        again_days=_number(args, "again", 1, _MOST_DAYS, problems) or 7,
        compare=_one(args, "compare") != "no",
        kpi=kpi if kpi in report.kpis and kpi != report.main else "",
        problems=problems,
    )


def parse(query: str) -> Args:
    """A query string as it was kept with a view or a schedule. Invalid if it is too long."""
    try:
        return parse_qs(query, max_num_fields=500)
    except ValueError:
        words = "has more filters than can be kept; take some away"
        raise Invalid("address", words) from None


def pairs(asked: Asked, *, dates: bool = True) -> list[tuple[str, str]]:
    """Its address: only what differs from a report as it is opened."""
    told: list[tuple[str, str]] = []
    if dates and asked.preset == "custom":
        told += [("from", asked.first.isoformat()), ("to", asked.last.isoformat())]
    elif dates and asked.preset != spans.DEFAULT:
        told.append(("period", asked.preset))
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


def _days(args: Args, today: date, problems: dict[str, Problem]) -> tuple[str, date, date]:
    preset = _one(args, "period")
    if preset and preset != "custom" and preset not in spans.PRESETS:
        problems["period"] = "unknown_period"
    asks_days = bool(_one(args, "from") or _one(args, "to"))
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
    if report.chart == "heatmap":
        return report.by
    told = [one for one in args.get("by", ()) if one][:2]
    if any(one not in get_args(By) or one not in report.groups for one in told):
        problems["by"] = "unknown_group"
        return report.by
    return cast("tuple[By, ...]", tuple(dict.fromkeys(told))) or report.by


def _filters(args: Args) -> Filters:
    told: dict[str, Any] = {its: _texts(args, name) for name, its in LISTS.items()}
    told |= {its: _ids(args, name) for name, its in _IDS.items()}
    operators = _ids(args, "operator")
    return Filters(**told, operators=operators or None)


def _service_level(args: Args, problems: dict[str, Problem]) -> ServiceLevel:
    return ServiceLevel(
        seconds=_number(args, "sl", 1, _MOST_SECONDS, problems),
        abandons="out" if _one(args, "abandons") == "out" else "in",
        short="in" if _one(args, "short") == "in" else "out",
    )


def _one(args: Args, name: str) -> str:
    return next((one.strip() for one in args.get(name, ()) if one.strip()), "")


def _texts(args: Args, name: str) -> tuple[str, ...]:
    told = (one.strip()[:_LONGEST].replace("\x00", "") for one in args.get(name, ()))
    return tuple(dict.fromkeys(one for one in told if one))[:_MOST]


def _ids(args: Args, name: str) -> tuple[int, ...]:
    told = [one for one in _texts(args, name) if one.isascii() and one.isdecimal()]
    return tuple(int(one) for one in told if len(one) <= 18)


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
