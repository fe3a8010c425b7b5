"""Callers who send as a name, a number or a key what no person would, through the whole product on
a real Asterisk: each is a call like any other, and nothing of it is ever carried out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from ami.lab import LabPbx
from ami.lab.jail import INSIDE
from ami.lab.pbx import lab_plan
from ami.lab.phones import Call, call_in
from callcenter import bootstrap
from callcenter.gateways.voice_espeak import EspeakVoice
from callcenter.menus.menu import Act, Key, Menu, Room
from callcenter.routing.actions import ToMenu, ToQueue
from callcenter.routing.rules import FIRST_RULES, Condition, Rule
from callcenter.settings import Settings
from tests.support.lab import require_lab
from tests.support.menus import publish_menu, publish_rules
from tests.support.product import Product
from tests.support.prompts import beep

pytestmark = [pytest.mark.pbx, pytest.mark.timeout(120)]

SUPPORT, SALES = "+48221000001", "+48221000002"
OWNED = f"{INSIDE}/tmp/owned"
COMMAND = f"${{SHELL(touch {OWNED})}}"
NAMES = (
    '"',
    '\\"',
    "\\",
    "'",
    COMMAND,
    "${CRM_ROUTE}$[1/0]",
    "&PJSIP/1001",
    "x),y(",
    "x,1)&Goto(crm-queue,vip,1",
    "%0d%0aEvent: Hangup%0d%0a%0d%0a",
    "1,CRM_ROUTE=queue-vip",
    "<sip:1001@127.0.0.1>",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "../../etc/passwd",
    "\x1b[31m\x7f\t",
    "\udc80\udcff\udcc3(",  # bytes that are no UTF-8
    "\u202e\u2028Ж𝕏",
    "n" * 8000,
)
NUMBERS = (
    COMMAND,
    "${EXTEN}$[1/0]",
    "+48600100101&PJSIP/1001",
    "x),y(",
    "1001,1)&Goto(crm-queue,vip,1",
    "+48600100101\r\n\r\nAction: Originate\r\nChannel: PJSIP/1001",
    '"1001" <1002>',
    "Local/1001@crm-outbound",
    "٣٤٥",
    "\udcff\udc80",
    "+" + "7" * 400,
)
KEYS = ("*", "#", "A", "B", "C", "D", "*#ABCD", "*1", "#1", "AAAA1")
PLAIN = Call(number="+48600100001", to=SUPPORT, name="Anna")
PLAIN_KEYS = {"+48600100002": "1", "+48600100003": "7,7"}
MENU = Menu(
    rooms=(
        Room(
            name="main",
            prompt="menu-main",
            tries=2,
            seconds=1,
            keys=(Key("1", Act(ToQueue("sales"))),),
        ),
    ),
    otherwise=ToQueue("debtors"),
)
RULES = (
    Rule(
        id="m",
        name="menu",
        conditions=(Condition("dialed", values=(SALES,)),),
        action=ToMenu("main"),
    ),
    *FIRST_RULES,
)


@pytest.fixture
def crm(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Product, LabPbx]]:
    require_lab()
    monkeypatch.setattr(EspeakVoice, "speak", beep)
    early = bootstrap.build(Settings(database_url=sqlite_url, data_dir=tmp_path))
    publish_menu(early, "main", MENU)
    publish_rules(early, RULES)
    early.close()
    with (
        Product(sqlite_url, tmp_path) as product,
        LabPbx(tmp_path / "pbx", plan=lab_plan(product.agi)) as pbx,
    ):
        product.listen(
            pbx.ami_url,
            trunks=("PJSIP/trunk",),
            prompts_dir=pbx.prompts,
            prompts_path=pbx.prompts_inside,
        )
        yield product, pbx


def in_a_uri(text: str) -> str:
    """As a caller may write it there: every byte escaped."""
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogateescape"))


def in_quotes(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def carried_out(rows: list[dict[str, str]]) -> set[tuple[str, str]]:
    """Applications that were started and what the dialplan noted; moments, ids, spells aside."""
    started = {
        (row["appname"], re.sub(r"\d{10}(?:\.\d+)?|(?<=,)\d{1,3}$", "N", row["appdata"]))
        for row in rows
        if row["eventtype"] == "APP_START"
    }
    noted = (row for row in rows if row["eventtype"] == row["userdeftype"])
    return started | {(row["userdeftype"], row["extra"]) for row in noted}


def complaints(pbx: LabPbx) -> list[str]:
    """Without those of Asterisk's SIP about a name that is no UTF-8, which it mends."""
    found = re.findall(r" (?:ERROR|WARNING)\[.*", pbx.log_text())
    return [line for line in found if "has invalid UTF-8 characters which were" not in line]


def test_whatever_callers_send_they_are_calls_like_any_other(crm):
    product, pbx = crm
    named = [
        Call(number=f"+486002{n:05}", to=SUPPORT, name=in_quotes(name))
        for n, name in enumerate(NAMES)
    ]
    numbered = [Call(number=in_a_uri(number), to=SUPPORT) for number in NUMBERS]
    calls = [call_in(pbx, [PLAIN, *named, *numbered], talk=3, rate=20)]
    keyed = {f"+486003{n:05}": keys for n, keys in enumerate(KEYS)} | PLAIN_KEYS
    calls += [
        call_in(pbx, [Call(number=number, to=SALES)], talk=5, digit=keys)
        for number, keys in keyed.items()
    ]
    for call in calls:
        assert call.wait(60), call.errors()
    every = 1 + len(NAMES) + len(NUMBERS) + len(keyed)
    product.wait_settled(every)
    where = Counter(one["queue"] for one in product.interactions())
    assert where == {"support": every - len(keyed), "debtors": 9, "sales": 3}
    rows = pbx.cel_rows()
    plain = {row["linkedid"] for row in rows if row["cid_num"] in {PLAIN.number, *PLAIN_KEYS}}
    assert len(plain) == 3
    usual = carried_out([row for row in rows if row["linkedid"] in plain])
    assert carried_out(rows) - usual == {("CRM_MENU", f'{{"extra":"{key}"}}') for key in "*#ABCD"}
    assert not (pbx.work_dir / "tmp/owned").exists()
    assert complaints(pbx) == []
