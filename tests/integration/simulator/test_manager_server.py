"""The simulated manager speaks the protocol as Asterisk does, to several clients, good and bad."""

from __future__ import annotations

import hashlib

import pytest

from ami.simulator import SimulatedPbx
from ami.simulator.pbx import SimulatorError
from tests.integration.simulator.conftest import ManagerClient
from tests.support.waiting import wait_until

ABANDONED = "caller-gives-up-in-the-queue"


def test_a_client_with_the_secret_is_let_in(client):
    assert client.banner == b"Asterisk Call Manager/11.0.0\r\n"
    answer = client.log_in(ActionID="x1")
    assert answer == {
        "Response": "Success",
        "ActionID": "x1",
        "Message": "Authentication accepted",
    }
    assert client.next("Event")["Event"] == "FullyBooted"
    assert client.ask("Ping")["Ping"] == "Pong"


@pytest.mark.parametrize("wrong", [{"Secret": "guess"}, {"Username": "admin"}, {"Secret": ""}])
def test_a_client_without_it_is_sent_away(client, wrong):
    assert client.log_in(**wrong)["Message"] == "Authentication failed"
    assert client.at_end()


def test_the_secret_can_be_proved_without_being_sent(pbx, client):
    challenge = client.ask("Challenge", AuthType="MD5")["Challenge"]
    key = hashlib.md5(f"{challenge}{pbx.plan.manager.listener}".encode()).hexdigest()
    assert client.log_in(Secret="", AuthType="MD5", Key=key)["Response"] == "Success"


def test_before_the_log_in_nothing_is_told(pbx, client):
    assert client.ask("CoreShowChannels")["Message"] == "Permission denied"
    with ManagerClient(pbx) as other:
        other.log_in()
        pbx.play(ABANDONED, speed=20).result(20)
        other.events_until("Hangup")
    assert client.ask("Ping")["Message"] == "Permission denied"


def test_everybody_hears_the_same_filtered_events(pbx, client):
    with ManagerClient(pbx) as other:
        for one in (client, other):
            one.log_in()
        pbx.play(ABANDONED, number="+48601000001", speed=20).result(20)
        heard = [one.events_until("QueueCallerLeave") for one in (client, other)]
    assert heard[0] == heard[1]
    names = {event["Event"] for event in heard[0]}
    assert "QueueCallerJoin" in names
    assert "Newexten" not in names
    numbers = [one["CallerIDNum"] for one in heard[0] if one["Event"] == "Newchannel"]
    assert numbers[0] == "+48601000001"


def test_the_witness_hears_all_of_it(pbx, client):
    client.log_in(Username="witness", Secret=pbx.plan.manager.witness)
    pbx.play(ABANDONED, speed=20).result(20)
    assert "Newexten" in {event["Event"] for event in client.events_until("QueueCallerLeave")}


def test_who_wants_no_events_gets_none(pbx, client):
    client.log_in(Events="off")
    pbx.play(ABANDONED, speed=20).result(20)
    assert client.ask("Ping", ActionID="after")["ActionID"] == "after"
    assert client.ask("Events", EventMask="on")["Events"] == "On"


def test_calls_under_way_are_listed(pbx, client):
    client.log_in()
    call = pbx.play(ABANDONED, speed=4)
    client.events_until("DialBegin")
    client.ask("CoreShowChannels")
    channels = client.events_until("CoreShowChannelsComplete")[:-1]
    channels = [one for one in channels if one["Event"] == "CoreShowChannel"]
    assert [one["Channel"].rpartition("-")[0] for one in channels] == ["PJSIP/trunk", "PJSIP/1001"]
    assert pbx.channels() == 2
    call.result(20)
    assert pbx.channels() == 0


def test_a_client_that_says_goodbye_is_let_go(client):
    client.log_in()
    assert client.ask("Logoff")["Response"] == "Goodbye"
    assert client.at_end()


@pytest.mark.parametrize(
    "garbage", [b"\xff\xfe\r\n\r\n", b"\r\n\r\n\r\n\r\n", b"Action Ping\r\n\r\n", b"A: b\r\n" * 50]
)
def test_garbage_costs_nobody_else_anything(pbx, client, garbage):
    with ManagerClient(pbx) as bad:
        bad.socket.sendall(garbage)
        assert client.log_in()["Response"] == "Success"
        assert client.ask("Ping")["Ping"] == "Pong"


def test_an_endless_action_ends_the_connection(client):
    client.socket.sendall(b"X: " + b"y" * 200_000)
    assert client.at_end()


def test_a_client_that_does_not_read_is_dropped(pbx, client, monkeypatch):
    monkeypatch.setattr("ami.simulator.session.WRITE_SECONDS", 0.2)
    client.log_in()
    pbx.call_soon(lambda: pbx.server.babble(b"x" * 30_000_000))
    wait_until(lambda: not pbx.server.sessions)


def test_the_link_can_be_cut_and_frozen_on_demand(pbx, client):
    client.log_in()
    pbx.freeze()
    client.socket.settimeout(0.2)
    with pytest.raises(TimeoutError):
        client.ask("Ping")
    pbx.freeze(frozen=False)
    pbx.call_soon(pbx.server.hang_up_on_all)
    wait_until(lambda: not pbx.server.sessions)


def test_it_restarts_on_the_same_port_and_stops_for_good(pbx):
    port = pbx.plan.ports.ami
    pbx.play(ABANDONED)
    pbx.restart()
    assert pbx.plan.ports.ami == port
    with ManagerClient(pbx) as again:
        assert again.log_in()["Response"] == "Success"
    pbx.stop()
    pbx.stop()
    with pytest.raises(SimulatorError):
        pbx.play(ABANDONED)
    with pytest.raises(ConnectionRefusedError):
        ManagerClient(pbx)


def test_two_live_side_by_side(pbx):
    with SimulatedPbx() as other:
        assert other.plan.ports.ami != pbx.plan.ports.ami
        assert other.plan.manager.listener != pbx.plan.manager.listener
