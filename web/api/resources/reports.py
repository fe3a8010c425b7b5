"""/reports: figures with their formulas, and the contacts behind each of them."""

from __future__ import annotations

from flask import Response, request
from flask_babel import force_locale
from sqlalchemy import Connection

from callcenter.errors import Invalid
from callcenter.queries import reports as queries
from callcenter.queries import users
from callcenter.queries.report_names import known
from callcenter.report_files.writing import within_rights
from callcenter.reporting import address, tables
from callcenter.reporting.address import Asked
from callcenter.reporting.catalog import REPORTS
from callcenter.reporting.catalog import Report as Known
from callcenter.reports.definitions import KPIS
from callcenter.reports.question import Answer, By, Cell
from web import report_words as words
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, the_viewer, today
from web.api.operation import area, operation
from web.api.problems import not_found
from web.api.shapes import interactions as contact_shapes
from web.api.shapes import reports as shapes
from web.i18n import LOCALES

api = area("reports", "/reports", "Figures of the call center, each with its formula.")
_WRONG = {
    "no_date": "must be a date such as 2026-11-22",
    "backwards": "must not be before from",
    "too_long": "a report covers ten years at most",
    "no_number": "must be a whole number that fits",
    "unknown_group": "this report cannot be grouped like that",
    "unknown_period": "must be one of the named periods",
    "unknown_zone": "must be a time zone such as Europe/Warsaw",
    "no_id": "must be ids, which are whole numbers",
    "no_choice": "must be of: {choices}",
    "too_many": "must be at most 200",
    "too_many_groups": "must be at most two",
    "twice": "may be given only once",
    "both": "must not be given beside from or to",
}


@operation(api, "get", "", shapes.ReportList)
def list_reports(query: shapes.ReportLanguage) -> Response:
    """What there is to ask, with the formula of every figure, in the language asked for"""
    only_own = the_viewer().scope("report", "read") == "own"
    locale = _locale(query)
    with force_locale(locale):
        items = [_told(one) for one in REPORTS.values() if one.own or not only_own]
    return _spoken(answer(shapes.ReportList, {"items": items}), locale)


@operation(api, "get", "/<report>", shapes.ReportAnswer)
def get_report(path: shapes.ReportPath, query: shapes.ReportQuestion) -> Response:
    """One report: its rows and totals"""
    asked = _asked(path.report, query)
    assert asked.period is not None  # noqa: S101 (refused above)
    with the_runtime().reader() as connection:
        found = queries.answer(connection, asked.question())
        strangers = _strangers(connection, asked)
    locale = _locale(query)
    told = {
        **_words(asked, found, locale, strangers),
        "report": asked.report.key,
        "start": asked.period.start,
        "end": asked.period.end,
        "zone": asked.period.zone,
        "by": list(asked.by),
        "rows": [{"key": list(row.key), "values": dict(row.values)} for row in found.rows],
        "totals": dict(found.totals),
        "cut": found.cut,
        "as_of": found.as_of,
    }
    return _spoken(answer(shapes.ReportAnswer, told), locale)


@operation(api, "get", "/<report>/contacts", contact_shapes.InteractionPage)
def list_report_contacts(path: shapes.ReportPath, query: shapes.CellQuestion) -> Response:
    """The contacts behind one number, the newest first"""
    asked = _asked(path.report, query)
    if query.figure not in asked.report.kpis:
        raise Invalid("figure", f"must be one of: {', '.join(asked.report.kpis)}")
    cell = Cell(kpi=query.figure, key=tuple(query.row.split(",")) if query.row else ())
    with the_runtime().reader() as connection:
        page = queries.contacts(
            connection,
            asked.question(),
            cell,
            query.cursor,
            limit=query.limit,
            today=today(),
            viewer=the_viewer(),
        )
    return answer(contact_shapes.InteractionPage, page)


def _asked(key: str, query: shapes.ReportQuestion) -> Asked:
    report = REPORTS.get(key)
    if report is None:
        raise not_found(f"report {key}")
    told = query.model_dump(by_alias=True, exclude_none=True, mode="json")
    args = {name: str(value).split(",") for name, value in told.items() if name in address.NAMES}
    now = the_runtime().clock.now()
    asked = address.read(report, args, now=now, zone=_own_zone(), strict=True)
    for field, problem in asked.problems.items():
        choices = ", ".join(address.CHOICES.get(field, ())) or "names of at most 80 letters"
        raise Invalid(field, _WRONG[problem].format(choices=choices))
    return within_rights(asked, the_viewer())


def _locale(query: shapes.ReportLanguage) -> str:
    return query.language or request.accept_languages.best_match(LOCALES) or "en"


def _spoken(told: Response, locale: str) -> Response:
    told.content_language.add(locale)
    told.vary.add("Accept-Language")
    return told


def _strangers(connection: Connection, asked: Asked) -> list[tuple[By, str]]:
    """Nothing is looked up for a question that names nothing."""
    filters = asked.filters
    if not (filters.queues or filters.operators or filters.outcomes or filters.segments):
        return []
    return tables.strangers(filters, known(connection, the_viewer()).names)


def _words(
    asked: Asked, found: Answer, locale: str, strangers: list[tuple[By, str]]
) -> dict[str, object]:
    """What people read of an answer; names, keys and numbers are the same in every language."""
    kpis = asked.report.kpis
    with force_locale(locale):
        columns = [{"name": by, "title": str(words.BY_WORDS[by])} for by in asked.by]
        columns += [{"name": kpi, "title": words.kpi_title(kpi)} for kpi in kpis]
        notes = words.notes(found)
        if strangers:
            notes.append(words.strangers([f"{words.BY_WORDS[by]} {key}" for by, key in strangers]))
        title = str(words.TITLES[asked.report.key])
    return {"title": title, "columns": columns, "notes": notes}


def _own_zone() -> str:
    with the_runtime().reader() as connection:
        user = users.by_id(connection, the_caller().user_id)
    return user.time_zone if user is not None else "UTC"


def _figure(name: str) -> dict[str, object]:
    kpi = KPIS[name]
    return {
        "name": kpi.name,
        "title": words.kpi_title(name),
        "unit": kpi.unit,
        "formula": words.kpi_formula_alone(name),
        "cited": kpi.cited,
    }


def _told(report: Known) -> dict[str, object]:
    return {
        "key": report.key,
        "title": str(words.TITLES[report.key]),
        "figures": [_figure(name) for name in report.kpis],
        "by": list(report.by),
        "groups": list(report.groups),
    }
