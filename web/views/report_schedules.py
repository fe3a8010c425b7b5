"""Reports that go out by mail: when, to whom, and what became of each mail."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from callcenter.errors import Invalid
from callcenter.queries import report_views as queries
from callcenter.queries.report_views import ListedSchedule
from callcenter.reporting.catalog import REPORTS
from callcenter.reporting.schedule import EVERY, FORMATS, Schedule
from callcenter.services import report_schedules as services
from web import report_language
from web import report_words as words
from web.access import allow
from web.context import me, reading, runtime
from web.import_words import import_words
from web.service_words import words_of
from web.viewer import the_viewer
from web.zones import ZONES

report_schedules = Blueprint("report_schedules", __name__, url_prefix="/reports/schedules")
EVERY_WORDS: Final = {"day": _l("Every day"), "week": _l("Every week"), "month": _l("Every month")}
MAIL_LOOKS: Final = {
    "waiting": ("ringing", "hourglass", _l("Waiting")),
    "sending": ("talking", "loader-2", _l("Being sent")),
    "sent": ("ok", "check", _l("Sent")),
    "failed": ("bad", "alert-triangle", _l("Not sent")),
    "unsure": ("warn", "help", _l("May have arrived")),
}


@report_schedules.get("")
@allow("supervisor", "admin")
def page() -> str:
    with reading() as connection:
        found = queries.schedules_for(connection, the_viewer())
    return render_template("reports/schedules.html", found=found, **_shared())


@report_schedules.get("/new")
@allow("supervisor", "admin")
def new() -> str:
    report = request.args.get("report", "speed")
    if report not in REPORTS:
        abort(404)
    draft = Schedule(
        title=str(words.TITLES[report])[:80],
        report=report,
        address=request.args.get("address", "")[:2000],
        zone=me().zone.key,
    )
    return _form(draft)


@report_schedules.post("")
@allow("supervisor", "admin")
def create() -> ResponseReturnValue:
    return _saved(_read(Schedule(title="", report="")))


@report_schedules.get("/<int:schedule_id>")
@allow("supervisor", "admin")
def one(schedule_id: int) -> str:
    found = _existing(schedule_id)
    return _form(found.schedule, owner=found.owner)


@report_schedules.post("/<int:schedule_id>")
@allow("supervisor", "admin")
def save(schedule_id: int) -> ResponseReturnValue:
    found = _existing(schedule_id)
    return _saved(_read(found.schedule), found.owner)


@report_schedules.post("/<int:schedule_id>/delete")
@allow("supervisor", "admin")
def delete(schedule_id: int) -> ResponseReturnValue:
    _existing(schedule_id)
    services.drop(schedule_id, **_by_me())
    flash(_("Deleted."))
    return redirect(url_for("report_schedules.page"))


@report_schedules.post("/<int:schedule_id>/send")
@allow("supervisor", "admin")
def send(schedule_id: int) -> ResponseReturnValue:
    _existing(schedule_id)
    count = services.send_now(schedule_id, **_by_me())
    if count:
        flash(ngettext("%(num)d mail is on its way.", "%(num)d mails are on their way.", count))
    else:
        flash(_("Everybody has the report of this period already."))
    return redirect(url_for("report_schedules.one", schedule_id=schedule_id))


def _result(told: str) -> str:
    """What became of the last mail: to whom, and in words."""
    recipient, _colon, said = told.partition(": ")
    if not said:
        return told
    words_ = _("Sent") if said == services.SENT else words_of(Invalid("", said))
    return f"{recipient}: {words_}"


def _saved(draft: Schedule, owner: str = "") -> ResponseReturnValue:
    try:
        schedule_id = services.save(draft, **_by_me())
    except Invalid as error:
        return _form(draft, error, owner=owner), 422
    flash(_("Saved."))
    return redirect(url_for("report_schedules.one", schedule_id=schedule_id))


def _read(stored: Schedule) -> Schedule:
    form = request.form
    day = form.get("day", "1")
    every = form.get("every", "day")
    told = form.get("recipients", "").replace(";", " ").replace(",", " ").split()
    return Schedule(
        id=stored.id,
        owner_id=stored.owner_id,
        title=form.get("title", "")[:200],
        report=form.get("report", "")[:32],
        address=form.get("address", "")[:2000],
        format=form.get("format", "pdf"),
        every=every,  # type: ignore[arg-type]  # checked before it is kept
        day=int(day) if every != "day" and day.isdecimal() and len(day) <= 2 else 1,
        at=form.get("at", "")[:5],
        zone=form.get("zone", "")[:64],
        recipients=tuple(dict.fromkeys(one[:255] for one in told)),
        active=form.get("active") == "yes",
        words=report_language.stored(form.get("report", "")),
    )


def _form(draft: Schedule, error: Invalid | None = None, *, owner: str = "") -> str:
    """`owner`: what they are called, where there is one already."""
    mails = []
    if draft.id:
        with reading() as connection:
            mails = queries.mails_of(connection, draft.id)
    return render_template(
        "reports/schedule.html",
        schedule=draft,
        problem=_words(error) if error is not None else "",
        problem_field=error.field if error is not None else "",
        mails=mails,
        owner=owner if draft.owner_id != me().id else "",
        REPORTS=REPORTS,
        EVERY=EVERY,
        FORMATS=FORMATS,
        ZONES=ZONES,
        **_shared(),
    )


def _words(error: Invalid) -> str:
    told = {
        "title": _("Give it a name."),
        "at": _("Write the time as 07:00."),
        "day": _("A weekday is from 1 to 7, a day of the month from 1 to 28."),
        "zone": _("There is no such time zone."),
    }
    if error.field == "address":
        return import_words(error.message)
    if error.field == "recipients":
        address = error.message.partition(": ")[2]
        if address:
            return str(_("This is not a mail address: %(address)s", address=address))
        return str(_("Write one to twenty mail addresses."))
    return str(told.get(error.field) or _("Choose one of the list."))


def _existing(schedule_id: int) -> ListedSchedule:
    with reading() as connection:
        return queries.schedule(connection, the_viewer(), schedule_id) or abort(404)


def _by_me() -> dict[str, Any]:
    return {
        "user_id": me().id,
        "unit_of_work": runtime().unit_of_work,
        "clock": runtime().clock,
    }


def _shared() -> dict[str, Any]:
    return {
        "TITLES": words.TITLES,
        "EVERY_WORDS": EVERY_WORDS,
        "MAIL_LOOKS": MAIL_LOOKS,
        "mail_result": _result,
        "has_server": runtime().settings.mail_server is not None,
    }
