"""Routing rules: the list as sentences, the form of one, the draft and its publishing, versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import Connection

from callcenter.errors import ProductError
from callcenter.queries import routing_choices
from callcenter.queries import routing_versions as queries
from callcenter.queries.routing_choices import Choices
from callcenter.routing.actions import ToQueue
from callcenter.routing.checks import Problem, check_rules
from callcenter.routing.conditions import KINDS
from callcenter.routing.rules import Condition, Rule, Stage
from callcenter.routing.versions import RulesVersion, differences
from callcenter.services.routing_rules import RulesDesk, Unfit, added
from web import routing_forms, routing_words
from web.access import allow
from web.context import me, reading, runtime
from web.errors import status_of
from web.routing_forms import RuleForm
from web.service_words import words_of
from web.whole_numbers import whole_number
from web.zones import ZONES

routing = Blueprint("routing", __name__, url_prefix="/routing")
_VERSIONS = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """The rules that are worked on: those of the draft, or the live ones."""

    rules: tuple[Rule, ...]
    live: tuple[Rule, ...]
    number: int
    draft: RulesVersion | None
    behind: bool
    """Others were published since the draft was begun."""
    choices: Choices
    unreadable: tuple[str, ...] = ()

    @property
    def stamp(self) -> int | None:
        return self.draft.stamp if self.draft else None

    def problems(self) -> tuple[Problem, ...]:
        return check_rules(self.rules, routing_choices.known(self.choices))


@routing.get("")
@allow("supervisor", "admin")
def page() -> str:
    return _page()


@routing.get("/new")
@allow("supervisor", "admin")
def new() -> str:
    stage: Stage = "overflow" if request.args.get("stage") == "overflow" else "arrival"
    first = Rule(name="", stage=stage, conditions=(Condition("one"),), action=ToQueue(""))
    shown = _shown()
    return _form(shown, routing_forms.of_rule(first, shown.stamp), told=())


@routing.get("/rules/<rule_id>")
@allow("supervisor", "admin")
def one(rule_id: str) -> str:
    shown = _shown()
    return _form(shown, routing_forms.of_rule(_existing(shown, rule_id), shown.stamp))


@routing.post("/check")
@allow("supervisor", "admin")
def check() -> str:
    """The rule as typed so far: its sentence, and what is wrong beside each row."""
    shown = _shown()
    form = _typed(shown, request.form.get("id", "")[:40])
    return _editor("routing/editor.html", shown, form, _told(shown, form.rule))


@routing.post("/rules")
@allow("supervisor", "admin")
def create() -> ResponseReturnValue:
    return _save("")


@routing.post("/rules/<rule_id>")
@allow("supervisor", "admin")
def save(rule_id: str) -> ResponseReturnValue:
    return _save(rule_id)


@routing.post("/rules/<rule_id>/move")
@allow("supervisor", "admin")
def move(rule_id: str) -> ResponseReturnValue:
    place = request.form.get("place", type=whole_number)
    if place is not None:
        return _changed(lambda: _desk().put_at(rule_id, place, _stamp()), moved=rule_id, way="up")
    way = "up" if request.form.get("way") == "up" else "down"
    step = -1 if way == "up" else 1
    return _changed(lambda: _desk().move(rule_id, step, _stamp()), moved=rule_id, way=way)


@routing.post("/rules/<rule_id>/active")
@allow("supervisor", "admin")
def set_active(rule_id: str) -> ResponseReturnValue:
    active = request.form.get("active") == "yes"
    return _changed(lambda: _desk().switch(rule_id, active=active, stamp=_stamp()))


@routing.post("/rules/<rule_id>/remove")
@allow("supervisor", "admin")
def remove(rule_id: str) -> ResponseReturnValue:
    return _changed(lambda: _desk().remove(rule_id, _stamp()))


@routing.post("/publish")
@allow("supervisor", "admin")
def publish() -> ResponseReturnValue:
    shown = _shown()
    known = routing_choices.known(shown.choices)
    try:
        number = _desk().publish(known, request.form.get("note", "")[:255], _stamp())
    except ProductError as error:
        return _page(error), status_of(error)
    flash(_("Published: version %(number)s is live.", number=number))
    return redirect(url_for("routing.page"))


@routing.post("/discard")
@allow("supervisor", "admin")
def discard() -> ResponseReturnValue:
    return _changed(_desk().discard)


@routing.post("/take-over")
@allow("supervisor", "admin")
def take_over() -> ResponseReturnValue:
    return _changed(_desk().take_over)


@routing.get("/versions")
@allow("supervisor", "admin")
def versions() -> str:
    before = request.args.get("before", type=whole_number)
    with reading() as connection:
        found = queries.published(connection, before, _VERSIONS + 1)
    return render_template(
        "routing/versions.html",
        versions=found[:_VERSIONS],
        next=found[_VERSIONS - 1].number if len(found) > _VERSIONS else None,
    )


@routing.get("/versions/<int:number>")
@allow("supervisor", "admin")
def version(number: int) -> str:
    return _version(number)


@routing.post("/versions/<int:number>/roll-back")
@allow("supervisor", "admin")
def roll_back(number: int) -> ResponseReturnValue:
    known = routing_choices.known(_shown().choices)
    try:
        new_number = _desk().roll_back(number, known)
    except ProductError as error:
        return _version(number, error), status_of(error)
    flash(
        _(
            "The rules of version %(old)s are live again, as version %(number)s.",
            old=number,
            number=new_number,
        )
    )
    return redirect(url_for("routing.page"))


def _desk() -> RulesDesk:
    room = runtime()
    return RulesDesk(
        unit_of_work=room.unit_of_work, clock=room.clock, publisher=room.bus, user_id=me().id
    )


def _stamp() -> int | None:
    return request.form.get("stamp", type=whole_number)


def _shown() -> Shown:
    with reading() as connection:
        live = queries.live(connection)
        draft = queries.draft(connection)
        rules, number = queries.live_rules(connection)
        choices = _choices(connection)
    worked_on = draft or live
    return Shown(
        rules=draft.rules if draft else rules,
        live=rules,
        number=number,
        draft=draft,
        behind=draft is not None and live is not None and draft.base_id != live.id,
        choices=choices,
        unreadable=worked_on.unreadable if worked_on else (),
    )


def _choices(connection: Connection) -> Choices:
    return routing_choices.choices(connection, str(get_locale()))


def _existing(shown: Shown, rule_id: str) -> Rule:
    found = next((one for one in shown.rules if one.id == rule_id), None)
    if found is None:
        abort(404)
    return found


def _changed(do: Callable[[], None], **place: Any) -> ResponseReturnValue:
    try:
        do()
    except ProductError as error:
        return _page(error), status_of(error)
    return redirect(url_for("routing.page", **place))


def _save(rule_id: str) -> ResponseReturnValue:
    """Refused only when it cannot be kept at all: a draft may have errors, publishing may not."""
    shown = _shown()
    form = _typed(shown, rule_id)
    told = _told(shown, form.rule)
    if any(one.field == "name" for one in told):
        return _form(shown, form, told), 422
    try:
        _desk().put_rule(form.rule, form.stamp)
    except ProductError as error:
        return _form(shown, form, told, error), status_of(error)
    flash(_("Saved in the draft. Callers meet it once the draft is published."))
    return redirect(url_for("routing.page"))


def _typed(shown: Shown, rule_id: str) -> RuleForm:
    taken = {one.name for one in shown.rules if one.id != rule_id}
    return routing_forms.read(request.form, rule_id, me().time_zone, taken)


def _told(shown: Shown, rule: Rule) -> tuple[Problem, ...]:
    """What is wrong with this rule where it stands, or would stand."""
    rules = list(shown.rules)
    ids = [one.id for one in rules]
    placed = rule if rule.id else replace(rule, id="new")
    if placed.id in ids:
        rules[ids.index(placed.id)] = placed
    else:
        rules = added(rules, placed)
    known = routing_choices.known(shown.choices)
    return tuple(one for one in check_rules(rules, known) if one.rule == placed.id)


def _page(error: ProductError | None = None) -> str:
    shown = _shown()
    problems: dict[str, list[Problem]] = {}
    for found in shown.problems():
        problems.setdefault(found.rule, []).append(found)
    return render_template(
        "routing/page.html",
        shown=shown,
        stages=_stages(shown.rules),
        problems=problems,
        errors=sum(it.severity == "error" for found in problems.values() for it in found),
        changes=differences(shown.live, shown.rules) if shown.draft else (),
        problem=_words(error),
        words=routing_words,
    )


def _stages(rules: Sequence[Rule]) -> dict[str, list[Rule]]:
    return {
        stage: [one for one in rules if one.stage == stage] for stage in ("arrival", "overflow")
    }


def _words(error: ProductError | None) -> str:
    if isinstance(error, Unfit):
        return str(_("Not published: there are errors. They stand beside the rules."))
    return words_of(error) if error else ""


def _form(
    shown: Shown,
    form: RuleForm,
    told: tuple[Problem, ...] | None = None,
    error: ProductError | None = None,
) -> str:
    found = _told(shown, form.rule) if told is None else told
    return _editor("routing/rule.html", shown, form, found, _words(error))


def _editor(
    template: str, shown: Shown, form: RuleForm, told: Sequence[Problem], problem: str = ""
) -> str:
    beside: dict[str, list[Problem]] = {}
    for found in told:
        beside.setdefault(found.field, []).append(found)
    return render_template(
        template,
        form=form,
        rule=form.rule,
        choices=shown.choices,
        kinds=KINDS,
        beside=beside,
        problem=problem,
        words=routing_words,
        zones=ZONES,
        places=_places(shown, form.rule),
        money=routing_forms.MONEY,
    )


def _places(shown: Shown, rule: Rule) -> tuple[int, int]:
    """Where the rule stands among those of its stage, and how many they are; 0 for a new one."""
    beside = [one.id for one in shown.rules if one.stage == rule.stage]
    return (beside.index(rule.id) + 1 if rule.id in beside else 0), len(beside)


def _version(number: int, error: ProductError | None = None) -> str:
    with reading() as connection:
        found = queries.by_number(connection, number)
        live, live_number = queries.live_rules(connection)
        choices = _choices(connection)
    if found is None:
        abort(404)
    told = error.problems if isinstance(error, Unfit) else ()
    return render_template(
        "routing/version.html",
        version=found,
        live_number=live_number,
        changes=differences(live, found.rules),
        stages=_stages(found.rules),
        choices=choices,
        problem=_words(error),
        told=told,
        words=routing_words,
    )
