"""What the pages of reports show of an answer: cells with their links, changes, the chart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from typing import Any, Literal

from babel.numbers import format_decimal
from flask import abort, url_for
from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from sqlalchemy import Connection

from callcenter.errors import Invalid
from callcenter.queries import reports as queries
from callcenter.queries.queues import settings as queue_settings
from callcenter.queries.report_names import Known, Ways, known, ways
from callcenter.report_files.writing import within_rights
from callcenter.reporting import address, charts
from callcenter.reporting.address import Asked
from callcenter.reporting.catalog import REPORTS, Report
from callcenter.reporting.tables import Names
from callcenter.reporting.tables import strangers as of_tables
from callcenter.reports.definitions import KPIS
from callcenter.reports.periods import Period
from callcenter.reports.question import Answer, Row
from callcenter.rights.viewer import Viewer
from web.context import me, runtime
from web.report_words import BY_WORDS, kpi_title, row_label
from web.viewer import the_viewer

MOST_SHOWN = 400
"""Rows of a table in a page; a file has all of them."""
_MOST_NAMED = 5
# Of these there is a list of contacts; time in a state is nobody's contact.
_LINKED = ("contacts", "repeats", "callbacks", "surveys", "quality", "operators")


@dataclass(frozen=True, slots=True)
class Change:
    """`tone`: good, bad or calm; `text`: by how much, with its sign."""

    way: Literal["up", "down", "same"]
    tone: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`refused`: why there are no figures, in the product's English words."""

    asked: Asked
    known: Known
    ways: Ways = field(default_factory=Ways)
    answer: Answer | None = None
    before: Answer | None = None
    chart: Mapping[str, Any] | None = None
    refused: Invalid | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing was counted; what cannot be told with these filters is no nothing."""
        return self.answer is None or not (any(self.answer.totals.values()) or self.answer.unknown)


def report_of(key: str) -> Report:
    """404 for one that there is not, or that this viewer may not ask even of themselves."""
    report = REPORTS.get(key)
    if report is None or (not report.own and the_viewer().scope("report", "read") == "own"):
        abort(404)
    return report


def reports_of(viewer: Viewer) -> list[Report]:
    only_own = viewer.scope("report", "read") == "own"
    return [one for one in REPORTS.values() if one.own or not only_own]


def asked_of(report: Report, args: address.Args) -> Asked:
    """With the viewer's rights in it already."""
    asked = address.read(report, args, now=runtime().clock.now(), zone=me().zone.key)
    return within_rights(asked, the_viewer())


def show(connection: Connection, asked: Asked) -> Shown:
    named = known(connection, the_viewer(), str(get_locale()))
    if asked.period is None:
        return Shown(asked=asked, known=named)
    came = ways(connection, asked.period.end)
    try:
        answer = queries.answer(connection, asked.question())
        before = _before(connection, asked)
    except Invalid as error:
        return Shown(asked=asked, known=named, ways=came, refused=error)
    words = charts.Words(
        label=lambda by, key: row_label(by, key, named.names),
        title=kpi_title,
        before=_("Period before"),
        goal=_("Goal"),
        link=lambda row, kpi: contacts_link(asked, kpi, row.key),
    )
    drawn = charts.chart(
        asked,
        answer,
        words,
        before=before,
        goal=_goal(connection, asked),
        queues=named.names.queues,
    )
    return Shown(asked=asked, known=named, ways=came, answer=answer, before=before, chart=drawn)


def period_words(period: Period) -> str:
    """The days, the last one included; with the time where it is not whole."""
    first, end = period.local_start, period.local_end
    whole = end.time() == time()
    last = end.date() - timedelta(days=1) if whole else end.date()
    day = "d MMM y"
    told = str(format_date(first.date(), day))
    if last != first.date():
        told += f" – {format_date(last, day)}"
    elif not whole:
        told += f", {first:%H:%M} –"
    return told if whole else f"{told} {end:%H:%M}"


def strangers(asked: Asked, names: Names) -> list[str]:
    """What is asked for in the address and is not there (any more)."""
    return [f"{BY_WORDS[by]} {key}" for by, key in of_tables(asked.filters, names)]


def unknown_names(args: address.Args) -> list[str]:
    """What the address says besides what reports know."""
    return [name[:40] for name in args if name not in address.NAMES][:_MOST_NAMED]


def totals(connection: Connection, asked: Asked, kpis: tuple[str, ...]) -> tuple[Answer, Answer]:
    """Of the period and of the one before it, without rows."""
    assert asked.period is not None  # noqa: S101 (the overview's own choices are always one)
    now = replace(asked.question(kpis), by=())
    then = asked.before()
    answer = queries.answer(connection, now)
    if then is None:
        return answer, Answer(rows=(), totals={})
    return answer, queries.answer(connection, replace(now, period=then))


def _before(connection: Connection, asked: Asked) -> Answer | None:
    then = asked.before() if asked.compare else None
    if then is None:
        return None
    return queries.answer(connection, replace(asked.question(), period=then))


def _goal(connection: Connection, asked: Asked) -> float | None:
    """The queues' goal, where those that are meant agree on one."""
    found = queue_settings(connection)
    wanted = asked.filters.queues or tuple(found)
    goals = {found[name].sl_percent for name in wanted if name in found}
    return goals.pop() / 100 if len(goals) == 1 else None


def link(report: Report, asked: Asked, endpoint: str = "reports.one", **more: Any) -> str:
    """The address of a report with what is asked of this one."""
    return url_for(endpoint, key=report.key, **{**_told(asked), **more})


def _told(asked: Asked) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in address.pairs(asked):
        told.setdefault(name, []).append(value)
    return told


def own_link(asked: Asked, endpoint: str = "reports.one") -> str:
    """The same in the viewer's own time zone; '' where it is in it."""
    if asked.period is None or asked.period.zone == me().zone.key:
        return ""
    own = replace(asked, zone="")
    return link(own.report, own) if endpoint == "reports.one" else url_for(endpoint, **_told(own))


def contacts_link(asked: Asked, kpi: str, key: tuple[str, ...] = ()) -> str:
    """The contacts behind one number; '' where it counts none."""
    if KPIS[kpi].source not in _LINKED:
        return ""
    row = {"row": list(key)} if key else {}
    return link(asked.report, asked, "reports.contacts", figure=kpi, **row)


def change(kpi: str, now: float | None, then: float | None) -> Change | None:
    """None where there is nothing to compare."""
    if now is None or then is None:
        return None
    unit = KPIS[kpi].unit
    gap = now - then
    if unit != "share" and not then:
        return None
    size = gap * 100 if unit == "share" else gap / then * 100
    if abs(size) < 0.05:
        return Change("same", "calm", _("no change"))
    better = KPIS[kpi].better
    good = better == ("up" if gap > 0 else "down")
    tone = ("ok" if good else "bad") if better else "calm"
    told = format_decimal(size, format="+0.0;−0.0", locale=get_locale())
    text = _("%(points)s points", points=told) if unit == "share" else f"{told}\u00a0%"
    return Change("up" if gap > 0 else "down", tone, text)


def change_of(shown: Shown, kpi: str, row: Row | None = None) -> Change | None:
    if shown.before is None or shown.answer is None:
        return None
    if row is None:
        return change(kpi, shown.answer.totals.get(kpi), shown.before.totals.get(kpi))
    return None
