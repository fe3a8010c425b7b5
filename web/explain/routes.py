"""Where a call is sent, in words: places, rings with people's names, the trace of a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from callcenter.queries.decisions import RouteNames
from callcenter.queries.routing_seen import is_hidden
from callcenter.queries.views import RoutingView
from web.explain.facts import Fact, facts_told
from web.explain.findings import LET_GO, finding_words
from web.explain.words import RULES
from web.presentation import phone

_QUEUE = "queue-"
_PLACES: Mapping[str, Any] = {
    "": _l("where the dialled number leads"),
    "dialed": _l("where the dialled number leads"),
    "blocked": _l("blocked: the call ends"),
    "menu": _l("menu “%(target)s”"),
    "announcement": _l("announcement “%(target)s”"),
    "voicemail": _l("message box “%(target)s”"),
    "outside": _l("number outside %(target)s"),
    "callback": _l("offer of a call-back from “%(target)s”"),
}


@dataclass(frozen=True, slots=True)
class ToldRule:
    """A rule that was looked at: its words, and what was found of its conditions."""

    title: str
    name: str
    matched: bool
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """One decision, told. `left_off`: how many rules were looked at before those shown."""

    stage: str
    place: str
    rule: ToldRule
    others: tuple[ToldRule, ...] = ()
    rings: tuple[str, ...] = ()
    left_off: int = 0
    priority: int = 0
    max_wait: int = 0
    language: str = ""
    failed_open: bool = False
    version: int | None = None
    decided_at: Any = None
    micros: int | None = None
    told: tuple[Fact, ...] = ()
    is_dialed: bool = False
    closed: str = ""


def trace_of(decision: RoutingView, names: RouteNames, *, recorded: bool = True) -> Trace:
    """`decision` as its reader may see it (`queries.showing`). `recorded`: of a call that came."""
    facts = decision.facts
    considered = [_rule(one, names) for one in facts.get("considered", ())]
    matched = next((one for one in considered if one.matched), None)
    return Trace(
        stage=stage_words(decision.stage, facts, names),
        place=place_words(
            decision.route,
            facts.get("target", ""),
            facts.get("then", ""),
            facts.get("then_target", ""),
            names,
        ),
        rule=matched or _sole(decision, facts, names),
        others=tuple(one for one in considered if not one.matched),
        rings=ring_words(facts.get("rings", ()), names),
        left_off=facts.get("left_off", 0),
        priority=facts.get("priority", 0),
        max_wait=facts.get("max_wait", 0),
        language=facts.get("language", ""),
        failed_open=decision.failed_open,
        version=decision.version,
        decided_at=decision.decided_at if recorded else None,
        micros=decision.micros if recorded else None,
        told=tuple(facts_told(facts, names)),
        is_dialed=not decision.route,
        closed=closed_words(facts.get("closed"), names),
    )


def closed_words(closed: Sequence[str] | None, names: RouteNames) -> str:
    """Of a decision by a closure with a message: “Office is closed: inventory; its message …”."""
    if not closed:
        return ""
    calendar, reason, prompt = closed
    return str(_(
        "%(calendar)s is closed: %(reason)s; its message “%(prompt)s” is played first",
        calendar=names.calendars.get(calendar) or calendar,
        reason=reason or _("for a time"),
        prompt=names.prompts.get(prompt) or prompt,
    ))  # fmt: skip


def stage_words(stage: str, facts: Mapping[str, Any], names: RouteNames) -> str:
    if stage == "overflow":
        queue = str(facts.get("from_queue", ""))
        why = LET_GO.get(str(facts.get("queue_result", "")), facts.get("queue_result") or "–")
        return str(_(
            "When the queue %(queue)s let the call go: %(why)s",
            queue=names.queues.get(queue) or queue, why=why,
        ))  # fmt: skip
    if stage == "menu":
        return str(_("In the menu"))
    return str(_("When the call came in"))


def place_words(route: str, target: str, then: str, then_target: str, names: RouteNames) -> str:
    place = _place(route, target, names)
    if route != "announcement":
        return place
    if not then:
        return str(_("%(place)s, then the call ends", place=place))
    return str(_("%(place)s, then: %(then)s", place=place, then=_place(then, then_target, names)))


def place_key_words(key: str, names: RouteNames) -> str:
    """A place as a trial keeps it: `menu:main`, `announcement:closed>queue-x`."""
    first, _arrow, rest = key.removesuffix("~").partition(">")
    route, _colon, target = first.partition(":")
    then, _colon, then_target = rest.partition(":")
    return place_words(route, target, then, then_target, names)


def ring_words(rings: Iterable[Sequence[Any]], names: RouteNames) -> tuple[str, ...]:
    """“Anna Nowak, for 15 s”; whom an extension belongs to now."""
    told = []
    for extensions, seconds in rings:
        people = ", ".join(names.extensions.get(one) or str(one) for one in extensions)
        told.append(str(_("%(people)s, for %(seconds)s s", people=people, seconds=seconds)))
    return tuple(told)


def rule_title(name: str, names: RouteNames) -> str:
    known = names.rules.get(name) or RULES.get(name)
    return str(known or (_("No rule fits") if name == "none" else name))


def short_reason(decision: RoutingView) -> str:
    """The rule in a word, for the desk; not its name where it asked what its reader may not see."""
    matched = [one for one in decision.facts.get("considered") or () if one.get("matched")]
    findings = [finding for one in matched for finding in one.get("findings") or ()]
    last = decision.facts.get("finding")
    if any(map(is_hidden, [*findings, last] if last else findings)):
        return str(_("A rule on facts that you may not see"))
    return str(RULES.get(decision.rule, decision.rule))


def _place(route: str, target: str, names: RouteNames) -> str:
    if route.startswith(_QUEUE):
        name = route.removeprefix(_QUEUE)
        return str(_("queue %(queue)s", queue=names.queues.get(name) or name))
    text = str(_PLACES.get(route, route))
    return text % {"target": _target(route, target, names)} if "%(target)s" in text else text


def _target(route: str, target: str, names: RouteNames) -> str:
    if route == "outside":
        return phone(target)
    known: Mapping[str, Mapping[str, str]] = {
        "menu": names.menus,
        "announcement": names.prompts,
        "callback": names.queues,
        "voicemail": {**names.extensions, **names.queues},
    }
    return known.get(route, {}).get(target) or target


def _rule(one: Mapping[str, Any], names: RouteNames) -> ToldRule:
    name = str(one.get("rule", ""))
    findings = one.get("findings")
    if findings is None:  # a decision from before findings were codes
        told: tuple[str, ...] = (str(one.get("finding", "")),)
    else:
        told = tuple(finding_words(each, names) for each in findings) or (
            finding_words({"code": "no-conditions"}, names),
        )
    return ToldRule(_title(name, one, names), name, bool(one.get("matched")), told)


def _title(name: str, one: Mapping[str, Any], names: RouteNames) -> str:
    """The name of a rule may tell what its reader may not see: “debtor”."""
    hidden = any(map(is_hidden, one.get("findings") or ()))
    return str(_("A rule on facts that you may not see")) if hidden else rule_title(name, names)


def _sole(decision: RoutingView, facts: Mapping[str, Any], names: RouteNames) -> ToldRule:
    finding = facts.get("finding")
    told = finding_words(finding, names) if finding else str(facts.get("reason", ""))
    title = rule_title(decision.rule, names)
    return ToldRule(title, decision.rule, True, (told,) if told else ())
