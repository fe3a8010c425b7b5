"""A report as a page on paper: Jinja writes it, WeasyPrint sets it. Nothing is fetched from
anywhere: a page that names an address gets nothing from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NoReturn

from jinja2 import Environment, FileSystemLoader, Template, select_autoescape

from callcenter.reporting import charts, drawing, tables
from callcenter.reporting.address import Asked
from callcenter.reports.definitions import KPIS
from callcenter.reports.question import Answer

MOST_ROWS: Final = 2000
"""Setting a page takes time by its length; a sheet has all rows."""


class RefusedError(ValueError):
    """A page asked for something from outside."""


def write(
    path: Path, asked: Asked, answer: Answer, names: tables.Names, before: Answer | None = None
) -> int:
    """How many rows stand in it, the total with them."""
    from weasyprint import HTML  # noqa: PLC0415 (half a second that only a PDF should cost)

    rows = list(_rows(asked, answer, names))
    page = _template().render(
        title=asked.report.title,
        period=_period(asked),
        filters=_filters(asked, names),
        number=tables.spoken(asked.shown, answer.totals.get(asked.shown)),
        formula=formula(asked.shown),
        compared=_compared(asked, before),
        drawing=_drawing(asked, answer, names, before),
        header=_header(asked),
        groups=len(asked.by),
        rows=rows if answer.rows else [],
        cut=_cut(answer),
        formulas=[formula(kpi) for kpi in asked.report.kpis],
    )
    HTML(string=page, url_fetcher=_refuse).write_pdf(str(path))
    return len(rows)


def formula(kpi: str) -> str:
    told = f"{KPIS[kpi].title} = {KPIS[kpi].formula}"
    return f"{told} ({KPIS[kpi].cited})" if KPIS[kpi].cited else told


def _refuse(url: str, *_more: object, **_named: object) -> NoReturn:
    raise RefusedError(f"a report fetches nothing, and this page asked for {url[:80]}")


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    made = Environment(loader=loader, autoescape=select_autoescape(default=True))
    return made.get_template("page.html.j2")


def _header(asked: Asked) -> list[str]:
    groups = [tables.BY_WORDS[by] for by in asked.by]
    return groups + [KPIS[kpi].title for kpi in asked.report.kpis]


def _rows(asked: Asked, answer: Answer, names: tables.Names) -> Iterable[Sequence[str]]:
    kpis = asked.report.kpis
    for row in answer.rows[:MOST_ROWS]:
        told = [tables.label(by, key, names) for by, key in zip(asked.by, row.key, strict=False)]
        yield told + [tables.spoken(kpi, row.values.get(kpi)) for kpi in kpis]
    yield [
        *["Total", *([""] * len(asked.by))][: len(asked.by)],
        *(tables.spoken(kpi, answer.totals.get(kpi)) for kpi in kpis),
    ]


def _period(asked: Asked) -> str:
    period = asked.period
    assert period is not None  # noqa: S101 (asked by the caller)
    form = "%Y-%m-%d %H:%M"
    first, last = period.local_start.strftime(form), period.local_end.strftime(form)
    return f"{first} – {last}, {period.zone}"


def _filters(asked: Asked, names: tables.Names) -> str:
    filters = asked.filters
    told = [
        ("Queues", [names.queues.get(one, one) for one in filters.queues]),
        ("Operators", [names.operators.get(str(one), str(one)) for one in filters.operators or ()]),
        ("Numbers dialled", filters.dialed),
        ("Trunks", filters.trunks),
        ("Channels", filters.channels),
        ("Directions", filters.directions),
        ("Results", filters.results),
        ("Outcomes", [names.outcomes.get(str(one), str(one)) for one in filters.outcomes]),
        ("Segments", [names.segments.get(str(one), str(one)) for one in filters.segments]),
    ]
    return " · ".join(f"{word}: {', '.join(values)}" for word, values in told if values)


def _compared(asked: Asked, before: Answer | None) -> str:
    if before is None or before.totals.get(asked.shown) is None:
        return ""
    return f"period before: {tables.spoken(asked.shown, before.totals[asked.shown])}"


def _drawing(
    asked: Asked, answer: Answer, names: tables.Names, before: Answer | None
) -> drawing.Drawing | None:
    words = charts.Words(
        label=lambda by, key: tables.label(by, key, names),
        title=lambda kpi: KPIS[kpi].title,
        before="Period before",
        goal="Goal",
    )
    chart = charts.chart(asked, answer, words, before=before)
    return None if chart is None else drawing.drawing(chart, _axis)


def _axis(value: float, unit: str) -> str:
    return tables.told(value, unit)


def _cut(answer: Answer) -> str:
    if len(answer.rows) > MOST_ROWS:
        return f"The first {MOST_ROWS} of {len(answer.rows)} rows. A sheet has all of them."
    return "There are more rows than a report has." if answer.cut else ""
