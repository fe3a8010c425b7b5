"""What the rules would do, without a call: one number asked about; a draft on last week's calls."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from callcenter.errors import NotFound
from callcenter.queries import centre, decisions, hours, pbx_plan, routing_facts, routing_versions
from callcenter.queries import queues as queue_queries
from callcenter.queries import routing_trials as trials
from callcenter.queries.routing_trials import TrialView
from callcenter.queries.views import RoutingView
from callcenter.routing.decide import RouteDecision, decide_route
from callcenter.routing.facts import CallerFacts, CallFacts
from callcenter.routing.record import explain
from callcenter.routing.rules import RoutingTable, Rule
from callcenter.services import route_preview, routing_trial
from callcenter.services.route_preview import Question
from web.access import allow
from web.context import me, reading, runtime
from web.explain.routes import Trace, place_key_words, rule_title, trace_of
from web.pbx_words import place_words
from web.queue_names import queue_title
from web.route_forms import QuestionForm, read_question
from web.showing import as_seen
from web.whole_numbers import whole_number

route_trial = Blueprint("route_trial", __name__, url_prefix="/routing")
_CALLS = 50


@route_trial.get("/try")
@allow("supervisor", "admin")
def page() -> str:
    """Asked by the address, so that an answer can be sent to a colleague."""
    now = runtime().clock.now()
    with reading() as connection:
        numbers = [one for one in pbx_plan.numbers(connection) if one.kind == "did"]
        settings = queue_queries.settings(connection)
        has_draft = routing_versions.draft(connection) is not None
    form = read_question(request.args, now, me().zone, tuple(settings))
    answers = _answers(form, has_draft=has_draft) if form.asked and not form.problems else ()
    return render_template(
        "routing_trial/page.html",
        form=form,
        numbers=numbers,
        queues=settings,
        trunks=[pattern for pattern, _region in runtime().settings.trunk_regions],
        has_draft=has_draft,
        answers=answers,
        leads_to=next((_place(one.target) for one in numbers if one.number == form.dialed), ""),
        now=now,
    )


def _place(destination: str) -> str:
    kind, _colon, target = destination.partition(":")
    return place_words(kind, queue_title(target) if kind == "queue" else target)


@route_trial.get("/diff")
@allow("supervisor", "admin")
def diff() -> str:
    with reading() as connection:
        found = trials.recent(connection)
        has_draft = routing_versions.draft(connection) is not None
    return render_template("routing_trial/trials.html", trials=found, has_draft=has_draft)


@route_trial.post("/diff")
@allow("supervisor", "admin")
def begin() -> ResponseReturnValue:
    built = runtime()
    try:
        trial_id = routing_trial.begin(
            unit_of_work=built.unit_of_work, clock=built.clock, user_id=me().id
        )
    except NotFound:
        flash(_("There is no draft to try. Change a rule first."), "refused")
        return redirect(url_for("route_trial.diff"))
    return redirect(url_for("route_trial.one", trial_id=trial_id))


@route_trial.get("/diff/<int:trial_id>")
@allow("supervisor", "admin")
def one(trial_id: int) -> str:
    trial = _existing(trial_id)
    with reading() as connection:
        groups = trials.groups(connection, trial_id)
        names = decisions.names(connection)
    told = [
        (group, place_key_words(group.was, names), place_key_words(group.would, names))
        for group in groups
    ]
    inner = request.headers.get("HX-Target") == "trial"
    template = "routing_trial/progress.html" if inner else "routing_trial/one.html"
    return render_template(template, trial=trial, groups=told)


@route_trial.get("/diff/<int:trial_id>/calls")
@allow("supervisor", "admin")
def calls(trial_id: int) -> str:
    trial = _existing(trial_id)
    was, would = request.args.get("was", ""), request.args.get("would", "")
    after = request.args.get("after", 0, type=whole_number)
    with reading() as connection:
        found = trials.calls(connection, trial_id, (was, would), after=after, limit=_CALLS + 1)
        names = decisions.names(connection).with_rules(_titles(connection, trial_id))
    return render_template(
        "routing_trial/calls.html",
        trial=trial,
        calls=found[:_CALLS],
        following=found[_CALLS - 1].decision_id if len(found) > _CALLS else None,
        was=was,
        would=would,
        was_words=place_key_words(was, names),
        would_words=place_key_words(would, names),
        rule_words=lambda name: rule_title(name, names),
    )


@route_trial.get("/diff/<int:trial_id>/calls/<int:decision_id>")
@allow("supervisor", "admin")
def both(trial_id: int, decision_id: int) -> str:
    """One call's two traces, side by side; decided again from the facts that were kept."""
    with reading() as connection:
        tables = trials.rules_of(connection, trial_id)
        if tables is None or not trials.is_of(connection, trial_id, decision_id):
            abort(404)
        made = decisions.by_ids(connection, [decision_id]).get(decision_id)
        timetable = hours.load(connection, _existing(trial_id).since)
    facts = routing_trial.readable_facts(made.facts, timetable) if made is not None else None
    told = [_told(facts, rules) for rules in tables] if facts is not None else []
    return render_template("routing_trial/both.html", traces=told)


def _titles(connection: Connection, trial_id: int) -> dict[str, str]:
    tables = trials.rules_of(connection, trial_id) or ()
    return {rule.name: rule.title for rules in tables for rule in rules if rule.title}


def _existing(trial_id: int) -> TrialView:
    with reading() as connection:
        found = trials.get(connection, trial_id)
    if found is None:
        abort(404)
    return found


def _answers(form: QuestionForm, *, has_draft: bool) -> list[tuple[str, Trace]]:
    """Live, and beside it the draft where there is one: whoever asks sees at once what changes."""
    with reading() as connection:
        question = Question(
            request=form.request,
            at=form.at,
            timetable=hours.load(connection, min(form.at, runtime().clock.now())),
            centre=centre.centre(connection, form.at) if form.is_now else None,
            queues=form.queues,
            language=form.language,
        )
        facts = route_preview.facts_of(question, runtime().settings.number_plan_for(form.trunk))
        e164 = facts.caller.e164
        caller = routing_facts.facts_of(connection, [e164], form.at)[e164] if e164 else None
        live, number = routing_versions.live_rules(connection)
        tables: list[tuple[str, tuple[Rule, ...], int | None]] = [("live", live, number)]
        draft = routing_versions.draft(connection) if has_draft else None
        if draft is not None:
            tables.append(("draft", draft.rules, None))
    found = []
    for name, rules, version in tables:
        made, known = route_preview.decided(facts, caller or CallerFacts(), rules, question)
        found.append((name, _trace(made, known, rules, version)))
    return found


def _told(facts: CallFacts, rules: tuple[Rule, ...]) -> Trace:
    return _trace(decide_route(facts, RoutingTable(rules=rules)), facts, rules, None)


def _trace(
    made: RouteDecision, facts: CallFacts, rules: tuple[Rule, ...], version: int | None
) -> Trace:
    """As a decision that was kept would be told, so that its reader sees what they may see."""
    view = RoutingView(
        route=made.route,
        rule=made.rule,
        number=facts.caller.e164,
        dialed=facts.dialed,
        facts=explain(made, facts),
        failed_open=False,
        micros=0,
        decided_at=datetime.now(UTC),
        stage=facts.stage,
        version=version,
    )
    with reading() as connection:
        names = decisions.names(connection)
    titles = {rule.name: rule.title for rule in rules if rule.title}
    seen: Any = as_seen((view,))[0]
    return trace_of(seen, names.with_rules(titles), recorded=False)
