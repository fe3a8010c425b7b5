"""The configuration rendered for an older Asterisk, on that Asterisk, where its tree was made."""

from __future__ import annotations

import asyncio
import csv

import pytest

from ami.check import PbxCheck
from ami.lab import LabPbx
from ami.lab.phones import Call, call_in
from callcenter.pbx.ledger_columns import CEL_COLUMNS
from callcenter.settings import PbxAddress
from tests.support.lab import require_older_lab

pytestmark = pytest.mark.pbx


@pytest.fixture
def old(make_lab) -> LabPbx:
    require_older_lab("16")
    return make_lab(asterisk="16")


def test_all_of_it_is_understood_and_the_check_has_nothing_against_it_but_its_age(
    old: LabPbx,
) -> None:
    assert "ERROR" not in old.log_text()
    secret = old.plan.manager.listener
    address = PbxAddress("old", "127.0.0.1", old.plan.ports.ami, "callcenter", secret)
    findings = asyncio.run(PbxCheck(address).run())
    not_seen_without_a_call = {"read call", "read agent"}
    wrong = {finding.what for finding in findings if finding.level != "ok"}
    assert wrong - not_seen_without_a_call == {"version"}


def test_nothing_that_a_caller_sends_breaks_a_line_of_the_ledger(old: LabPbx) -> None:
    call = Call(
        number="+48600100101%22,",
        to="+48221000101%0D%0A%22,%22x",
        name=r"O'Neil, \"Jo\" (Żak) $\{x\} %0A",
    )
    call_in(old, [call], talk=1.0, patience=2.0).wait(40)
    old.wait_idle()
    lines = old.cel_path.read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    rows = [dict(zip(CEL_COLUMNS, row, strict=True)) for row in csv.reader(lines)]
    assert len(rows) == len(lines)
    assert rows[0]["eventtype"] == "CHAN_START"
    assert rows[0]["cid_name"].startswith("O'Neil, ")
    assert rows[0]["cid_num"] == '+48600100101",'
    assert rows[0]["exten"] == '+48221000101","x'
