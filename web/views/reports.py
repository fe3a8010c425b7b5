"""Reports: each a question, its number, one chart, the table; every number opens its contacts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from callcenter.errors import Invalid, ProductError
from callcenter.queries import menu_paths
from callcenter.queries import report_views as view_queries
from callcenter.queries import reports as queries
from callcenter.queries.report_names import known
from callcenter.reporting import address
from callcenter.reporting.address import Asked
from callcenter.reporting.catalog import REPORTS, Report
from callcenter.reporting.tables import trunk_shown
from callcenter.reports.definitions import KPIS
from callcenter.reports.question import Cell
from callcenter.services import report_views as services
from web import report_language, report_pages
from web import report_words as words
from web.access import allow
from web.context import me, reading, runtime, today
from web.conversation_words import CHANNEL_LOOKS
from web.errors import status_of
from web.import_words import STATES, import_words
from web.presentation import DIRECTIONS, RESULTS
from web.service_words import words_of
from web.viewer import the_viewer

reports = Blueprint("reports", __name__, url_prefix="/reports")
_PAGE = 50
_MOST_PATHS = 100


@reports.app_context_processor
def _words() -> dict[str, Any]:
    return {
        "kpi_title": words.kpi_title,
        "kpi_formula": words.kpi_formula,
        "kpi_value": words.kpi_value,
        "why_not": words.why_not,
    }


@reports.get("")
@allow()
def page() -> str:
    """All questions with their numbers: of seven days, or the period that the address says."""
    viewer = the_viewer()
    listed = report_pages.reports_of(viewer)
    asked = {one.key: report_pages.asked_of(one, _args()) for one in listed}
    first = asked[listed[0].key]
    kpis = tuple(dict.fromkeys(one.main for one in listed))
    now = then = None
    refused = ""
    with reading() as connection:
        views = [v for v in view_queries.views_for(connection, viewer) if v.report in asked]
        if first.period is not None:
            try:
                now, then = report_pages.totals(connection, first, kpis)
            except Invalid as error:
                refused = words_of(error)
    return render_template(
        "reports/overview.html",
        listed=listed,
        asked=first,
        own_link=report_pages.own_link(first, "reports.page"),
        period_words=report_pages.period_words,
        now=now,
        then=then,
        refused=refused,
        change=report_pages.change,
        views=views,
        TITLES=words.TITLES,
        PERIODS=words.PERIODS,
        problems=_problems(first),
        link=lambda one: report_pages.link(one, asked[one.key]),
        sees_all=viewer.scope("report", "read") == "all",
    )


@reports.get("/<key>")
@allow()
def one(key: str) -> ResponseReturnValue:
    report = report_pages.report_of(key)
    asked = report_pages.asked_of(report, _args())
    viewer = the_viewer()
    with reading() as connection:
        shown = report_pages.show(connection, asked)
        views = view_queries.views_for(connection, viewer, report.key)
    page = render_template(
        "reports/one.html",
        report=report,
        asked=asked,
        shown=shown,
        names=shown.known.names,
        numbers=[(one, one) for one in shown.ways.numbers],
        trunks=[(one, trunk_shown(one)) for one in shown.ways.trunks],
        period_words=report_pages.period_words,
        own_link=report_pages.own_link(asked),
        strangers=report_pages.strangers(asked, shown.known.names),
        unknown=report_pages.unknown_names(_args()),
        views=views,
        rows=shown.answer.rows[: report_pages.MOST_SHOWN] if shown.answer else (),
        refused=words_of(shown.refused) if shown.refused else "",
        problems=_problems(asked),
        kept=MultiDict(address.pairs(asked)),
        query=address.write(asked),
        change_of=report_pages.change_of,
        contacts_link=report_pages.contacts_link,
        link=report_pages.link,
        row_label=words.row_label,
        TITLES=words.TITLES,
        BY_WORDS=words.BY_WORDS,
        PERIODS=words.PERIODS,
        CHANNEL_LOOKS=CHANNEL_LOOKS,
        KPIS=KPIS,
        MOST_SHOWN=report_pages.MOST_SHOWN,
        sees_all=viewer.scope("report", "read") == "all",
        may_create=viewer.may("report", "create"),
        may_export=viewer.may("export", "create"),
    )
    # A form sends every field that it has; the address that people copy says what was chosen.
    short = {} if asked.problems else {"HX-Push-Url": report_pages.link(report, asked)}
    return page, short


@reports.get("/<key>/contacts")
@allow()
def contacts(key: str) -> str:
    """The contacts behind one number, a page at a time."""
    report = report_pages.report_of(key)
    asked = report_pages.asked_of(report, _args())
    kpi = request.args.get("figure", "")
    if kpi not in report.kpis or asked.period is None:
        abort(404)
    row = tuple(request.args.getlist("row"))
    refused = ""
    found = None
    with reading() as connection:
        try:
            found = queries.contacts(
                connection,
                asked.question(),
                Cell(kpi=kpi, key=row),
                request.args.get("cursor"),
                limit=_PAGE,
                today=today(),
                viewer=the_viewer(),
            )
        except Invalid as error:
            refused = words_of(error)
        named = known(connection, the_viewer(), str(get_locale()))
    more = request.headers.get("HX-Target") == "more"
    told = () if refused else zip(asked.by, row, strict=False)
    labels = [words.row_label(by, part, named.names) for by, part in told]
    return render_template(
        "reports/contact_rows.html" if more else "reports/contacts.html",
        report=report,
        asked=asked,
        kpi=kpi,
        found=found,
        refused=refused,
        labels=labels,
        listed=words.listed(kpi),
        back=report_pages.link(report, asked),
        period_words=report_pages.period_words,
        kept={name: request.args.getlist(name) for name in request.args if name != "cursor"},
        TITLES=words.TITLES,
        CHANNEL_LOOKS=CHANNEL_LOOKS,
    )


@reports.get("/menus")
@allow("supervisor", "admin")
def menus() -> str:
    """Which keys callers pressed, one after the other, and where it led them."""
    if the_viewer().scope("report", "read") != "all":
        abort(404)
    asked = report_pages.asked_of(REPORTS["traffic"], _args())
    found, refused = None, ""
    with reading() as connection:
        if asked.period is not None:
            try:
                found = menu_paths.paths(connection, asked.period, limit=_MOST_PATHS)
            except Invalid as error:
                refused = words_of(error)
    return render_template(
        "reports/menus.html",
        asked=asked,
        found=found,
        refused=refused,
        problems=_problems(asked),
        address=dict(address.pairs(asked)),
        own_link=report_pages.own_link(asked, "reports.menus"),
        period_words=report_pages.period_words,
        TITLES=words.TITLES,
        PERIODS=words.PERIODS,
    )


@reports.get("/menus/contacts")
@allow("supervisor", "admin")
def menu_contacts() -> str:
    if the_viewer().scope("report", "read") != "all":
        abort(404)
    asked = report_pages.asked_of(REPORTS["traffic"], _args())
    if asked.period is None:
        abort(404)
    path = tuple(one for one in request.args.get("path", "").split(" ") if one)
    with reading() as connection:
        found = menu_paths.contacts(
            connection,
            asked.period,
            path,
            cursor=request.args.get("cursor"),
            limit=_PAGE,
            today=today(),
            viewer=the_viewer(),
        )
    more = request.headers.get("HX-Target") == "more"
    return render_template(
        "reports/contact_rows.html" if more else "reports/menu_contacts.html",
        period_words=report_pages.period_words,
        asked=asked,
        path=path,
        found=found,
        refused="",
        kept={name: request.args.getlist(name) for name in request.args if name != "cursor"},
        TITLES=words.TITLES,
        CHANNEL_LOOKS=CHANNEL_LOOKS,
    )


@reports.post("/<key>/export")
@allow()
def export(key: str) -> ResponseReturnValue:
    """A file, made in the background: the worker tells how far it is."""
    report = report_pages.report_of(key)
    what, _dot, form = request.form.get("form", "table.xlsx").partition(".")
    try:
        services.ask_file(
            report.key,
            request.form.get("address", ""),
            what=what,
            form=form,
            user_id=me().id,
            zone=me().zone.key,
            words=report_language.stored(report.key),
            unit_of_work=runtime().unit_of_work,
            clock=runtime().clock,
        )
    except Invalid as error:
        flash(import_words(error.message), "refused")
        return redirect(_where_asked(report))
    return redirect(url_for("reports.files"))


@reports.get("/files")
@allow()
def files() -> str:
    """Files made of reports, and how far each is."""
    with reading() as connection:
        found = view_queries.files_page(connection, the_viewer(), request.args.get("cursor"), _PAGE)
    rows_only = request.headers.get("HX-Target") == "report-files"
    return render_template(
        "reports/file_rows.html" if rows_only else "reports/files.html",
        found=found,
        runs=any(job.state in ("queued", "running") for job, _ in found.items),
        TITLES=words.TITLES,
        STATES=STATES,
    )


@reports.post("/<key>/views")
@allow()
def keep_view(key: str) -> ResponseReturnValue:
    report = report_pages.report_of(key)
    told = request.form.get("address", "")
    try:
        services.keep_view(
            request.form.get("title", ""),
            report.key,
            told,
            shared=request.form.get("shared") == "yes",
            user_id=me().id,
            unit_of_work=runtime().unit_of_work,
            clock=runtime().clock,
        )
        flash(_("Saved."))
    except Invalid as error:
        flash(import_words(error.message), "refused")
    return redirect(_where_asked(report))


@reports.post("/views/<int:view_id>/delete")
@allow()
def drop_view(view_id: int) -> ResponseReturnValue:
    try:
        services.drop_view(
            view_id, user_id=me().id, unit_of_work=runtime().unit_of_work, clock=runtime().clock
        )
    except ProductError as error:
        abort(status_of(error))
    flash(_("Deleted."))
    return redirect(url_for("reports.page"))


def _where_asked(report: Report) -> str:
    """The view that the form was pressed in, as far as its address can be read."""
    try:
        args = address.parse(request.form.get("address", ""))
    except Invalid:
        return url_for("reports.one", key=report.key)
    return report_pages.link(report, report_pages.asked_of(report, args))


def _args() -> address.Args:
    return request.args.to_dict(flat=False)


def _problems(asked: Asked) -> dict[str, str]:
    return {name: str(words.PROBLEMS[code]) for name, code in asked.problems.items()}


__all__ = ["DIRECTIONS", "RESULTS", "reports"]
