"""Writes the file that somebody asked for, a page of contacts at a time, so that a million of them
take no more memory than a hundred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from callcenter.errors import Invalid, ProductError
from callcenter.exports import workbook
from callcenter.exports.counting import Counted, Tell
from callcenter.exports.writing import csv_chunks
from callcenter.queries import left_out as archive_reading
from callcenter.queries import reports as queries
from callcenter.queries.report_names import known
from callcenter.queries.showing import shown
from callcenter.report_files import left_out, pdf
from callcenter.reporting import address, detail, tables
from callcenter.reporting.address import Asked
from callcenter.reporting.catalog import REPORTS
from callcenter.reporting.language import Language
from callcenter.reports import knowing
from callcenter.reports.definitions import KPIS
from callcenter.reports.periods import zone_of
from callcenter.reports.question import Answer, Cell
from callcenter.rights.viewer import Viewer

PAGE: Final = 500
NO_CONTACTS: Final = "no contacts stand behind this report"


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
    address.refuse(asked)
    return Order(
        asked=within_rights(asked, viewer),
        viewer=viewer,
        form=form,
        what=str(plan.get("what", "table")),
        today=at.astimezone(zone_of(zone)).date(),
        language=Language.of(plan.get("words")),
    )


def within_rights(asked: Asked, viewer: Viewer) -> Asked:
    """Only of those whose figures this viewer sees, and of no segment that is somebody else's.
    Invalid where that is nobody's business."""
    told = replace(asked.filters, segments_of=_segments_of(viewer))
    asked, theirs = replace(asked, filters=told), viewer.user_ids("report", "read")
    if theirs is None:
        return asked
    if not theirs or (viewer.scope("report", "read") == "own" and not asked.report.own):
        raise Invalid("report", "this report is not for this user any more")
    return address.only(asked, theirs)


def _segments_of(viewer: Viewer) -> int | None:
    """The product itself (0) sees every segment."""
    if not viewer.may("segment", "read"):
        return 0
    return viewer.user_id or None


def write(
    connection: Connection, order: Order, path: Path, tell: Tell = lambda _done, _all: None
) -> int:
    """How many rows were written."""
    archive_reading.begin()
    if order.what == "contacts":
        counted = order.asked.report.counted
        if not counted or knowing.unknown(KPIS[counted], order.asked.question()):
            raise Invalid("what", NO_CONTACTS)
        header = detail.header(order.language)
        total = _how_many(connection, order.asked)
        rows = Counted(_contacts(connection, order), total, tell)
        return _write_rows(path, order, header, rows)
    asked, language = order.asked, order.language
    names = known(connection, order.viewer, order.language.tag).names
    answer = queries.answer(connection, asked.question())
    if order.form == "pdf":
        before = _before(connection, asked)
        # Setting a long page takes longer than a server lets a transaction stand idle.
        connection.rollback()
        return pdf.write(path, asked, answer, names, before=before, language=language)
    kpis = asked.report.kpis
    found = tables.rows(answer, kpis, asked.by, names, language)
    rows = Counted(found, len(answer.rows) + 1, tell)
    header = tables.header(kpis, asked.by, language)
    about = pdf.about(asked, names, language, answer)
    return _write_rows(path, order, header, rows, texts=len(asked.by), about=about)


def _before(connection: Connection, asked: Asked) -> Answer | None:
    then = asked.before() if asked.compare else None
    if then is None:
        return None
    try:
        return queries.answer(connection, replace(asked.question(), period=then))
    except ProductError:
        return None


def _write_rows(
    path: Path,
    order: Order,
    header: tuple[str, ...],
    rows: Counted,
    *,
    texts: int | None = None,
    about: Sequence[str] = (),
) -> int:
    if order.form == "xlsx":
        # A single row of numbers has no place for words: there it is words itself.
        texts = max(texts, 1) if texts is not None and left_out.words() else texts
        workbook.write(path, header, chain(rows, _left_out(order.language)), texts, about=about)
    else:
        language = order.language
        spoken = rows if texts is None else _as_spoken(rows, texts, language)
        with path.open("wb") as file:
            file.writelines(
                csv_chunks(chain([header], spoken, _left_out(language)), language.separator)
            )
    return rows.count


def _as_spoken(
    rows: Iterable[tuple[str, ...]], texts: int, language: Language
) -> Iterator[tuple[str, ...]]:
    """With the decimal mark that a spreadsheet of that language takes for one."""
    for row in rows:
        yield row[:texts] + tuple(language.number(cell) for cell in row[texts:])


def _left_out(language: Language) -> Iterator[tuple[str, ...]]:
    """Asked for when all else is written: what was read by then is known."""
    if words := left_out.words(language):
        yield (words,)


def _contacts(connection: Connection, order: Order) -> Iterator[tuple[str, ...]]:
    """Everything that the report's first counting figure counts, the newest first."""
    asked, cursor = order.asked, None
    zone = asked.period.zone if asked.period is not None else "UTC"
    names = known(connection, order.viewer, order.language.tag).names
    cell = Cell(kpi=asked.report.counted)
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
            yield detail.row_of(view, zone, order.language, names)
        cursor = page.next_cursor
        if cursor is None:
            return


def _how_many(connection: Connection, asked: Asked) -> int:
    """About: a contact that came to two queues counts twice in some figures, and is one row."""
    question = replace(asked.question((asked.report.counted,)), by=())
    return round(queries.answer(connection, question).totals[asked.report.counted] or 0)
