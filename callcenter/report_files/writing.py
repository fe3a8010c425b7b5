"""Writes the file that somebody asked for, a page of contacts at a time, so that a million of them
take no more memory than a hundred."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from callcenter.errors import Invalid, ProductError
from callcenter.exports import workbook
from callcenter.exports.writing import csv_chunks
from callcenter.queries import reports as queries
from callcenter.queries.report_names import known
from callcenter.queries.showing import shown
from callcenter.report_files import pdf
from callcenter.reporting import address, detail, tables
from callcenter.reporting.address import Asked
from callcenter.reporting.catalog import REPORTS
from callcenter.reporting.language import Language
from callcenter.reports.question import Answer, Cell
from callcenter.rights.viewer import Viewer

Tell = Callable[[int], None]
PAGE: Final = 500
_TELL_EACH: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be written, and for whom."""

    asked: Asked
    viewer: Viewer
    form: str
    what: str = "table"
    today: date
    language: Language = field(default_factory=Language)


def order_of(
    plan: Mapping[str, Any],
    form: str,
    viewer: Viewer,
    *,
    days: tuple[date, date] | None = None,
) -> Order:
    """As it was kept with a file or a schedule. Raises Invalid where it cannot be made any more."""
    report = REPORTS.get(str(plan.get("report")))
    if report is None:
        raise Invalid("report", "there is no such report any more")
    at, zone = datetime.fromisoformat(plan["at"]), str(plan["zone"])
    asked = address.read(report, address.parse(plan["address"]), now=at, zone=zone, days=days)
    if asked.period is None:
        raise Invalid("period", "the period of this report cannot be read")
    return Order(
        asked=within_rights(asked, viewer),
        viewer=viewer,
        form=form,
        what=str(plan.get("what", "table")),
        today=at.date(),
        language=Language.of(plan.get("words")),
    )


def within_rights(asked: Asked, viewer: Viewer) -> Asked:
    """Only of those whose figures this viewer sees. Invalid where that is nobody's business."""
    theirs = viewer.user_ids("report", "read")
    if theirs is None:
        return asked
    if not theirs or (viewer.scope("report", "read") == "own" and not asked.report.own):
        raise Invalid("report", "this report is not for this user any more")
    return address.only(asked, theirs)


def write(connection: Connection, order: Order, path: Path, tell: Tell = lambda _: None) -> int:
    """How many rows were written."""
    if order.what == "contacts":
        header = detail.header(order.language)
        return _write_rows(path, order.form, header, _contacts(connection, order), tell)
    asked, language = order.asked, order.language
    names = known(connection, order.viewer).names
    answer = queries.answer(connection, asked.question())
    if order.form == "pdf":
        before = _before(connection, asked)
        return pdf.write(path, asked, answer, names, before=before, language=language)
    kpis = asked.report.kpis
    rows = tables.rows(answer, kpis, asked.by, names, language)
    return _write_rows(path, order.form, tables.header(kpis, asked.by, language), rows, tell)


def _before(connection: Connection, asked: Asked) -> Answer | None:
    then = asked.before() if asked.compare else None
    if then is None:
        return None
    try:
        return queries.answer(connection, replace(asked.question(), period=then))
    except ProductError:
        return None


def _write_rows(
    path: Path, form: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]], tell: Tell
) -> int:
    count = 0

    def counted() -> Iterator[tuple[str, ...]]:
        nonlocal count
        for row in rows:
            count += 1
            if count % _TELL_EACH == 0:
                tell(count)
            yield row

    if form == "xlsx":
        workbook.write(path, header, counted())
    else:
        with path.open("wb") as file:
            file.writelines(csv_chunks(chain([header], counted())))
    return count


def _contacts(connection: Connection, order: Order) -> Iterator[tuple[str, ...]]:
    """Everything that the report's first counting figure counts, the newest first."""
    asked, cursor = order.asked, None
    zone = asked.period.zone if asked.period is not None else "UTC"
    cell = Cell(kpi=_counted(asked))
    while True:
        page = queries.contacts(
            connection,
            asked.question(),
            cell,
            cursor,
            limit=PAGE,
            today=order.today,
            viewer=order.viewer,
        )
        for view in shown(connection, order.viewer, page.items):
            yield detail.row_of(view, zone, order.language)
        cursor = page.next_cursor
        if cursor is None:
            return


def _counted(asked: Asked) -> str:
    wanted = ("offered", "contacts", "handled", "answered", "placed", "callbacks", "survey_answers")
    return next((one for one in wanted if one in asked.report.kpis), asked.report.main)
