"""Thresholds and goals: which figures are watched, when they are told, and to whom."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from callcenter.alert_work import room_of
from callcenter.alerts import reach
from callcenter.alerts.checks import Known, Problem
from callcenter.alerts.threshold import Goal, Threshold
from callcenter.errors import Invalid, ProductError
from callcenter.queries import alert_checks
from callcenter.queries import alerts as queries
from callcenter.queries import hours as hours_queries
from callcenter.queries import rights as rights_queries
from callcenter.queries import tasks as task_queries
from callcenter.services.thresholds import ThresholdDesk, Unfit
from web import alert_language
from web.access import allow
from web.alert_forms import read_goal, read_threshold
from web.context import me, reading, runtime
from web.errors import status_of
from web.service_words import words_of
from web.viewer import the_viewer

thresholds = Blueprint("thresholds", __name__, url_prefix="/thresholds")
_FIRST: Final = Threshold(
    metric="longest_wait", comparison="at_least", amber=60, red=180, clear_by=10
)


@thresholds.get("")
@allow("supervisor", "admin")
def page() -> str:
    return _page()


@thresholds.get("/new")
@allow("supervisor", "admin")
def new() -> str:
    """With rights over one's own teams alone, it begins with their queues."""
    theirs = reach.reach(the_viewer(), "change")
    if theirs is None:
        return _form(_FIRST)
    return _form(replace(_FIRST, scope="queues", queues=tuple(sorted(theirs.queues))))


@thresholds.post("")
@allow("supervisor", "admin")
def create() -> ResponseReturnValue:
    draft = _in_words(read_threshold(request.form, me().zone.key), None)
    try:
        threshold_id = _desk().create(draft)
    except Unfit as error:
        return _form(draft, error.problems, _not_saved()), 422
    except ProductError as error:
        return _form(draft, refused=words_of(error)), status_of(error)
    return _saved(threshold_id, draft)


@thresholds.get("/<int:threshold_id>")
@allow("supervisor", "admin")
def edit(threshold_id: int) -> str:
    found = _theirs(threshold_id)
    return _form(found, _desk().problems_of(found))


@thresholds.post("/<int:threshold_id>")
@allow("supervisor", "admin")
def save(threshold_id: int) -> ResponseReturnValue:
    before = _theirs(threshold_id)
    draft = replace(read_threshold(request.form, before.zone), id=threshold_id)
    draft = _in_words(draft, before)
    try:
        _desk().save(threshold_id, draft)
    except Unfit as error:
        return _form(draft, error.problems, _not_saved()), 422
    return _saved(threshold_id, draft)


@thresholds.post("/<int:threshold_id>/active")
@allow("supervisor", "admin")
def switch(threshold_id: int) -> ResponseReturnValue:
    _theirs(threshold_id)
    active = request.form.get("active") == "yes"
    _desk().switch(threshold_id, active=active)
    flash(_("It is watched from now on.") if active else _("It is not watched any more."))
    return redirect(url_for("thresholds.page"))


@thresholds.post("/<int:threshold_id>/delete")
@allow("supervisor", "admin")
def delete(threshold_id: int) -> ResponseReturnValue:
    _theirs(threshold_id)
    _desk().remove(threshold_id)
    flash(_("Deleted. Its alerts stay in the history."))
    return redirect(url_for("thresholds.page"))


@thresholds.post("/goals")
@allow("supervisor", "admin")
def set_goal() -> ResponseReturnValue:
    goal = read_goal(request.form, me().zone.key)
    try:
        _desk().set_goal(goal)
    except Unfit as error:
        return _page(goal, error.problems), 422
    except Invalid as error:
        return _page(goal, (Problem("target", error.message),)), 422
    flash(_("Saved."))
    return redirect(url_for("thresholds.page", _anchor="goals"))


@thresholds.post("/goals/desks")
@allow("supervisor", "admin")
def show_goals() -> ResponseReturnValue:
    _desk().show_goals(shown=request.form.get("shown") == "yes")
    flash(_("Saved."))
    return redirect(url_for("thresholds.page", _anchor="goals"))


