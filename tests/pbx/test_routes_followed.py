"""What the dialplan does with each answer of the CRM that says more than a queue: whom it rings
first, whom it passes by, where outside it may send a caller. One PBX, whose CRM says what each test
has it say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ami.lab import LabPbx
from ami.lab.pbx import lab_plan
from ami.lab.phones import ANSWERS, DECLINES, NO_ANSWER, Behaviour, Call, DeskPhone, FarEnd, call_in
from ami.lab.witness import ScriptedAgi
from tests.support.lab import require_lab
from tests.support.waiting import wait_until

pytestmark = pytest.mark.pbx

SUPPORT, OUTSIDE = "+48221000001", "+48501501501"
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def crm() -> Iterator[ScriptedAgi]:
    with ScriptedAgi({}) as agi:
        yield agi


@pytest.fixture(scope="module")
def pbx(crm: ScriptedAgi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabPbx]:
    require_lab()
    plan = lab_plan(crm.address, outbound_prefixes=("+48",))
    with LabPbx(tmp_path_factory.mktemp("lab"), plan=plan) as lab:
        yield lab


@pytest.fixture
def ledger(pbx: LabPbx, crm: ScriptedAgi) -> Callable[..., Rows]:
    """The ledger of one call, for which the CRM said this."""

    def of(talk: float = 4.0, **answer: str) -> Rows:
        crm.answer = {f"CRM_{name.upper()}": value for name, value in answer.items()}
        before = len(pbx.cel_rows())
        call_in(pbx, [Call(number="+48600100101", to=SUPPORT)], talk=talk).wait()
        wait_until(lambda: _over(pbx.cel_rows()[before:]))
        return pbx.cel_rows()[before:]

    return of


def _over(rows: Rows) -> bool:
    """The caller's own call is; a phone may still talk in one of its own."""
    mine = {row["linkedid"] for row in rows if row["eventtype"] == "APP_START"}
    return bool(mine) and mine <= {
        row["linkedid"] for row in rows if row["eventtype"] == "LINKEDID_END"
    }


def rung(rows: Rows) -> list[str]:
    started = (row["channame"] for row in rows if row["eventtype"] == "CHAN_START")
    return [name.rpartition("-")[0] for name in started if not name.startswith("PJSIP/trunk-")]


def applications(rows: Rows, app: str) -> list[str]:
    return [
        row["appdata"].split(",")[0]
        for row in rows
        if row["eventtype"] == "APP_START" and row["appname"] == app
    ]


def noted(rows: Rows, name: str) -> list[str]:
    return [row["extra"] for row in rows if row["userdeftype"] == name]


def test_the_rings_widen_and_then_the_queue_takes_the_caller(pbx, ledger):
    with DeskPhone(pbx, "1003", NO_ANSWER), DeskPhone(pbx, "1002", DECLINES):
        rows = ledger(talk=3, rings="1003:2|1001&1002:9", route="queue-sales")
    assert rung(rows)[:2] == ["PJSIP/1003", "PJSIP/1002"]
    assert len(applications(rows, "Dial")) == 2, "1001 is not signed in: 1002 alone is rung"
    assert applications(rows, "Queue") == ["sales"]
    assert noted(rows, "CRM_PREFERRED") == ['{"extra":"sales"}']


def test_who_talks_is_passed_by_and_who_answers_has_the_caller(pbx, ledger):
    with DeskPhone(pbx, "1003") as busy, DeskPhone(pbx, "1002", Behaviour(ring=0.3)):
        own = busy.call("600", talk=60)
        wait_until(lambda: pbx.channels() == 1)
        rows = ledger(rings="1003:20|1002:20", route="queue-sales")
        pbx.console("channel request hangup all")
        own.wait()
    assert rung(rows) == ["PJSIP/1002"]
    assert applications(rows, "Queue") == []


@pytest.mark.parametrize(
    "rings",
    [
        "9999:20",
        "PJSIP/1002:20",
        "1002@trunk&+48501501501:20",
        "1002:0|1002:9999|:|&&&:5|1002",
        "&".join(["7000"] * 400) + ":20",
    ],
)
def test_rings_that_mean_nobody_cost_nothing(pbx, ledger, rings):
    with DeskPhone(pbx, "1002", DECLINES):
        rows = ledger(talk=1, rings=rings, route="queue-debtors")
    assert applications(rows, "Queue") == ["debtors"]
    assert set(rung(rows)) <= {"PJSIP/1002"}
    assert not any(OUTSIDE in row["appdata"] for row in rows)


def test_a_caller_is_sent_outside_and_comes_back_when_nobody_there_answers(pbx, ledger):
    with FarEnd(pbx, Behaviour(ring=0.3, talk=1)):
        rows = ledger(target=OUTSIDE, route="outside")
    assert applications(rows, "Dial") == [f"PJSIP/{OUTSIDE}@trunk"]
    assert applications(rows, "Queue") == []
    with FarEnd(pbx, DECLINES):
        rows = ledger(talk=2, target=OUTSIDE, route="outside")
    assert applications(rows, "Queue") == ["support"]


@pytest.mark.parametrize("target", ["", "+19005550100", "1001", "+48", f"{OUTSIDE}&PJSIP/1002"])
def test_a_number_outside_that_is_not_the_plans_is_not_called(ledger, target):
    rows = ledger(talk=1, target=target, route="outside")
    assert applications(rows, "Dial") == []
    assert applications(rows, "Queue") == ["support"]


@pytest.mark.parametrize("route", ["queue-none", "QUEUE-vip", "queue-vip,1", "outside2", "dialed"])
def test_a_word_that_is_no_route_leaves_the_call_to_the_dialled_number(ledger, route):
    assert applications(ledger(talk=1, route=route), "Queue") == ["support"]


def test_a_call_that_comes_back_again_and_again_asks_five_times_at_most(pbx, crm, ledger):
    crm.requests.clear()
    with DeskPhone(pbx, "1001", ANSWERS):
        ledger(talk=2, route="queue-support")
    asked = [one for one in crm.requests if any("script: route" in line for line in one)]
    assert 1 <= len(asked) <= 5
