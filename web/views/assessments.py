"""Quality: what was drawn to be assessed, assessments, the form of one, and what they come to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from callcenter.errors import Invalid, ProductError
from callcenter.queries import assessments as queries
from callcenter.queries import interactions as interaction_queries
from callcenter.queries import score_cards
from callcenter.queries.assessments import AssessmentFilters
from callcenter.queries.views import InteractionView
from callcenter.services.assessment_replies import ReplyDesk
from callcenter.services.assessments import AssessmentDesk, Saved
from callcenter.services.samples import SampleDesk
from web import assessment_forms as forms
from web import quality_refusals
from web.access import allow
from web.assessment_page import assessment_page
from web.assessment_trend import chart_of, trend_of
from web.assessment_words import percent
from web.context import me, reading, runtime, today
from web.errors import status_of
from web.quality_worklist import PAGE, choices_of, rows_or, worklist
from web.service_words import words_of
from web.viewer import the_viewer

assessments = Blueprint("assessments", __name__, url_prefix="/quality")
_LATELY: Final = timedelta(days=90)


@assessments.get("")
@allow("supervisor", "admin")
def page() -> str:
    """What waits to be assessed."""
    return worklist()


@assessments.post("/samples")
@allow("supervisor", "admin")
def draw() -> ResponseReturnValue:
    rules, day = forms.read_rules(request.form), forms.week(request.form.get("week", ""))
    card_id = forms.record_id(request.form.get("card", ""))
    try:
        if day is None:
            raise Invalid("week", _("Choose a week."))
        if problem := rules.problem():
            raise Invalid(problem, quality_refusals.of_rules(problem))
        _sample_id, drawn = _sampler().draw(card_id or 0, day, me().zone, rules)
    except ProductError as error:
        told = words_of(error)
        return worklist(rules, request.form.get("week", ""), told, error.field), status_of(error)
    text = ngettext("%(num)d contact drawn.", "%(num)d contacts drawn.", len(drawn.items))
    if drawn.short:
        text += " " + ngettext(
            "%(num)d operator has fewer that fit: see below.",
            "%(num)d operators have fewer that fit: see below.",
            len(drawn.short),
        )
    flash(text)
    return redirect(url_for("assessments.page"))


@assessments.post("/samples/items/<int:item_id>/aside")
@allow("supervisor", "admin")
def set_aside(item_id: int) -> ResponseReturnValue:
    try:
        _sampler().set_aside(item_id, request.form.get("reason", ""))
    except ProductError as error:
        return worklist(refused=words_of(error)), status_of(error)
    flash(_("Set aside. The next draw of that week replaces it."))
    return redirect(url_for("assessments.page"))


@assessments.get("/assessments")
@allow("supervisor", "admin")
def listed() -> str:
    asked = forms.read_asked(request.args, today(), me().zone)
    filters = AssessmentFilters(
        operator_id=asked.operator_id,
        queue=asked.queue,
        card_id=asked.card_id,
        state=asked.state,
        since=asked.period.start,
        until=asked.period.end,
        fatal=request.args.get("fatal") == "yes",
        viewer=the_viewer(),
    )
    with reading() as connection:
        found = queries.page(connection, filters, request.args.get("cursor"), PAGE)
        told = choices_of(connection)
    return rows_or("assessments/list.html", found=found, asked=asked, fatal=filters.fatal, **told)


@assessments.get("/mine")
@allow()
def mine() -> str:
    """What was said of one's own contacts, and what waits for one's word."""
    filters = AssessmentFilters(
        operator_id=me().id,
        state=request.args.get("state", "") if request.args.get("state") == "final" else "done",
        since=runtime().clock.now() - 4 * _LATELY,
        viewer=the_viewer(),
    )
    asked = forms.read_asked({}, today(), me().zone)
    with reading() as connection:
        found = queries.page(connection, filters, request.args.get("cursor"), PAGE)
        own = queries.ScoreFilters(operator_id=me().id)
        (whole,) = queries.scores(connection, asked.period, "all", own)
        weeks = queries.scores(connection, asked.period, "week", own)
        waiting = queries.to_answer(connection, me().id)
    return rows_or(
        "assessments/mine.html", found=found, whole=whole.scores, weeks=weeks, waiting=waiting,
        chart=chart_of([(str(_("Mean")), weeks)]),
    )  # fmt: skip


@assessments.get("/trend")
@allow("supervisor", "admin")
def trend() -> str:
    return render_template("assessments/trend.html", **trend_of(request.args))


@assessments.post("/begin")
@allow("supervisor", "admin")
def begin() -> ResponseReturnValue:
    contact = forms.record_id(request.form.get("interaction_id", "")) or 0
    card_id = forms.record_id(request.form.get("card_id", "")) or 0
    try:
        made = _desk().begin(contact, card_id)
    except ProductError as error:
        return worklist(refused=words_of(error)), status_of(error)
    return redirect(url_for("assessments.one", assessment_id=made))


@assessments.get("/assessments/<int:assessment_id>")
@allow()
def one(assessment_id: int) -> str:
    return _page(assessment_id)


@assessments.post("/assessments/<int:assessment_id>/answer")
@allow("supervisor", "admin")
def answer(assessment_id: int) -> ResponseReturnValue:
    given, version = forms.read_given(request.form), _version()
    return _saved(lambda: _desk().answer(assessment_id, given, version))


@assessments.post("/assessments/<int:assessment_id>/comment")
@allow("supervisor", "admin")
def comment(assessment_id: int) -> ResponseReturnValue:
    try:
        version = _desk().comment(assessment_id, request.form.get("comment", ""), _version())
    except ProductError as error:
        return _refusal(error)
    return {"version": version}


@assessments.post("/assessments/<int:assessment_id>/finish")
@allow("supervisor", "admin")
def finish(assessment_id: int) -> ResponseReturnValue:
    try:
        _desk().finish(assessment_id, _version())
    except ProductError as error:
        return _refusal(error)
    return {"location": _after(assessment_id)}


@assessments.post("/assessments/<int:assessment_id>/discard")
@allow("supervisor", "admin")
def discard(assessment_id: int) -> ResponseReturnValue:
    try:
        _desk().discard(assessment_id)
    except ProductError as error:
        return _page(assessment_id, error), status_of(error)
    flash(_("Thrown away."))
    return redirect(url_for("assessments.page"))


@assessments.post("/assessments/<int:assessment_id>/respond")
@allow()
def respond(assessment_id: int) -> ResponseReturnValue:
    """The operator's own word."""
    agrees, words = request.form.get("answer") == "agree", request.form.get("reply", "")
    return _stepped(
        assessment_id,
        lambda: _replies().respond(assessment_id, agrees=agrees, words=words, version=_version()),
    )


