"""/reports: figures with their formulas, and the contacts behind each of them."""

from __future__ import annotations

from flask import Response

from callcenter.errors import Invalid
from callcenter.queries import reports as queries
from callcenter.queries import users
from callcenter.report_files.writing import within_rights
from callcenter.reporting import address
from callcenter.reporting.address import Asked
from callcenter.reporting.catalog import REPORTS
from callcenter.reporting.catalog import Report as Known
from callcenter.reports.definitions import KPIS
from callcenter.reports.question import Cell
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, the_viewer, today
from web.api.operation import area, operation
from web.api.problems import not_found
from web.api.shapes import interactions as contact_shapes
from web.api.shapes import reports as shapes

api = area("reports", "/reports", "Figures of the call center, each with its formula.")
_WRONG = {
    "no_date": "must be a date such as 2026-11-22",
    "backwards": "must not be before from",
    "too_long": "a report covers ten years at most",
    "no_number": "must be a whole number that fits",
    "unknown_group": "this report cannot be grouped like that",
    "unknown_period": "must be one of the named periods",
}


@operation(api, "get", "", shapes.ReportList)
def list_reports() -> Response:
    """What there is to ask, with the formula of every figure"""
    only_own = the_viewer().scope("report", "read") == "own"
    items = [_told(one) for one in REPORTS.values() if one.own or not only_own]
    return answer(shapes.ReportList, {"items": items})


@operation(api, "get", "/<report>", shapes.ReportAnswer)
def get_report(path: shapes.ReportPath, query: shapes.ReportQuestion) -> Response:
    """One report: its rows and totals"""
    asked = _asked(path.report, query)
    assert asked.period is not None  # noqa: S101 (refused above)
    with the_runtime().reader() as connection:
        found = queries.answer(connection, asked.question())
    told = {
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
    return answer(shapes.ReportAnswer, told)


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
    args = {name: str(value).split(",") for name, value in told.items()}
    asked = address.read(
        report, args, now=the_runtime().clock.now(), zone=query.zone or _own_zone()
    )
    for field, problem in asked.problems.items():
        raise Invalid(field, _WRONG[problem])
    return within_rights(asked, the_viewer())


def _own_zone() -> str:
    with the_runtime().reader() as connection:
        user = users.by_id(connection, the_caller().user_id)
    return user.time_zone if user is not None else "UTC"


def _told(report: Known) -> dict[str, object]:
    figures = [KPIS[name] for name in report.kpis]
    return {
        "key": report.key,
        "title": report.title,
        "figures": figures,
        "by": list(report.by),
        "groups": list(report.groups),
    }
