"""Callers in the CRM's menus, on a real Asterisk: keys, silence, PINs, and a CRM that dies."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ami.lab import LabPbx
from ami.lab.pbx import lab_plan
from ami.lab.phones import Call, call_in
from callcenter import bootstrap
from callcenter.accounts.passwords import hash_password
from callcenter.gateways.voice_espeak import EspeakVoice
from callcenter.menus.menu import Act, Go, Key, Menu, Room, Serve
from callcenter.pbx.plan import Did, PbxPlan
from callcenter.routing.actions import Announce, ToMenu, ToQueue
from callcenter.routing.rules import Condition, Rule
from callcenter.settings import Settings
from callcenter.store.tables import invoices
from tests.support.lab import require_lab
from tests.support.menus import publish_menu, publish_rules
from tests.support.product import Product
from tests.support.prompts import beep
from tests.support.waiting import wait_until

pytestmark = pytest.mark.pbx

SUPPORT, PIN = "+48221000001", "2580"
# A number that leads to the menu by itself, without a rule; and who calls it.
OWN, FIRST_OF_OWN = "+48221000077", "+48600000008"
MENU = Menu(
    rooms=(
        Room(
            name="main",
            prompt="menu-main",
            tries=2,
            seconds=2,
            keys=(
                Key("1", Act(ToQueue("sales"))),
                Key("2", Go("more")),
                Key("3", Serve("balance")),
            ),
        ),
        Room(
            name="more",
            prompt="menu-main",
            keys=(
                Key("1", Act(ToQueue("vip"))),
                Key("9", Act(Announce("goodbye", ToQueue("debtors")))),
            ),
        ),
    ),
    otherwise=ToQueue("support"),
)


@pytest.fixture
def crm(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Product, LabPbx]]:
    require_lab()
    monkeypatch.setattr(EspeakVoice, "speak", beep)
    early = bootstrap.build(Settings(database_url=sqlite_url, data_dir=tmp_path))
    publish_menu(early, "main", MENU)
    by_rule = Condition("dialed", (OWN,), negated=True)
    publish_rules(early, [Rule(id="m", name="menu", conditions=(by_rule,), action=ToMenu("main"))])
    early.close()
    with (
        Product(sqlite_url, tmp_path) as product,
        LabPbx(tmp_path / "pbx", plan=plan_of(product)) as pbx,
    ):
        product.listen(pbx.ami_url, prompts_dir=pbx.prompts, prompts_path=pbx.prompts_inside)
        yield product, pbx


def plan_of(product):
    own = Did(number=OWN, kind="menu", target="main")
    return lab_plan(product.agi, dids=(*PbxPlan().dids, own))


def of_call(pbx, number):
    """The ledger's rows of this caller's channel."""
    rows = pbx.cel_rows()
    mine = {row["uniqueid"] for row in rows if row["cid_num"] == number}
    return [row for row in rows if row["uniqueid"] in mine]


def queues(pbx, number):
    entered = (row for row in of_call(pbx, number) if row["appname"] == "Queue")
    return list(dict.fromkeys(row["appdata"].split(",")[0] for row in entered))


def keys(pbx, number):
    noted = (row for row in of_call(pbx, number) if row["userdeftype"] == "CRM_MENU")
    return [row["extra"].removeprefix('{"extra":"').removesuffix('"}') for row in noted]


CALLS = {
    # number: (what is pressed, the queues, the keys that the ledger tells)
    "+48600000001": ("1", ["sales"], ["1"]),
    "+48600000002": ("2,1", ["vip"], ["2", "1"]),
    "+48600000003": (",7,7", ["support"], ["7", "7"]),
    "+48600000004": ("", ["support"], []),
    "+48600000005": ("2,9", ["debtors"], ["2", "9"]),
    # Customer number and PIN, right and wrong; what they hear is looked at below.
    "+48600000006": (f"3,1#,{PIN}#,,,,,1", ["sales"], ["3", "1"]),
    "+48600000007": ("3" + ",1#,9999#,," * 3, ["support"], ["3"]),
    FIRST_OF_OWN: ("2,1", ["vip"], ["2", "1"]),
}


def test_callers_go_where_their_keys_lead(crm):
    product, pbx = crm
    debtor_with_pin(product)
    calls = [
        call_in(
            pbx,
            [Call(number=number, to=OWN if number == FIRST_OF_OWN else SUPPORT)],
            talk=20,
            digit=pressed,
        )
        for number, (pressed, _, _) in CALLS.items()
    ]
    for call in calls:
        assert call.wait(60), call.errors()
    pbx.wait_idle()
    found = {number: (queues(pbx, number), keys(pbx, number)) for number in CALLS}
    assert found == {number: (where, told) for number, (_, where, told) in CALLS.items()}
    product.wait_settled(len(CALLS))
    tries = product.rows("select number, ok from identifications order by number, id")
    assert tries == [("+48600000006", 1)] + [("+48600000007", 0)] * 3


def debtor_with_pin(product):
    product.add_customer("+48600000006")
    with product.runtime.unit_of_work() as uow:
        uow.pins.set(1, hash_password(PIN), user_id=None, at=product.runtime.clock.now())
        uow.connection.execute(
            invoices.insert().values(
                customer_id=1,
                number="F1",
                amount_minor=12_050,
                currency="PLN",
                due_on=date(2026, 5, 3),
            )
        )
        uow.commit()


class Dying(socketserver.StreamRequestHandler):
    """A CRM that sends every call into its menu, and then dies in it, or hangs."""

    server: FaultyAgi

    def handle(self) -> None:
        asked = b""
        for line in iter(self.rfile.readline, b"\n"):
            asked = line if line.startswith(b"agi_network_script") else asked
        if b"route" in asked:
            self.say('EXEC MSet "CRM_TARGET=main,CRM_ROUTE=menu"')
        elif b"menu" in asked and self.server.hangs:
            self.say("SET AUTOHANGUP 1")
            self.server.over.wait(20)
        elif b"menu" in asked:
            self.say('SET VARIABLE CRM_MENU "1"')

    def say(self, command: str) -> None:
        self.wfile.write(command.encode() + b"\n")
        self.rfile.readline()


class FaultyAgi(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        self.hangs = False
        self.over = threading.Event()
        super().__init__(("127.0.0.1", 0), Dying)


def test_a_crm_that_dies_or_hangs_in_a_menu_costs_no_caller(make_lab):
    with FaultyAgi() as agi:
        threading.Thread(target=agi.serve_forever, args=(0.05,), daemon=True).start()
        pbx = make_lab(agi.server_address)
        for number, hangs in (("+48600000001", False), ("+48600000002", True)):
            agi.hangs = hangs
            call_in(pbx, [Call(number=number, to=SUPPORT)], talk=4).wait()
            wait_until(lambda number=number: queues(pbx, number) == ["support"])
        agi.over.set()
        agi.shutdown()
    assert "did not bring its menu to an end" in pbx.log_text()
