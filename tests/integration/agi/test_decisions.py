"""A caller's request, from the socket to the dialplan variables and the kept decision."""

from __future__ import annotations

import socket

import pytest

from agi_scripts.variables import ALWAYS
from ami.lab.ports import free_tcp_port
from callcenter.runtime import StartupError
from tests.support.agi import Caller, ask, caller, head
from tests.support.waiting import wait_until


def test_a_vip_is_sent_to_the_vip_queue_and_the_route_is_set_last(agi):
    variables = ask(agi.port)
    assert tuple(variables) == ALWAYS
    assert tuple(variables.values()) == ("7", "20", "ru", "vip", "queue-vip")


def test_the_caller_is_looked_up_by_the_number_s_e164_form(agi, look_up):
    ask(agi.port, callerid="601 000 001")
    assert look_up.asked == ["+48601000001"]


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"callerid": "unknown"}, "withheld"),
        ({"callingpres": "35"}, "withheld"),
        ({"callerid": "1001", "channel": "PJSIP/1001-0000000a"}, "internal"),
        ({"callerid": "1001"}, "unknown"),  # a stranger who shows an extension's number
    ],
)
def test_a_caller_without_a_number_of_their_own_is_not_looked_up(agi, look_up, fields, rule):
    variables = ask(agi.port, **fields)
    assert (variables["CRM_ROUTE"], variables["CRM_REASON"]) == ("", rule)
    assert look_up.asked == []


def test_a_decision_is_kept_with_its_explanation(agi, kept):
    ask(agi.port, script="route?pbx=main")
    wait_until(lambda: kept.records)
    record = kept.records[0]
    assert (record.pbx, record.uniqueid, record.number) == (
        "main",
        "lab-1700000000.1",
        "+48601000001",
    )
    assert (record.route, record.rule, record.failed_open) == ("queue-vip", "vip", False)
    assert record.facts["customers"][0]["vip_level"] == 2


def test_a_request_that_comes_byte_by_byte_is_answered(agi):
    with Caller(agi.port) as one:
        one.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in head():
            one.send(bytes([byte]))
        assert one.answer_all()["CRM_ROUTE"] == "queue-vip"


def test_a_hangup_in_line_is_not_taken_for_a_reply(agi):
    with caller(agi.port) as one:
        one.send(b"HANGUP\n")
        assert one.answer_all(b"HANGUP\n200 result=1\n")["CRM_ROUTE"] == "queue-vip"


def test_the_ping_script_says_ok(agi):
    assert ask(agi.port, script="ping") == {"CRM_PING": "ok"}


def test_a_script_that_does_not_exist_is_a_failure_to_asterisk(agi):
    with caller(agi.port, script="rote") as one:
        assert one.read().startswith("failure")
        assert one.read() == ""


@pytest.mark.parametrize(
    "reply",
    [
        b"510 Invalid or unknown command\n",
        b"511 Command Not Permitted on a dead channel or intercept routine\n",
        b"520 Invalid command syntax.  Proper usage not available.\n",
        b"520-Invalid command syntax.\nUsage: X\n520 End of proper usage.\n",
        b"200 result=-1\n",
    ],
)
def test_a_refused_command_ends_this_session_only(agi, reply):
    with caller(agi.port) as one:
        assert tuple(one.answer_all(reply)) == ALWAYS
    assert ask(agi.port)["CRM_ROUTE"] == "queue-vip"


def test_a_port_in_use_is_said_in_words_before_anything_starts(start_agi, agi, monkeypatch):
    monkeypatch.setattr(socket, "create_server", _in_use(agi.port))
    with pytest.raises(StartupError, match=r"in use.*AGI_BIND"):
        start_agi()


def test_several_share_one_port_and_the_rest_go_on_when_one_ends(start_agi):
    port = free_tcp_port()
    one, other = start_agi(shared=port), start_agi(shared=port)
    assert one.port == other.port == port
    one.stop(5.0)
    for _ in range(8):
        assert ask(port)["CRM_ROUTE"] == "queue-vip"


def _in_use(port: int):
    real = socket.create_server
    return lambda _address, **options: real(("127.0.0.1", port), **options)


def test_health_says_where_it_listens_and_that_it_has_stopped(start_agi):
    service = start_agi()
    assert service.health() == (True, f"listening on port {service.port}, 0 sessions")
    service.stop(5.0)
    assert not service.health()[0]
    assert not service.failed.is_set()
