"""Settings: months of calls that were moved to files, moved now, or brought back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from callcenter.archive import months as calendar
from callcenter.errors import Conflict, ProductError
from callcenter.queries import archive_months as queries
from callcenter.services import archive as service
from web.access import allow
from web.archive_words import KEPT, STATES
from web.context import me, reading, runtime
from web.errors import status_of
from web.outcome_forms import number_in
from web.service_words import words_of

archive = Blueprint("archive", __name__, url_prefix="/settings/archive")


@archive.get("")
@allow("admin")
def page() -> str:
    return _page()


@archive.get("/months")
@allow("admin")
def months() -> str:
    """The table alone, while something is under way."""
    return _page(template="archive/months.html")


@archive.post("")
@allow("admin")
def save() -> ResponseReturnValue:
    try:
        service.set_rule(number_in(request.form, "months"), **_by_me())
    except ProductError as error:
        return _page(error), status_of(error)
    flash(_("Saved. What is older is moved within the hour."))
    return redirect(url_for("archive.page"))


@archive.post("/move")
@allow("admin")
def move() -> ResponseReturnValue:
    try:
        service.ask_move(request.form.get("month", "").strip(), **_by_me())
    except ProductError as error:
        return _page(error), status_of(error)
    flash(_("The month is being moved. Everything stays readable meanwhile."))
    return redirect(url_for("archive.page"))


@archive.post("/restore")
@allow("admin")
def restore() -> ResponseReturnValue:
    try:
        service.ask_restore(request.form.get("month", ""), **_by_me())
    except ProductError as error:
        return _page(error), status_of(error)
    flash(_("The month is on its way back."))
    return redirect(url_for("archive.page"))


@archive.post("/harmed/<any(check_again, accept, give_up):what>")
@allow("admin")
def harmed(what: str) -> ResponseReturnValue:
    """What becomes of a month whose files are not as they were left."""
    use_case, word = _OF_HARMED[what]
    try:
        use_case(request.form.get("month", ""), **_by_me())
    except ProductError as error:
        return _page(error), status_of(error)
    flash(word)
    return redirect(url_for("archive.page"))


_OF_HARMED: Mapping[str, tuple[Callable[..., None], Any]] = {
    "check_again": (service.check_again, _l("The month is looked at again.")),
    "accept": (service.accept, _l("Its files are made anew of what can be read.")),
    "give_up": (service.give_up, _l("The month is out of the archive.")),
}


def _by_me() -> dict[str, Any]:
    return {
        "user_id": me().id,
        "unit_of_work": runtime().unit_of_work,
        "clock": runtime().clock,
    }


def _page(error: ProductError | None = None, template: str = "archive/page.html") -> str:
    with reading() as connection:
        found, live = queries.all(connection), queries.rule(connection)
        erased = queries.erased_in(connection, [one.month for one in found if one.harmed])
    now = runtime().clock.now().astimezone(UTC)
    youngest = calendar.youngest_to_move(now, calendar.LEAST_MONTHS)
    return render_template(
        template,
        months=sorted(found, key=lambda one: (bool(one.problem), one.month), reverse=True),
        begins={one.month: one.bounds()[0] for one in found},
        runs=any(one.state != "moved" and not one.problem for one in found),
        erased=erased,
        live=live,
        typed=request.form if error else {},
        youngest=youngest,
        youngest_begins=calendar.bounds(youngest)[0],
        size=sum(one.bytes for one in found),
        calls=sum(one.interactions for one in found if one.readable),
        STATES=STATES,
        KEPT=KEPT,
        problem=words_of(error) if error else "",
        words_of_problem=lambda told: words_of(Conflict("month", told)),
        problem_field=error.field if error else "",
    )