@thresholds.post("/goals/<int:goal_id>/delete")
@allow("supervisor", "admin")
def drop_goal(goal_id: int) -> ResponseReturnValue:
    try:
        _desk().drop_goal(goal_id)
    except ProductError as error:
        abort(status_of(error))
    flash(_("Deleted."))
    return redirect(url_for("thresholds.page", _anchor="goals"))


def _desk() -> ThresholdDesk:
    return ThresholdDesk(room=room_of(runtime()), known=_known, user_id=me().id)


def _known(draft: Threshold) -> Known:
    with reading() as connection:
        return Known(
            queues=frozenset(task_queries.queues(connection)),
            teams=frozenset(one.id for one in rights_queries.teams(connection)),
            calendars=frozenset(one.key for one in hours_queries.all_calendars(connection)),
            mail_works=runtime().settings.mail_server is not None,
            crossed=alert_checks.crossed(connection, draft, runtime().clock.now()),
        )


def _saved(threshold_id: int, draft: Threshold) -> ResponseReturnValue:
    """Back to the list; where something looks like a slip, on its own page, which says so."""
    flash(_("Saved."))
    if _desk().problems_of(draft):
        return redirect(url_for("thresholds.edit", threshold_id=threshold_id))
    return redirect(url_for("thresholds.page"))


def _theirs(threshold_id: int) -> Threshold:
    """One that they may change; what they may not see does not exist."""
    with reading() as connection:
        found = queries.threshold(connection, threshold_id) or abort(404)
    seen = reach.sees_rule(the_viewer(), found)
    return found if _changes(found) else abort(403 if seen else 404)


def _changes(rule: Threshold) -> bool:
    return reach.changes_rule(the_viewer(), rule)


def _in_words(draft: Threshold, before: Threshold | None) -> Threshold:
    """Its mails speak as whoever set it reads; kept only where there are mails."""
    if not draft.mails:
        return draft
    if before is not None and before.words:
        with reading() as connection:
            if queries.set_by(connection, before.id) not in (None, me().id):
                return replace(draft, words=before.words)
    return replace(draft, words=alert_language.stored())


def _not_saved() -> str:
    return str(_("Nothing was saved: see what is marked below."))


def _page(goal: Goal | None = None, problems: tuple[Problem, ...] = ()) -> str:
    viewer = the_viewer()
    with reading() as connection:
        known = queries.all_thresholds(connection, viewer)
        goals = queries.goals_now(connection, runtime().clock.now(), viewer)
        return render_template(
            "alerts/thresholds.html",
            thresholds=known,
            changeable={one.id for one in known if _changes(one)},
            resting=queries.resting(connection, known),
            open_ids={one.threshold_id: one.level for one in queries.open(connection, viewer)},
            goals=goals,
            goals_to_drop={one.goal.id for one in goals if reach.changes_goal(viewer, one.goal)},
            whole=_of_whole_centre(),
            on_desks=queries.goals_on_desks(connection),
            queues=_queues(connection),
            teams={one.id: one.name for one in rights_queries.teams(connection)},
            goal=goal,
            problems=problems,
            typed=request.form,
        )


def _form(threshold: Threshold, problems: tuple[Problem, ...] = (), refused: str = "") -> str:
    with reading() as connection:
        teams = rights_queries.teams(connection)
        return render_template(
            "alerts/form.html",
            threshold=threshold,
            typed=request.form,
            with_history=alert_checks.WITH_HISTORY,
            problems=problems,
            refused=refused,
            rests=bool(threshold.id and queries.resting(connection, (threshold,))),
            whole=_of_whole_centre(),
            queues=_queues(connection),
            teams=[one for one in teams if _of_whole_centre() or one.id in the_viewer().team_ids],
            calendars=hours_queries.all_calendars(connection),
        )


def _of_whole_centre() -> bool:
    """Whether they set what is watched over all queues."""
    return the_viewer().scope("alert", "change") == "all"


def _queues(connection: Connection) -> list[str]:
    """To choose from: those that they may set something for."""
    theirs = reach.reach(the_viewer(), "change")
    known = task_queries.queues(connection)
    return [one for one in known if theirs is None or one in theirs.queues]
