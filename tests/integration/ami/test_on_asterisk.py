"""The manager door against a real Asterisk: log-in, rights, filter, snapshot, restart, check."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from ami.check import PbxCheck
from ami.check_rules import Finding
from ami.client.manager import GuardedManager
from ami.client.outcome import ActionFailedError, LoginOutcome
from ami.client.protocol import Totals
from ami.client.wanted import Wanted, always
from ami.client.wire import parse_headers
from ami.lab import LabPbx
from ami.lab.phones import Call, DeskPhone, call_in
from callcenter.ports import PbxCommand
from callcenter.settings import PbxAddress
from callcenter.settings_forms import parse_ami_urls
from tests.integration.ami.conftest import Door
from tests.support.lab import MakeLab
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.pbx, pytest.mark.timeout(300)]

OpenDoor = Callable[..., Door]


@pytest.fixture
def asterisk(lab_pbx: LabPbx) -> LabPbx:
    return lab_pbx


def address_of(asterisk: LabPbx, **changes: str) -> PbxAddress:
    (address,) = parse_ami_urls("AMI_URL", asterisk.ami_url)
    return replace(address, name="lab", **changes)


class _Everything(Wanted):
    def test_for(self, name: bytes):
        return always


def ask(asterisk: LabPbx, *actions: tuple[str, dict[str, str]]) -> tuple[list[str], list[bytes]]:
    """('' or the refusal of each action, what was heard until one second later)."""

    async def talk() -> tuple[list[str], list[bytes]]:
        heard: list[bytes] = []
        manager = GuardedManager(address_of(asterisk), _Everything([]), heard.append)
        assert (await manager.open(10))[0] is LoginOutcome.ACCEPTED
        refusals = []
        for name, headers in actions:
            try:
                await manager.ask(name, headers)
                refusals.append("")
            except ActionFailedError as error:
                refusals.append(error.message)
        await asyncio.sleep(1)
        manager.close()
        return refusals, heard

    return asyncio.run(talk())


def test_a_wrong_password_is_told_from_a_dead_host(asterisk: LabPbx) -> None:
    async def outcome(address: PbxAddress) -> LoginOutcome:
        return (await GuardedManager(address, Wanted([]), lambda _raw: None).open(10))[0]

    wrong = asyncio.run(outcome(address_of(asterisk, secret="wrong")))
    assert wrong is LoginOutcome.WRONG_PASSWORD
    dead = replace(address_of(asterisk), port=1)
    assert asyncio.run(outcome(dead)) is LoginOutcome.UNREACHABLE
    http = replace(address_of(asterisk), port=asterisk.plan.ports.http)
    assert asyncio.run(outcome(http)) is not LoginOutcome.ACCEPTED


def test_the_listeners_user_may_do_what_it_needs_and_nothing_dangerous(asterisk: LabPbx) -> None:
    needed = ["CoreShowChannels", "BridgeList", "QueueStatus", "ParkedCalls", "CoreSettings"]
    refused, _ = ask(asterisk, *[(name, {}) for name in needed])
    assert refused == [""] * len(needed)
    dangerous = [
        ("Originate", {"Channel": "Local/s@default", "Application": "Wait"}),
        ("Command", {"Command": "core show version"}),
        ("GetConfig", {"Filename": "manager.conf"}),
        ("ModuleLoad", {"LoadType": "reload"}),
        ("DBPut", {"Family": "a", "Key": "b", "Val": "c"}),
    ]
    refused, _ = ask(asterisk, *dangerous)
    assert refused == ["Permission denied"] * len(dangerous)


def test_the_filter_lets_our_variables_through_and_no_other(asterisk: LabPbx) -> None:
    names = ("CRM_CHECK", "CALLCENTER_CHECK")
    _, heard = ask(asterisk, *[("Setvar", {"Variable": n, "Value": "1"}) for n in names])
    events = [parse_headers(raw) for raw in heard]
    variables = [event["Variable"] for event in events if event["Event"] == "VarSet"]
    assert variables == ["CRM_CHECK"]
    assert all("Timestamp" in event for event in events if event["Event"] == "VarSet")


def test_a_real_call_becomes_one_answered_interaction(
    asterisk: LabPbx, open_door: OpenDoor
) -> None:
    door = open_door(address_of(asterisk))
    wait_until(lambda: [row[0] for row in door.link_states()] == ["up"])
    wait_until(lambda: door.link_states()[0][2].startswith("22."))
    with DeskPhone(asterisk, "1001"), DeskPhone(asterisk, "1002"), DeskPhone(asterisk, "1003"):
        call = Call(number="+48601000111", name="Żółć Иван", to="+48221000001")
        assert call_in(asterisk, [call]).wait(60)
    query = "select direction, result, number, live from interactions join calls on 1=1"
    door.wait_for_rows(
        query.replace("direction, result", "calls.direction, calls.result"),
        [("inbound", "answered", "+48601000111", False)],
    )
    assert door.rows("select caller_name from calls") == [("Żółć Иван",)]


def test_a_call_under_way_is_found_at_log_in_and_ended_when_it_ends(
    asterisk: LabPbx, open_door: OpenDoor
) -> None:
    with DeskPhone(asterisk, "1001"), DeskPhone(asterisk, "1002"), DeskPhone(asterisk, "1003"):
        call = Call(number="+48601000222", to="+48221000001")
        caller = call_in(asterisk, [call], talk=600)
        wait_until(lambda: "2 active channels" in asterisk.console("core show channels"))
        door = open_door(address_of(asterisk))
        wait_until(lambda: door.rows("select live, caller_number from calls"))
        assert door.rows("select live, caller_number from calls") == [(True, "+48601000222")]
        (uniqueids,) = door.rows("select count(*) from call_channels")
        assert uniqueids == (2,)
        asterisk.console("channel request hangup all")
        wait_until(lambda: door.rows("select live from calls") == [(False,)])
        caller.stop()


def test_calls_cut_by_a_crash_of_the_pbx_are_ended_and_the_link_comes_back(
    make_lab: MakeLab, open_door: OpenDoor
) -> None:
    asterisk = make_lab()
    door = open_door(address_of(asterisk))
    door.wait_up()
    with DeskPhone(asterisk, "1001"), DeskPhone(asterisk, "1002"):
        caller = call_in(asterisk, [Call(number="+48601000333", to="+48221000001")], talk=600)
        wait_until(lambda: door.rows("select live from calls") == [(True,)])
        asterisk.kill()
        wait_until(lambda: door.link_states()[0][0] == "down")
        asterisk.start()
        wait_until(lambda: door.link_states()[0][0] == "up", timeout=60)
        wait_until(lambda: door.rows("select live from calls") == [(False,)])
        caller.stop()


def test_pausing_an_operator_is_seen_on_the_pbx(asterisk: LabPbx, open_door: OpenDoor) -> None:
    door = open_door(address_of(asterisk))
    door.wait_up()
    command = PbxCommand(action="pause_member", endpoint="PJSIP/1001")
    door.runtime.bus.command(command)
    wait_until(lambda: "paused" in asterisk.console("queue show support"))
    door.runtime.bus.command(replace(command, action="unpause_member"))
    wait_until(lambda: "paused" not in asterisk.console("queue show support"))


def _levels(findings: list[Finding]) -> dict[str, str]:
    return {finding.what: finding.level for finding in findings}


def test_the_check_finds_the_labs_pbx_in_order(asterisk: LabPbx) -> None:
    findings = asyncio.run(PbxCheck(address_of(asterisk)).run())
    assert [finding for finding in findings if finding.level == "FAIL"] == []
    levels = _levels(findings)
    for what in ("log-in", "write", "version", "event filter", "timestampevents", "routing step"):
        assert levels[what] == "ok", what
    assert levels["queue support"] == "ok"


def test_the_check_tells_a_name_by_which_decisions_join_no_calls(asterisk: LabPbx) -> None:
    """The dialplan names no PBX: that is enough for one, and not for several."""
    findings = asyncio.run(PbxCheck(address_of(asterisk), alone=False).run())
    (found,) = (finding for finding in findings if finding.level == "FAIL")
    assert found.what == "routing step's pbx"
    assert f"?pbx={address_of(asterisk).name}" in found.mend


def test_the_check_tells_rights_that_are_missing(asterisk: LabPbx) -> None:
    conf = asterisk.work_dir / "etc/manager.conf"
    user = "[half]\nsecret = only-in-this-test\nread = all\nwrite = reporting\n"
    conf.write_text(f"{conf.read_text('utf-8')}\n{user}", "utf-8")
    asterisk.console("manager reload")
    half = address_of(asterisk, user="half", secret="only-in-this-test")
    findings = asyncio.run(PbxCheck(half).run())
    levels = _levels(findings)
    assert levels["write agent"] == "FAIL"
    assert levels["write call"] == "warn"
    assert all(finding.mend for finding in findings if finding.level != "ok")


def test_the_check_tells_rights_that_are_too_many(asterisk: LabPbx) -> None:
    manager = asterisk.plan.manager
    user = {"user": "callcenter-originate", "secret": manager.originate}
    findings = asyncio.run(PbxCheck(address_of(asterisk, **user)).run())
    levels = {(finding.what, finding.level) for finding in findings}
    assert ("write originate", "warn") in levels
    assert ("write reporting", "FAIL") in levels


@pytest.mark.parametrize("field", ["number", "to"])
def test_an_event_that_a_caller_writes_into_a_number_is_not_heard(
    asterisk: LabPbx, field: str
) -> None:
    """pjsip unescapes %0D%0A, and Asterisk writes it into Newchannel as it came."""
    event = "%0D%0A%0D%0AEvent%3A%20Hangup%0D%0AUniqueid%3A%20victim"
    numbers = {"number": "+48600100101", "to": "+48221000101"}
    call = Call(**{**numbers, field: numbers[field] + event})

    async def listen() -> tuple[list[bytes], int]:
        heard: list[bytes] = []
        totals = Totals()
        manager = GuardedManager(address_of(asterisk), _Everything([]), heard.append, totals)
        assert (await manager.open(10))[0] is LoginOutcome.ACCEPTED
        for number in (numbers["to"], call.to):
            caller = call_in(asterisk, [replace(call, to=number)], talk=0.5, patience=1)
            await asyncio.to_thread(caller.wait, 40)
        await asyncio.sleep(1)
        manager.close()
        return heard, totals.forged

    heard, forged = asyncio.run(listen())
    assert forged
    assert heard
    assert not [raw for raw in heard if b"victim" in raw]
