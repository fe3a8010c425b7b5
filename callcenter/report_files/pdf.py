"""A report as a page on paper: Jinja writes it, WeasyPrint sets it. Nothing is fetched from
anywhere: a page that names an address gets nothing from there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NoReturn

from jinja2 import Environment, FileSystemLoader, Template, select_autoescape

from callcenter.report_files import left_out
from callcenter.reporting import charts, drawing, tables
from callcenter.reporting.address import Asked
from callcenter.reporting.language import ABOUT, ENGLISH, Language
from callcenter.reports.definitions import KPIS
from callcenter.reports.question import Answer, By

MOST_ROWS: Final = 1000
"""Setting a page takes time by its length; a sheet has all rows."""


class RefusedError(ValueError):
    """A page asked for something from outside."""


def write(
    path: Path,
    asked: Asked,
    answer: Answer,
    names: tables.Names,
    *,
    before: Answer | None = None,
    language: Language = ENGLISH,
) -> int:
    """How many rows stand in it, the total with them."""
    from weasyprint import HTML  # noqa: PLC0415 (half a second that only a PDF should cost)

    logging.getLogger("weasyprint").setLevel(logging.WARNING)  # else it tells of every step
    made = page(asked, answer, names, before, language)
    HTML(string=made, url_fetcher=_refuse).write_pdf(str(path))
    return min(len(answer.rows), MOST_ROWS) + 1


def page(
    asked: Asked,
    answer: Answer,
    names: tables.Names,
    before: Answer | None = None,
    language: Language = ENGLISH,
) -> str:
    """As HTML, before it is set."""
    return _template().render(
        language=language.tag,
        title=language.say(asked.report.title),
        period=_period(asked),
        filters=_filters(asked, names, language),
        number=tables.spoken(asked.shown, answer.totals.get(asked.shown), language),
        formula=formula(asked.shown, language, answer),
        compared=_compared(asked, before, language),
        drawing=_drawing(asked, answer, names, before, language),
        header=_header(asked, language),
        groups=len(asked.by),
        rows=list(_rows(asked, answer, names, language)) if answer.rows or answer.unknown else [],
        nothing=language.say("Nothing was counted in this time"),
        cut=" ".join(filter(None, (_cut(answer, language), left_out.words(language)))),
        formulas=[formula(kpi, language, answer) for kpi in asked.report.kpis],
    )


def about(
    asked: Asked,
    names: tables.Names,
    language: Language = ENGLISH,
    answer: Answer | None = None,
) -> list[str]:
    """What a sheet of numbers is of, and how each is made."""
    told = [language.say(ABOUT), language.say(asked.report.title), _period(asked)]
    told += [_filters(asked, names, language), ""]
    return told + [formula(kpi, language, answer) for kpi in asked.report.kpis]


def formula(kpi: str, language: Language = ENGLISH, answer: Answer | None = None) -> str:
    """With the reason where the answer has no number of it."""
    told = f"{language.say(KPIS[kpi].title)} = {language.say(KPIS[kpi].formula)}"
    told = f"{told} ({KPIS[kpi].cited})" if KPIS[kpi].cited else told
    why = tables.reason(answer.unknown.get(kpi), language) if answer is not None else ""
    return f"{told}. {why}." if why else told


def _refuse(url: str, *_more: object, **_named: object) -> NoReturn:
    raise RefusedError(f"a report fetches nothing, and this page asked for {url[:80]}")


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    made = Environment(loader=loader, autoescape=select_autoescape(default=True))
    return made.get_template("page.html.j2")


def _header(asked: Asked, language: Language) -> list[str]:
    groups = [tables.BY_WORDS[by] for by in asked.by]
    return [language.say(one) for one in groups + [KPIS[kpi].title for kpi in asked.report.kpis]]


def _rows(
    asked: Asked, answer: Answer, names: tables.Names, language: Language
) -> Iterable[Sequence[str]]:
    kpis = asked.report.kpis
    for row in answer.rows[:MOST_ROWS]:
        keys = zip(asked.by, row.key, strict=False)
        told = [tables.label(by, key, names, language) for by, key in keys]
        yield told + [tables.spoken(kpi, row.values.get(kpi), language) for kpi in kpis]
    yield [
        *[language.say("Total"), *([""] * len(asked.by))][: len(asked.by)],
        *(tables.spoken(kpi, answer.totals.get(kpi), language) for kpi in kpis),
    ]


def _period(asked: Asked) -> str:
    period = asked.period
    assert period is not None  # noqa: S101 (asked by the caller)
    form = "%Y-%m-%d %H:%M"
    first, last = period.local_start.strftime(form), period.local_end.strftime(form)
    return f"{first} – {last}, {period.zone}"


def _filters(asked: Asked, names: tables.Names, language: Language) -> str:
    """Each by the name of the grouping that it is a value of."""
    filters = asked.filters
    told: dict[By, Iterable[str]] = {
        "queue": filters.queues,
        "operator": [str(one) for one in filters.operators or ()],
        "dialed": filters.dialed,
        "trunk": filters.trunks,
        "channel": filters.channels,
        "direction": filters.directions,
        "result": filters.results,
        "outcome": [str(one) for one in filters.outcomes],
        "segment": [str(one) for one in filters.segments],
    }
    shown = {
        by: ", ".join(tables.label(by, key, names, language) for key in keys)
        for by, keys in told.items()
    }
    words = {by: language.say(tables.BY_WORDS[by]) for by in told}
    return " · ".join(f"{words[by]}: {keys}" for by, keys in shown.items() if keys)


def _compared(asked: Asked, before: Answer | None, language: Language) -> str:
    if before is None or before.totals.get(asked.shown) is None:
        return ""
    number = tables.spoken(asked.shown, before.totals[asked.shown], language)
    return f"{language.say('Period before')}: {number}"


def _drawing(
    asked: Asked,
    answer: Answer,
    names: tables.Names,
    before: Answer | None,
    language: Language,
) -> drawing.Drawing | None:
    words = charts.Words(
        label=lambda by, key: tables.label(by, key, names, language),
        title=lambda kpi: language.say(KPIS[kpi].title),
        before=language.say("Period before"),
        goal=language.say("Goal"),
    )
    chart = charts.chart(asked, answer, words, before=before, queues=names.queues)
    if chart is None or not _has_numbers(chart):
        return None
    return drawing.drawing(chart, lambda value, unit: tables.told(value, unit, language))


def _has_numbers(chart: Mapping[str, Any]) -> bool:
    """Axes around nothing say nothing."""
    told = [value for one in chart.get("series", ()) for value in one["values"]]
    return bool(chart.get("cells")) or any(value is not None for value in told)


def _cut(answer: Answer, language: Language) -> str:
    if len(answer.rows) > MOST_ROWS:
        told = language.say("The first %(shown)d of %(all)d rows. A file has all of them.")
        return f"{told % {'shown': MOST_ROWS, 'all': len(answer.rows)}} (CSV, XLSX)"
    return language.say(tables.MORE) if answer.cut else ""
