"""Published rules are met by the next callers, without a restart; a rule that breaks costs none."""

from __future__ import annotations

from dataclasses import replace

from prometheus_client import REGISTRY
from sqlalchemy import select

from callcenter.routing.actions import Announce, Preferred, Ring, ToMenu, ToQueue
from callcenter.routing.checks import Known
from callcenter.routing.rules import FIRST_RULES, Condition, Rule
from callcenter.services.routing_rules import RulesDesk
from callcenter.store.tables import routing_decisions
from tests.integration.agi.test_databases import STRANGER, VIP, add, serving
from tests.support.agi import ask
from tests.support.waiting import wait_until


def test_callers_meet_what_was_published_and_nothing_of_a_draft(sqlite_url):
    with serving(sqlite_url) as (agi, runtime):
        add(runtime, VIP, vip_level=1)
        desk = RulesDesk(
            unit_of_work=runtime.unit_of_work,
            clock=runtime.clock,
            publisher=runtime.bus,
            user_id=None,
        )
        broken = Rule(name="broken", conditions=(Condition("open", of="nowhere"),))
        strangers = Rule(
            name="strangers",
            conditions=(Condition("one", negated=True),),
            action=Announce("closed", ToMenu("main")),
        )
        own = Rule(
            name="own",
            conditions=(Condition("any_vip"),),
            action=Preferred((Ring("last"),), "vip", priority=5),
        )
        left = Rule(name="left", stage="overflow", action=ToQueue("support", max_wait=60))
        desk.put_draft([broken, strangers, own, left, *FIRST_RULES])
        assert ask(agi.port, callerid=STRANGER)["CRM_REASON"] == "unknown"
        desk.publish(Known())
        wait_until(lambda: ask(agi.port, callerid=STRANGER)["CRM_REASON"] == "strangers")
        told = ask(agi.port, callerid=STRANGER)
        assert (told["CRM_ROUTE"], told["CRM_TARGET"]) == ("announcement", "closed")
        assert (told["CRM_THEN"], told["CRM_THEN_TARGET"]) == ("menu", "main")
        assert ask(agi.port, callerid=VIP)["CRM_ROUTE"] == "queue-vip"
        assert ask(agi.port, callerid=VIP)["CRM_PRIORITY"] == "15"
        overflow = ask(agi.port, callerid=VIP, script="route?stage=overflow&queue=vip&why=TIMEOUT")
        assert (overflow["CRM_ROUTE"], overflow["CRM_MAX_WAIT"]) == ("queue-support", "60")
        skipped = REGISTRY.get_sample_value(
            "callcenter_agi_rules_skipped_total", {"rule": "broken"}
        )
        assert skipped
        assert skipped >= 3

        def kept():
            with runtime.reader() as connection:
                rows = connection.execute(select(routing_decisions)).all()
            return [one for one in rows if one.rule == "left"]

        wait_until(kept)
        (one,) = kept()
        assert (one.stage, one.version) == ("overflow", 2)
        assert one.facts["from_queue"] == "vip"
        assert one.facts["considered"][0]["matched"]
        desk.put_rule(replace(strangers, id="", name="never", active=True))
        assert ask(agi.port, callerid=STRANGER)["CRM_REASON"] == "strangers"
