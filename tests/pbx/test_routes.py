"""Whole routes with the whole product, on a real Asterisk: who calls, what the CRM knows of them,
who answers, and what is kept of the decision and told of it. One PBX and one product for many
calls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import insert

from ami.lab import LabPbx
from ami.lab.pbx import lab_plan
from ami.lab.phones import Behaviour, Call, DeskPhone, FarEnd, call_in
from callcenter import bootstrap
from callcenter.gateways.voice_espeak import EspeakVoice
from callcenter.hours.calendar import DAY_END, NEVER, Calendar, Closure, Interval, SpecialDay
from callcenter.routing.actions import Announce, Outside, Preferred, Ring, ToQueue, Voicemail
from callcenter.routing.rules import FIRST_RULES, Condition, Rule
from callcenter.runtime import Runtime
from callcenter.services import operator_state
from callcenter.services.hours import HoursDesk
from callcenter.settings import Settings
from callcenter.store import tables
from tests.support.agi import ask
from tests.support.databases import SqliteDatabases
from tests.support.lab import require_lab
from tests.support.menus import publish_rules
from tests.support.prompts import beep
from tests.support.waiting import wait_until
from tests.support.web import Browser
from tests.support.whole_product import WholeProduct
from web.app import create_app

pytestmark = [pytest.mark.pbx, pytest.mark.timeout(240)]

SUPPORT, SALES, NIGHT_WATCH = "+48221000001", "+48221000002", "+48501501501"
MENU, ANNA = "+48221000003", "+48221000101"
VIP, DEBTOR, BLOCKED, RETURNING = (f"+4860010020{n}" for n in range(1, 5))
STRANGER, LATE = "+48600100205", "+48600100206"
ON_A_FEAST, WHEN_SHUT, PATIENT, TOLD_WHY = (f"+4860010030{n}" for n in range(1, 5))
CAME = "When the call came in"
LEFT = "When the queue Sales let the call go: waited too long"
ALWAYS = ((Interval(0, DAY_END),),) * 7
ANSWERS = Behaviour(ring=0.3)
RULES = (
    Rule(
        id="closed",
        name="closed",
        title="Nobody sells now",
        conditions=(
            Condition("dialed", values=(SALES,)),
            Condition("open", of="never", negated=True),
        ),
        action=Outside(NIGHT_WATCH, 20),
    ),
    Rule(
        id="feast",
        name="feast",
        title="A day off",
        conditions=(
            Condition("dialed", values=(MENU,)),
            Condition("open", of="feasts", negated=True),
        ),
        action=Voicemail("sales"),
    ),
    Rule(
        id="shut",
        name="shut",
        title="Shut for now",
        conditions=(Condition("dialed", values=(ANNA,)), Condition("closure", of="office")),
        action=Announce("closed"),
    ),
    Rule(
        id="away",
        name="away",
        title="Nobody is in the office",
        conditions=(
            Condition("number_prefix", values=(TOLD_WHY,)),
            Condition("open", of="office", negated=True),
        ),
        action=Outside(NIGHT_WATCH, 20),
    ),
    Rule(
        id="patient",
        name="patient",
        title="Sales, but not for long",
        conditions=(Condition("number_prefix", values=(PATIENT,)),),
        action=ToQueue("sales", max_wait=2),
    ),
    Rule(
        id="spilled",
        name="spilled",
        title="Nobody in sales",
        stage="overflow",
        conditions=(
            Condition("from_queue", values=("sales",)),
            Condition("queue_result", values=("TIMEOUT",)),
        ),
        action=Outside(NIGHT_WATCH, 20),
    ),
    *FIRST_RULES[:6],
    Rule(
        id="returning",
        name="returning",
        title="Who spoke with them last",
        conditions=(Condition("one"),),
        action=Preferred((Ring("last", 15), Ring("anyone", 20)), "support"),
    ),
    *FIRST_RULES[6:],
)


class Centre(WholeProduct):
    """The product, its PBX and two operators, 1002 and 1003."""

    users: dict[str, int]
    supervisor: Browser

    def told(self, number: str) -> list[tuple[str, ...]]:
        """Of the last call from there, what its page says: each stage, its rule and version."""
        (row,) = self.mappings(
            f"SELECT id FROM interactions WHERE number = '{number}' "
            "ORDER BY started_at DESC LIMIT 1"
        )
        page = self.supervisor.text(f"/interactions/{row['id']}/explain")
        section = page.partition('id="route-title"')[2].partition("</section>")[0]
        stages = re.findall(r"<h3>(.*?)</h3>", section)
        facts = (
            [_plain(one) for one in re.findall(rf"<dt>{name}</dt><dd>(.*?)</dd>", section)]
            for name in ("Rule", "Rules")
        )
        rules, versions = facts
        assert set(versions) == {"version 99"}
        assert len(rules) == len(versions)
        return list(zip(stages or [""], rules, strict=True))

    def answered_by(self, number: str) -> str:
        (row,) = self.mappings(
            "SELECT u.extension FROM interactions i JOIN users u ON u.id = i.operator_id "
            f"WHERE i.number = '{number}' AND i.ended_at IS NOT NULL "
            "ORDER BY i.started_at DESC LIMIT 1"
        )
        return str(row["extension"])

    def last(self, number: str) -> dict[str, object]:
        return self.mappings(
            "SELECT i.result, i.queue, d.rule, d.route, d.facts FROM interactions i "
            "LEFT JOIN routing_decisions d ON i.call_id = d.pbx || '/' || d.uniqueid "
            f"WHERE i.number = '{number}' ORDER BY i.started_at DESC LIMIT 1"
        )[0]

    def over(self, number: str) -> bool:
        ended = f"SELECT id FROM calls WHERE caller_number = '{number}' AND live = 0"
        return bool(self.mappings(ended)) and self.last(number)["rule"] is not None

    def ready(self, extension: str) -> None:
        operator_state.set_state(
            self.users[extension],
            "ready",
            unit_of_work=self.runtime.unit_of_work,
            clock=self.runtime.clock,
            publisher=self.runtime.bus,
        )

    def call(self, number: str, to: str = SUPPORT, talk: float = 4.0) -> dict[str, object]:
        """One whole call, and what is kept of it."""
        calls = len(self.mappings("SELECT id FROM calls WHERE merged_into IS NULL AND live = 0"))
        call_in(self.pbx, [Call(number=number, to=to)], talk=talk).wait(90)
        ended = "SELECT id FROM calls WHERE merged_into IS NULL AND live = 0"
        wait_until(lambda: len(self.mappings(ended)) > calls)
        wait_until(lambda: self.last(number)["rule"] is not None)
        return self.last(number)


def _plain(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", markup)).split())


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    require_lab()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EspeakVoice, "speak", beep)
        yield from _centre(tmp_path_factory.mktemp("routes"))


def _centre(folder: Path) -> Iterator[Centre]:
    url = SqliteDatabases(folder).migrated(folder / "crm.db")
    early = bootstrap.build(Settings(database_url=url, data_dir=folder))
    _keep_hours(early)
    publish_rules(early, RULES)
    early.close()
    with Centre(url, folder) as product:
        plan = lab_plan(product.agi)
        with LabPbx(folder / "pbx", plan=plan) as pbx:
            product.pbx = pbx
            product.listen(
                pbx.ami_url,
                trunks=("PJSIP/trunk",),
                prompts_dir=pbx.prompts,
                prompts_path=pbx.prompts_inside,
            )
            product.add_user("ewa", "supervisor")
            product.supervisor = Browser(create_app(product.runtime, testing=True))
            assert product.supervisor.log_in("ewa").status_code == 302
            product.users = product.add_operators(["1002", "1003"])
            product.add_customer(VIP, vip_level=2)
            product.add_customer(BLOCKED, blocked=True)
            product.add_customer(DEBTOR)
            product.add_customer(RETURNING)
            _remember(product)
            for extension in product.users:
                product.ready(extension)
            yield product


def _keep_hours(early: Runtime) -> None:
    """Never there; there but for today, which is a feast; always there."""
    with early.unit_of_work() as uow:
        never = Calendar(key="never", title="Never", time_zone="Etc/UTC", week=NEVER)
        uow.hours.add(never, early.clock.now())
        uow.commit()
    desk = HoursDesk(early.unit_of_work, early.clock)
    for key in ("feasts", "office"):
        desk.create(Calendar(key=key, title=key.title(), time_zone="Etc/UTC", week=ALWAYS))
    today = early.clock.now().date()
    for day in (today, today + timedelta(days=1)):
        desk.set_day("feasts", SpecialDay(day=day, kind="closed", title="Founders' day"))


def _remember(product: Centre) -> None:
    """DEBTOR owes something; RETURNING spoke with 1003 yesterday."""
    now = product.runtime.clock.now()
    ids = {
        row["e164"]: row["customer_id"] for row in product.mappings("SELECT * FROM phone_numbers")
    }
    owed = {"customer_id": ids[DEBTOR], "number": "FV/1", "amount_minor": 5000, "currency": "PLN"}
    spoke = {
        "channel": "call",
        "direction": "inbound",
        "result": "answered",
        "number": RETURNING,
        "customer_id": ids[RETURNING],
        "operator_id": product.users["1003"],
        "match": "one",
        "explanation": {},
        "talk_seconds": 60,
        "hold_seconds": 0,
    }
    times = ("started_at", "answered_at", "ended_at", "created_at", "updated_at")
    spoke |= dict.fromkeys(times, now - timedelta(days=1))
    spoke |= dict.fromkeys(("number_raw", "number_kind", "dialed", "queue"), "")
    with product.runtime.unit_of_work() as uow:
        connection = uow.connection  # type: ignore[attr-defined]
        due = (now - timedelta(days=30)).date()
        connection.execute(insert(tables.invoices).values(**owed, due_on=due))
        connection.execute(insert(tables.interactions).values(**spoke))
        uow.commit()


def test_the_returning_caller_reaches_yesterdays_operator_and_others_when_she_is_busy(centre):
    with DeskPhone(centre.pbx, "1003", ANSWERS) as hers, DeskPhone(centre.pbx, "1002", ANSWERS):
        # Whom it may ring the CRM knows from a picture of the centre that may be a second old.
        wait_until(lambda: "1003" in ask(centre.agi[1], callerid=RETURNING).get("CRM_RINGS", ""))
        first = centre.call(RETURNING)
        assert (first["rule"], first["result"], first["queue"]) == (
            "returning",
            "answered",
            "support",
        )
        assert centre.answered_by(RETURNING) == "1003"
        assert centre.told(RETURNING) == [("", "Who spoke with them last returning")]
        for extension in centre.users:
            centre.ready(extension)
        own = hers.call("600", talk=60)
        wait_until(lambda: centre.pbx.channels() == 1)
        second = centre.call(RETURNING)
        assert (second["rule"], second["result"]) == ("returning", "answered")
        assert centre.answered_by(RETURNING) == "1002"
        centre.pbx.console("channel request hangup all")
        own.wait()


def test_a_debtor_a_blocked_caller_and_one_who_comes_too_late_go_their_ways(centre):
    assert centre.call(DEBTOR, talk=1)["queue"] == "debtors"
    blocked = centre.call(BLOCKED, talk=30)
    assert (blocked["rule"], blocked["result"]) == ("blocked", "blocked")
    with FarEnd(centre.pbx, Behaviour(ring=0.3, talk=1)):
        late = centre.call(LATE, to=SALES)
    assert (late["rule"], late["route"]) == ("closed", "outside")
    told = [centre.told(one) for one in (DEBTOR, BLOCKED, LATE)]
    assert told == [
        [("", "Everybody with this number owes money debtor")],
        [("", "Everybody with this number is blocked blocked")],
        [("", "Nobody sells now closed")],
    ]
    dialled = [row["appdata"] for row in centre.pbx.cel_rows() if row["appname"] == "Dial"]
    assert any(NIGHT_WATCH in one for one in dialled)


def test_a_vip_who_came_later_is_answered_first(centre):
    """Nobody is there when both come; then 1001 signs in, who answers every queue."""
    plain = call_in(centre.pbx, [Call(number=STRANGER, to=SUPPORT)], talk=60)
    wait_until(lambda: "PJSIP/trunk" in centre.pbx.console("queue show support"))
    vip = call_in(centre.pbx, [Call(number=VIP, to=SUPPORT)], talk=60)
    wait_until(lambda: "PJSIP/trunk" in centre.pbx.console("queue show vip"))
    with DeskPhone(centre.pbx, "1001", ANSWERS):
        spoke = "SELECT caller_number FROM calls WHERE answered_at IS NOT NULL AND live = 1"
        wait_until(lambda: centre.mappings(spoke), timeout=60)
        assert [row["caller_number"] for row in centre.mappings(spoke)] == [VIP]
        centre.pbx.console("channel request hangup all")
    for one in (vip, plain):
        one.wait(30)
    assert centre.told(VIP) == [("", "A VIP has this number vip")]
    assert centre.told(STRANGER) == [("", "Nobody has this number unknown")]


def test_a_feast_a_closure_and_a_queue_that_took_too_long_lead_where_the_rules_say(centre):
    now = centre.runtime.clock.now()
    HoursDesk(centre.runtime.unit_of_work, centre.runtime.clock).close(
        Closure(
            calendar="office",
            starts_at=now - timedelta(minutes=1),
            ends_at=now + timedelta(hours=1),
            reason="A burst pipe",
            message="closed",
        )
    )
    stranger = {"callerid": "+48600100399", "dnid": ANNA, "extension": ANNA}
    wait_until(lambda: ask(centre.agi[1], **stranger)["CRM_ROUTE"] == "announcement")
    dialled = {ON_A_FEAST: MENU, WHEN_SHUT: ANNA, PATIENT: SUPPORT, TOLD_WHY: SUPPORT}
    with FarEnd(centre.pbx, Behaviour(ring=0.3, talk=1)):
        calls = [Call(number=number, to=to) for number, to in dialled.items()]
        call_in(centre.pbx, calls, talk=8).wait(60)
    found = {}
    for number in dialled:
        wait_until(lambda number=number: centre.over(number))
        found[number] = (centre.last(number)["result"], centre.told(number))
    assert found == {
        ON_A_FEAST: ("voicemail", [("", "A day off feast")]),
        WHEN_SHUT: ("unknown", [("", "Shut for now shut")]),
        PATIENT: (
            "answered",
            [
                (CAME, "Sales, but not for long patient"),
                (LEFT, "Nobody in sales spilled"),
            ],
        ),
        TOLD_WHY: ("answered", [("", "Nobody is in the office away")]),
    }
    heard = [row for row in centre.pbx.cel_rows() if row["eventtype"] == "STREAM_BEGIN"]
    said = {
        number: [row["appdata"] for row in heard if row["cid_num"] == number]
        for number in (WHEN_SHUT, TOLD_WHY)
    }
    assert len(said[WHEN_SHUT]) == 1
    assert said[WHEN_SHUT][0].startswith(f"{centre.pbx.prompts_inside}/")
    assert said[TOLD_WHY] == said[WHEN_SHUT]  # the closure's message, before the night watch
