"""A call tried without a call, and a draft tried on last week's calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from callcenter.customers.phone import PhoneNumber
from callcenter.hours.calendar import Calendar
from callcenter.routing.actions import ToQueue
from callcenter.routing.decide import decide_route
from callcenter.routing.facts import CallFacts, CustomerFacts
from callcenter.routing.record import DecisionRecord, explain
from callcenter.routing.rules import Condition, RoutingTable, Rule
from callcenter.services import routing_trial
from callcenter.services.hours import HoursDesk
from callcenter.services.routing_rules import RulesDesk
from tests.support.web import ONE, Browser, World

NIGHT = Rule(
    name="night",
    title="Nobody there",
    conditions=(Condition("open", of="office", negated=True),),
    action=ToQueue("sales"),
)


def desk(world: World) -> RulesDesk:
    runtime = world.runtime
    return RulesDesk(
        unit_of_work=runtime.unit_of_work, clock=runtime.clock, publisher=runtime.bus,
        user_id=world.users["supervisor"],
    )  # fmt: skip


@pytest.fixture
def draft(world: World) -> None:
    """A calendar, and a draft whose first rule asks it."""
    hours = HoursDesk(world.runtime.unit_of_work, world.runtime.clock)
    hours.create(Calendar(key="", title="Office", time_zone="Europe/Warsaw", country="PL"))
    rules = desk(world)
    rule_id = rules.put_rule(NIGHT)
    rules.move(rule_id, -99)


def record(world: World, count: int, **changes: Any) -> None:
    at = world.runtime.clock.now() - timedelta(hours=2)
    facts = CallFacts(
        caller=PhoneNumber("e164", "", e164=ONE), dialed="+48221000000", at=at,
        customers=(CustomerFacts(customer_id=1),), hours={"office": (False, "weekday")},
    )  # fmt: skip
    facts = replace(facts, **changes)
    made = decide_route(facts, RoutingTable())
    row = DecisionRecord(
        pbx="pbx", uniqueid="7.1", number=ONE, dialed=facts.dialed, route=made.route,
        rule=made.rule, facts=explain(made, facts), decided_at=at, stage="arrival", version=1,
    )  # fmt: skip
    with world.runtime.unit_of_work() as uow:
        uow.routing.record(*[replace(row, uniqueid=f"7.{n}") for n in range(count)])
        uow.commit()


def test_a_call_is_tried_now_and_on_a_holiday_by_live_rules_and_by_the_draft(
    supervisor: Browser, draft: None
) -> None:
    eve = f"{datetime.now(UTC).year + 1}-12-24T18:00"
    text = supervisor.text(f"/routing/try?ask=yes&number=%2B{ONE[1:]}&dialed=221000000&at={eve}")
    for shown in (
        "By the live rules",
        "By the draft",
        "queue Sales",
        "Nobody there",
        "“Office” is closed",
        "A VIP has this number",
        "closed: public holiday",
        "What is known of the caller is as of today",
        "Nobody can know how the queues will be then",
    ):
        assert shown in text, shown
    now = supervisor.text("/routing/try?ask=yes&hidden=yes")
    assert "The caller hides their number" in now
    assert "Left empty, the queues are as they are now." in now


def test_the_page_says_what_it_is_for_and_refuses_what_it_cannot_read(supervisor: Browser) -> None:
    assert "Ask before somebody calls" in supervisor.text("/routing/try")
    assert "Say which number calls" in supervisor.text("/routing/try?ask=yes")
    answer = supervisor.text("/routing/try?ask=yes&number=1&at=whenever")
    assert "This is not a date and time." in answer
    for far in ("0001-01-01T00:00", "9999-12-31T23:59"):
        answer = supervisor.text(f"/routing/try?ask=yes&number=1&at={far}")
        assert "This is not a date and time." in answer or "too far away" in answer
    for odd in ("%00", "'%22<b>", "9" * 5000, "%F0%9F%98%80"):
        assert "<b>" not in supervisor.text(f"/routing/try?ask=yes&number={odd}&dialed={odd}")


def test_queues_may_be_supposed_for_another_time(supervisor: Browser, world: World) -> None:
    rule = Rule(
        name="crowd",
        conditions=(Condition("queue_waiting", amount=5, of="support"),),
        action=ToQueue("vip"),
    )
    rules = desk(world)
    rules.move(rules.put_rule(rule), -99)
    path = f"/routing/try?ask=yes&number=%2B{ONE[1:]}&at=2030-01-02T10:00"
    assert "waiting in Support: not known" in supervisor.text(path)
    supposed = supervisor.text(f"{path}&waiting:support=7")
    assert "waiting in Support: 7 (asked: at least 5)" in supposed
    assert "queue VIP" in supposed


def test_a_draft_is_tried_on_last_weeks_calls(
    world: World, supervisor: Browser, draft: None
) -> None:
    record(world, 60)
    record(world, 2, hours={"office": (True, "hours")})
    with world.runtime.unit_of_work() as uow:
        erased = DecisionRecord(
            pbx="pbx", uniqueid="8", number="", dialed="", route="", rule="known",
            facts={"erased": True}, decided_at=world.runtime.clock.now(),
        )  # fmt: skip
        uow.routing.record(erased)
        uow.commit()
    begun = supervisor.post("/routing/diff")
    assert begun.status_code == 302
    assert "0 of 63 calls looked at" in supervisor.text(begun.location)
    store = {"unit_of_work": world.runtime.unit_of_work, "clock": world.runtime.clock}
    while routing_trial.turn(**store):
        pass
    done = supervisor.text(begun.location)
    assert "63 calls looked at." in done
    assert "60 calls would go to queue Sales instead of where the dialled number leads" in done
    assert "1 call could not be decided again" in done
    listed = supervisor.text(f"{begun.location}/calls?was=&would=queue-sales")
    assert listed.count("Why?") == 50
    assert "More calls" in listed
    both = supervisor.text(f"{begun.location}/calls/1")
    assert both.count("One customer has this number") == 1
    assert "“Office” is closed" in both
    assert supervisor.get(f"{begun.location}/calls/61").status_code == 404
    assert "60" in supervisor.text("/routing/diff")


def test_without_a_draft_there_is_nothing_to_try(supervisor: Browser, operator: Browser) -> None:
    assert supervisor.post("/routing/diff").status_code == 302
    assert "There is no draft to try" in supervisor.text("/routing/diff")
    assert operator.get("/routing/try").status_code == 403
    assert operator.post("/routing/diff").status_code == 403
