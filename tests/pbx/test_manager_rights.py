"""Asterisk's own word on what our two manager users may do, and what they get to hear."""

import socket

import pytest

from ami.lab.phones import Behaviour, Call, DeskPhone, call_in
from callcenter.pbx.manager_events import KEPT_EVENTS, KEPT_VARIABLES
from tests.pbx.manager import ManagerUser, listener, originator

pytestmark = pytest.mark.pbx

REFUSED = "Permission denied"
ORIGINATE = {"Channel": "Local/1001@crm-click", "Context": "crm-click", "Exten": "1002"}


@pytest.mark.parametrize(
    ("action", "headers"),
    [
        ("Originate", ORIGINATE),
        ("Command", {"Command": "core show version"}),
        ("GetConfig", {"Filename": "manager.conf"}),
        ("UpdateConfig", {"SrcFilename": "manager.conf", "DstFilename": "manager.conf"}),
        ("ModuleLoad", {"LoadType": "load", "Module": "app_system.so"}),
        ("Reload", {}),
        ("DBPut", {"Family": "a", "Key": "b", "Val": "c"}),
        ("MixMonitor", {"Channel": "PJSIP/1001-00000000", "File": "x"}),
        ("UserEvent", {"UserEvent": "x"}),
    ],
)
def test_the_listener_is_refused_what_it_does_not_need(lab_pbx, action, headers):
    with listener(lab_pbx) as user:
        answer = user.ask(action, **headers)
    assert answer["Response"] == "Error"
    assert REFUSED in answer["Message"]


@pytest.mark.parametrize(
    "action",
    ["Ping", "CoreStatus", "CoreShowChannels", "QueueStatus", "BridgeList", "ParkedCalls"],
)
def test_the_listener_may_ask_what_the_resync_needs(lab_pbx, action):
    with listener(lab_pbx) as user:
        assert user.ask(action)["Response"] == "Success"


def test_the_listener_may_pause_an_operator(lab_pbx):
    with listener(lab_pbx) as user:
        for paused in ("true", "false"):
            answer = user.ask("QueuePause", Interface="PJSIP/1001", Paused=paused)
            assert answer["Response"] == "Success"


@pytest.mark.parametrize(
    "action",
    ["Command", "GetConfig", "UpdateConfig", "ModuleLoad", "CoreShowChannels", "QueuePause"],
)
def test_the_user_that_places_calls_is_refused_the_rest(lab_pbx, action):
    headers = {"Command": "x", "Filename": "x.conf", "Interface": "PJSIP/1001", "Paused": "true"}
    with originator(lab_pbx) as user:
        assert REFUSED in user.ask(action, **headers)["Message"]


@pytest.mark.parametrize(
    "action",
    ["Hangup", "Atxfer", "CancelAtxfer", "BlindTransfer", "Park", "Redirect", "MixMonitorMute"],
)
def test_the_user_that_places_calls_may_move_them(lab_pbx, action):
    headers = {"Channel": "PJSIP/1001-00000000", "Exten": "1002", "Context": "crm-transfer"}
    more = {"Priority": "1", "Direction": "both", "State": "1"}
    with originator(lab_pbx) as user:
        answer = user.ask(action, **headers, **more)
    assert answer["Response"] == "Error"
    assert REFUSED not in answer["Message"]


def test_no_variable_of_a_call_that_is_placed_reaches_the_shell(lab_pbx, tmp_path):
    mark = tmp_path / "reached"
    with originator(lab_pbx) as user:
        variable = f"SHELL(touch {mark})=1"
        user.ask("Originate", **ORIGINATE, Priority="1", Async="true", Variable=variable)
        answer = user.ask("Getvar", Variable=f"SHELL(touch {mark})")
    assert not answer.get("Value")
    assert not mark.exists()
    lab_pbx.wait_idle()


def test_the_user_that_places_calls_may_place_one(lab_pbx):
    headers = {"Channel": "Local/600@crm-click", "Context": "crm-click", "Exten": "600"}
    with originator(lab_pbx) as user:
        assert user.ask("Originate", **headers, Priority="1", Async="true")["Response"] == "Success"
    for channel in lab_pbx.console("core show channels concise").split():
        lab_pbx.console(f"channel request hangup {channel.split('!')[0]}")


def test_the_shell_is_out_of_reach_of_a_variable(lab_pbx):
    with listener(lab_pbx) as user:
        answer = user.ask("Getvar", Variable="SHELL(id)")
    assert "uid=" not in answer.get("Value", "")


@pytest.mark.parametrize(("name", "secret"), [("callcenter", "wrong"), ("admin", ""), ("", "")])
def test_a_wrong_password_is_refused(lab_pbx, name, secret):
    with ManagerUser(lab_pbx, name, secret) as user:
        assert user.logged_in["Response"] == "Error"


def test_the_manager_listens_on_loopback_only(lab_pbx):
    bound = lab_pbx.console("manager show settings")
    assert f"127.0.0.1:{lab_pbx.plan.ports.ami}" in bound.replace(" ", "")
    with socket.socket() as probe:  # the port is free on every other address
        probe.bind(("127.0.0.3", lab_pbx.plan.ports.ami))


def test_a_call_sends_the_listener_only_what_the_crm_reads(lab_pbx):
    number = "+48600100101"
    with DeskPhone(lab_pbx, "1001", Behaviour(ring=0.2)), listener(lab_pbx) as user:
        call_in(lab_pbx, [Call(number=number, to="+48221000101")], talk=1).wait()
        events = []
        while not (
            events
            and events[-1].get("Event") == "Hangup"
            and events[-1].get("Channel", "").startswith("PJSIP/trunk")
        ):
            events.append(user.next())
    names = {event["Event"] for event in events if "Event" in event}
    assert names >= {"Newchannel", "DialBegin", "DialEnd", "BridgeEnter", "BridgeLeave", "Hangup"}
    assert names <= {*KEPT_EVENTS, "VarSet", "Newexten"}
    variables = {event["Variable"] for event in events if event.get("Event") == "VarSet"}
    assert variables
    assert all(name.startswith(KEPT_VARIABLES) for name in variables)
    assert all("Timestamp" in event for event in events if event.get("Event") == "Hangup")
