"""`docs/connect-your-asterisk.md`, followed on an Asterisk that never heard of the CRM."""

from __future__ import annotations

import asyncio

import pytest

from ami.check import PbxCheck
from ami.check_hand import HandCheck
from ami.lab import LabPbx
from ami.lab.phones import Call, DeskPhone, call_in
from ami.lab.rootfs import CURRENT, RELEASES
from callcenter.settings import PbxAddress
from tests.support.guide import console_commands, dialplan_before, paste
from tests.support.lab import require_older_lab

pytestmark = pytest.mark.pbx

SECRET = "a-secret-of-the-guides-reader"
PHONES = "[phones]\nexten => _10XX,1,Dial(PJSIP/${EXTEN},20)\n"
QUEUES = "[general]\nautofill = yes\n\n[office]\ntimeout = 15\nmember => PJSIP/1001\n"


@pytest.fixture(params=list(RELEASES))
def own(make_lab, request) -> LabPbx:
    """Somebody's own: a number, a queue, phones; a manager without users; no ledger."""
    if request.param != CURRENT:
        require_older_lab(request.param)
    pbx = make_lab(asterisk=request.param)
    etc = pbx.work_dir / "etc"
    manager = f"[general]\nenabled = yes\nbindaddr = 127.0.0.1\nport = {pbx.plan.ports.ami}\n"
    pjsip = (etc / "pjsip.conf").read_text("utf-8")
    for name, text in {
        "manager.conf": manager,
        "extensions.conf": f"[general]\nstatic = yes\n\n{dialplan_before()}\n{PHONES}",
        "queues.conf": QUEUES,
        "pjsip.conf": pjsip.replace("from-trunk", "from-provider").replace(
            "from-operators", "phones"
        ),
        "cel.conf": "[general]\nenable = no\n",
        "cel_custom.conf": "",
    }.items():
        (etc / name).write_text(text, "utf-8")
    _reload(pbx, ["core reload"])
    return pbx


def test_who_pastes_the_guide_into_their_asterisk_is_told_that_nothing_is_wrong(
    own: LabPbx,
) -> None:
    assert _wrong(own) == ["log-in"]
    _follow_the_guide(own)
    assert _wrong(own) == []
    hand = PbxAddress("office", "127.0.0.1", own.plan.ports.ami, "callcenter-originate", SECRET)
    findings = asyncio.run(HandCheck(hand).run())
    assert [(finding.level, finding.what) for finding in findings] == [("ok", "call control")]


def test_calls_go_on_as_before_while_there_is_no_crm(own: LabPbx) -> None:
    _follow_the_guide(own)
    with DeskPhone(own, "1001"):
        caller = call_in(own, [Call(number="+48601777009", to="+48221000001")], talk=4.0)
        assert caller.wait(60), caller.errors()
    own.wait_idle()
    assert any(row["lastapp"] == "Queue" for row in own.cdr_rows())
    assert any(row["eventtype"] == "ANSWER" for row in own.cel_rows())


def _follow_the_guide(pbx: LabPbx) -> None:
    older = pbx.plan.asterisk != CURRENT
    paste(pbx.work_dir / "etc", SECRET, older=older)
    commands = console_commands()
    if older:
        commands = [command.replace("module refresh", "module reload") for command in commands]
    _reload(pbx, list(dict.fromkeys(commands)))


def _reload(pbx: LabPbx, commands: list[str]) -> None:
    for command in commands:
        if "restart" not in command:  # the name alone needs it; the lab has one already
            pbx.console(command)


def _wrong(pbx: LabPbx) -> list[str]:
    address = PbxAddress("office", "127.0.0.1", pbx.plan.ports.ami, "callcenter", SECRET)
    findings = asyncio.run(PbxCheck(address).run())
    return [finding.what for finding in findings if finding.level == "FAIL"]