@assessments.post("/assessments/<int:assessment_id>/close")
@allow("supervisor", "admin")
def close(assessment_id: int) -> ResponseReturnValue:
    words = request.form.get("closing", "")
    return _stepped(assessment_id, lambda: _replies().close(assessment_id, words, _version()))


@assessments.post("/assessments/<int:assessment_id>/reopen")
@allow("supervisor", "admin")
def reopen(assessment_id: int) -> ResponseReturnValue:
    """Final by mistake: a draft again."""
    return _stepped(
        assessment_id,
        lambda: _replies().reopen(assessment_id, _version()),
        _("Reopened. It is a draft again."),
    )


@assessments.get("/contacts/<int:interaction_id>")
@allow()
def of_contact(interaction_id: int) -> str:
    """A piece of a contact's page: its assessments, and the way to a new one."""
    with reading() as connection:
        found = queries.of_interactions(connection, [interaction_id], the_viewer())
        contact = interaction_queries.get(connection, interaction_id)
        cards = score_cards.all_cards(connection)
    if contact is None:
        abort(404)
    shown = found.get(interaction_id, [])
    known = {view.assessment.card_id for view in shown}
    whose = (contact.operator.id if contact.operator is not None else None,)
    reached = the_viewer().reaches("quality", "read", whose)
    able = reached and the_viewer().may("quality", "create") and me().is_supervisor
    own = contact.operator is None or contact.operator.id == me().id
    fitting = [
        card
        for card in (cards if able and not own and contact.ended_at else ())
        if card.active and card.suits(contact.channel, contact.queue)
    ]
    return render_template(
        "assessments/of_contact.html",
        interaction_id=interaction_id,
        shown=shown,
        cards=[card for card in fitting if card.id not in known],
        for_rounds=fitting,
        people=_assessors(contact) if the_viewer().may("quality", "change") and fitting else [],
    )


# -- inside ----------------------------------------------------------------------------------------


def _page(assessment_id: int, refused: ProductError | None = None) -> str:
    return assessment_page(assessment_id, _replies(), refused)


def _desk() -> AssessmentDesk:
    return AssessmentDesk(**_parts())


def _replies() -> ReplyDesk:
    return ReplyDesk(**_parts())


def _parts() -> dict[str, Any]:
    told = runtime()
    return {
        "unit_of_work": told.unit_of_work,
        "clock": told.clock,
        "publisher": told.bus,
        "user_id": me().id,
    }


def _sampler() -> SampleDesk:
    return SampleDesk(unit_of_work=runtime().unit_of_work, clock=runtime().clock, user_id=me().id)


def _version() -> int:
    return forms.whole(request.form.get("version", ""), 0)


def _saved(save: Callable[[], Saved]) -> ResponseReturnValue:
    try:
        saved = save()
    except ProductError as error:
        return _refusal(error)
    score = saved.score
    return {
        "version": saved.version,
        "score": percent(score.points),
        "fatal": list(score.fatal),
        "open": list(score.open),
        "sections": [percent(part) for part in score.sections],
    }


def _refusal(error: ProductError) -> ResponseReturnValue:
    return {"message": words_of(error), "field": error.field}, status_of(error)


def _stepped(assessment_id: int, step: Callable[[], None], done: str = "") -> ResponseReturnValue:
    try:
        step()
    except ProductError as error:
        return _page(assessment_id, error), status_of(error)
    if done:
        flash(done)
    return redirect(url_for("assessments.one", assessment_id=assessment_id))


def _after(assessment_id: int) -> str:
    """To the round it is part of, else to what waits next."""
    with reading() as connection:
        shown = queries.one(connection, assessment_id, the_viewer())
    round_id = shown.assessment.calibration_id if shown is not None else None
    if round_id is not None:
        flash(_("Final. All answers are shown when the round is closed."))
        return url_for("calibrations.one", round_id=round_id)
    flash(_("Final. The operator reads it from now on."))
    return url_for("assessments.page")


def _assessors(contact: InteractionView) -> list[Any]:
    """Whose contact it is takes no part."""
    operator_id = contact.operator.id if contact.operator is not None else None
    with reading() as connection:
        return [one for one in score_cards.assessors(connection) if one.id != operator_id]
