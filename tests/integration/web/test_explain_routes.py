"""Why a call went where it went, told stage by stage, to each reader what they may see."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from callcenter.calls.record import Leg
from callcenter.customers.phone import PhoneNumber
from callcenter.queries import decisions
from callcenter.queries.routing_seen import facts_as_seen
from callcenter.queries.views import RoutingView
from callcenter.rights.policy import BUILTIN
from callcenter.rights.viewer import Viewer
from callcenter.routing.actions import Outside, Preferred, Ring, ToQueue
from callcenter.routing.checks import Problem
from callcenter.routing.conditions import KINDS
from callcenter.routing.decide import decide_route
from callcenter.routing.facts import (
    CallFacts,
    CentreFacts,
    CustomerFacts,
    History,
    Operator,
    QueueNow,
    ReadyOperator,
)
from callcenter.routing.findings import Finding
from callcenter.routing.record import DecisionRecord, explain
from callcenter.routing.rules import AnyOf, Condition, RoutingTable, Rule
from tests.support.evidence import tell_recording
from tests.support.web import Browser, World
from web.explain.findings import finding_words
from web.explain.people import People
from web.explain.routes import short_reason, trace_of
from web.routing_words import action_words, condition_words, problem_words

ANSWERED = "inbound-call-is-answered-through-the-queue"
RULES = (
    Rule(
        id="a",
        name="night",
        conditions=(Condition("open", of="office", negated=True),),
        action=ToQueue("night"),
    ),
    Rule(
        id="b",
        name="owes-much",
        conditions=(
            AnyOf((Condition("overdue_days", amount=30), Condition("vip_level", amount=3))),
        ),
        action=Preferred((Ring("last", 15), Ring("anyone", 20)), "debtors"),
    ),
    Rule(id="c", name="let-go", stage="overflow", action=ToQueue("sales")),
)


def facts(world: World, **changes: Any) -> CallFacts:
    anna = Operator(world.users["operator1"], "1001")
    customer = CustomerFacts(
        customer_id=1, overdue_minor=123456, overdue_days=45, currency="PLN",
        vip_level=1, last_operator=anna,
    )  # fmt: skip
    made = CallFacts(
        caller=PhoneNumber("e164", "", e164="+48600100200"),
        dialed="+48221000000",
        customers=(customer,),
        history=History(calls_today=2, seconds_since=600),
        at=world.runtime.clock.now(),
        hours={"office": (True, "hours")},
        centre=CentreFacts(
            queues={"debtors": QueueNow(waiting=3, longest_wait=75, ready=1)},
            ready=(ReadyOperator(user_id=anna.user_id, extension="1001"),),
        ),
    )
    return replace(made, **changes)


@pytest.fixture
def call(world: World) -> int:
    interaction, call_id = tell_recording(world, ANSWERED)
    pbx, _slash, uniqueid = call_id.partition("/")
    assert pbx
    for stage in ("arrival", "overflow"):
        record_as(world, pbx, uniqueid, facts(
            world, stage=stage, from_queue="debtors" if stage == "overflow" else "",
            queue_result="TIMEOUT" if stage == "overflow" else "",
        ))  # fmt: skip
    return interaction


def record_as(world: World, pbx: str, uniqueid: str, that: CallFacts) -> None:
    made = decide_route(that, RoutingTable(rules=RULES, version=7))
    row = DecisionRecord(
        pbx=pbx, uniqueid=uniqueid, number=that.caller.e164, dialed=that.dialed,
        route=made.route, rule=made.rule, facts=explain(made, that), micros=2100,
        decided_at=world.runtime.clock.now(), stage=that.stage, version=made.version,
    )  # fmt: skip
    with world.runtime.unit_of_work() as uow:
        uow.routing.record(row)
        uow.commit()


def test_every_stage_tells_its_route_rule_reasons_rings_and_facts(
    supervisor: Browser, call: int
) -> None:
    for path in (f"/interactions/{call}/explain", f"/interactions/{call}"):
        text = supervisor.text(path)
        for shown in (
            "When the call came in",
            "When the queue Debtors let the call go: waited too long",
            "queue Sales",
            "owes-much",
            "days overdue: 45 (asked: at least 30)",
            "“office” is open",
            "Anna Nowak, for 15 s",
            "1 other rule was looked at first",
            "version 7",
            "1,234.56",
            "3 waiting, longest 1:15, 1 ready",
            "open: within the hours",
            "not answered",
        ):
            assert shown in text, (path, shown)


def test_what_its_reader_may_not_see_is_not_told_by_the_trace(world: World, app: Flask) -> None:
    that = facts(world)
    made = decide_route(that, RoutingTable(rules=RULES, version=7))
    told = explain(made, that)
    hidden: dict[Any, Any] = {
        ("account", "amounts"): "hidden",
        ("customer", "vip_level"): "hidden",
        ("interaction", "number"): "masked",
    }
    supervisor = BUILTIN["supervisor"]
    policy = replace(supervisor, fields={**supervisor.fields, **hidden})
    blind = Viewer(1, "x", "supervisor", policy=policy)
    seen = facts_as_seen(blind, told)
    text = str(seen)
    for secret in ("123456", "overdue_days': 45", "48600100200", "vip_level"):
        assert secret not in text, secret
    view = RoutingView(
        route=made.route, rule=made.rule, number="", dialed="", facts=seen, failed_open=False,
        micros=1, decided_at=that.at,
    )  # fmt: skip
    with world.runtime.reader() as connection:
        names = decisions.names(connection)
    with app.test_request_context():
        trace = trace_of(view, names)
        assert trace.rule.title == "A rule on facts that you may not see"
        assert "by facts that you may not see" in str(trace.rule.findings)
        assert short_reason(view) == "A rule on facts that you may not see"
        assert short_reason(replace(view, facts=told)) == "owes-much"


def test_every_condition_has_words_of_its_own(world: World, app: Flask) -> None:
    with world.runtime.reader() as connection:
        names = decisions.names(connection)
    with app.test_request_context():
        for name in KINDS:
            for found in (None, True, 3, ["1"]):
                params = {"found": found, "asked": 2, "of": "x", "count": 1, "customers": 2}
                told = finding_words(Finding(name, params).to_json(), names)
                assert told
                assert "_" not in told, told
                assert "%(" not in told
        assert finding_words({"code": "of-tomorrow", "params": {"found": 1}}, names)


def test_numbers_stand_in_sentences_as_people_dial_them(world: World, app: Flask) -> None:
    with world.runtime.reader() as connection:
        names = decisions.names(connection)
    table = RoutingTable(rules=(
        Rule(
            id="a", name="abroad",
            conditions=(Condition("number_prefix", values=("+4822", "+7")),), action=ToQueue("x"),
        ),
        Rule(
            id="b", name="line",
            conditions=(Condition("dialed", values=("+48221000000", "100")),), action=ToQueue("x"),
        ),
    ))  # fmt: skip
    call = facts(world)
    made = decide_route(call, table)
    view = RoutingView(
        route=made.route, rule=made.rule, number="", dialed="", facts=explain(made, call),
        failed_open=False, micros=1, decided_at=call.at,
    )  # fmt: skip
    with app.test_request_context():
        trace = trace_of(view, names)
    (other,) = trace.others
    assert other.findings == ("number begins with: +48 600 100 200 (asked: +48 22, +7)",)
    assert trace.rule.findings == ("dialled number: 22 100 00 00 (asked: 22 100 00 00, 100)",)


def test_who_was_rung_and_where_a_call_was_moved_is_told_by_the_number_as_dialled(
    app: Flask,
) -> None:
    people = People()
    leg = Leg(
        uniqueid="1.1", channel="PJSIP/trunk-1", endpoint="PJSIP/trunk", number="+48600100200",
        name="", role="callee", result="cancelled", ringing_at=None, answered_at=None,
        ended_at=None, talk_seconds=0.0, hold_seconds=0.0,
    )  # fmt: skip
    with app.test_request_context():
        assert people.leg(leg) == "600 100 200"
        assert people.leg(replace(leg, number="1001")) == "1001"
        assert people.place("+442071234567") == "+44 20 7123 4567"
        assert people.place("Local/+48600100200@out") == "Local/+48600100200@out"


def test_rules_in_words_say_numbers_as_people_dial_them(app: Flask) -> None:
    rule = Condition("dialed", values=("+48221000000", "+48221000001"))
    named: dict[str, dict[str, str]] = {"dialed": {"+48221000001": "Office"}}
    with app.test_request_context():
        assert condition_words(rule, named) == "the number dialled is 22 100 00 00 or Office"
        prefix = Condition("number_prefix", values=("+4822",), negated=True)
        assert condition_words(prefix, {}) == "the caller's number does not begin with +48 22"
        assert action_words(Outside("+442071234567"), {}) == "call +44 20 7123 4567"
        told = problem_words(Problem("a", "action", "number_own", {"number": "+48221000000"}))
    assert told.startswith("22 100 00 00 is a number of ours")
