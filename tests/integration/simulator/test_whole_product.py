"""The product on the simulated PBX: its own decisions decide what happens, its link survives."""

from __future__ import annotations

from ami.simulator.traffic import DemoTraffic, LoadTraffic
from tests.support.waiting import wait_until

ANSWERED = "inbound-call-is-answered-through-the-queue"
PIOTR = "+48601000777"


def test_a_call_becomes_one_interaction_of_the_customer(product, phone_company):
    product.add_customer(PIOTR)
    phone_company.play(ANSWERED, number=PIOTR, speed=2).result(30)
    product.wait_settled(1)
    (call,) = product.interactions()
    assert (call["direction"], call["result"], call["match"]) == ("inbound", "answered", "one")
    assert (call["number"], call["queue"]) == (PIOTR, "support")


def test_the_product_s_decision_decides_what_happens(product, phone_company):
    product.add_customer(PIOTR, vip_level=2)
    product.add_customer("+48601000778", blocked=True, block_reason="rude")
    vip = phone_company.play(ANSWERED, number=PIOTR, speed=5)
    blocked = phone_company.play(ANSWERED, number="+48601000778", speed=5)

    assert vip.result(30).answer["CRM_ROUTE"] == "queue-vip"
    assert blocked.result(30).answer["CRM_ROUTE"] == "blocked"
    product.wait_settled(2)
    by_number = {call["number"]: call for call in product.interactions()}
    assert by_number[PIOTR]["queue"] == "vip"
    assert by_number["+48601000778"]["result"] == "blocked"
    decided = product.rows("select number, route from routing_decisions order by number")
    assert decided == [(PIOTR, "queue-vip"), ("+48601000778", "blocked")]


def test_without_the_crm_s_answer_the_call_goes_on(pbx):
    played = pbx.play(ANSWERED, speed=10).result(30)
    assert played.answer == {}
    assert played.recording == ANSWERED


def test_a_call_survives_a_cut_of_the_link(product, phone_company):
    call = phone_company.play(ANSWERED, number=PIOTR)
    wait_until(lambda: product.rows("select 1 from calls where live"))
    phone_company.call_soon(phone_company.server.hang_up_on_all)
    call.result(30)
    product.wait_settled(1)
    assert [one["number"] for one in product.interactions()] == [PIOTR]


def test_a_load_of_calls_is_all_counted(product, phone_company):
    callers = [(f"+4860200{n:04d}", "") for n in range(40)]
    with LoadTraffic(
        phone_company, callers, per_second=20, recordings=[ANSWERED], speed=20
    ) as load:
        wait_until(lambda: len(load.calls) >= 40)
    phone_company.wait_idle()
    product.wait_settled(len(load.calls))
    assert {one["result"] for one in product.interactions()} == {"answered"}


def test_demo_callers_call_by_themselves(product, phone_company, monkeypatch):
    monkeypatch.setattr("ami.simulator.traffic._FIRST_AFTER", 0.01)
    monkeypatch.setattr("ami.simulator.traffic._BETWEEN", (0.05, 0.1))
    monkeypatch.setattr("ami.simulator.traffic._SPEED", (40.0, 50.0))
    with DemoTraffic(phone_company, seed=7):
        wait_until(lambda: product.rows("select count(*) >= 5 from interactions") == [(1,)])
    numbers = {number for (number,) in product.rows("select number from interactions")}
    assert len(numbers) > 1
