"""The manager door from bytes to rows, against a small manager and a real database."""

from __future__ import annotations

import sqlite3
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ami.service import AmiService
from callcenter import bootstrap
from callcenter.ports import PbxCommand
from callcenter.runtime import StartupError
from callcenter.settings import PbxAddress, Settings
from tests.integration.ami.conftest import Door, PbxThread
from tests.support.fake_ami import listing, message
from tests.support.waiting import wait_until

OpenDoor = Callable[..., Door]

NOW = time.time()
CALLS = "select id, live, result from calls order by id"


def newchannel(serial: int, at: float = NOW) -> bytes:
    return message(
        Event="Newchannel",
        Timestamp=f"{at:.6f}",
        Channel=f"PJSIP/trunk-{serial:08x}",
        ChannelState="4",
        CallerIDNum="+48601000111",
        CallerIDName="Иван Żółć",
        Context="from-trunk",
        Exten="+48221000001",
        Uniqueid=f"1700000000.{serial}",
        Linkedid=f"1700000000.{serial}",
    )


def hangup(serial: int, at: float = NOW + 9) -> bytes:
    return message(
        Event="Hangup",
        Timestamp=f"{at:.6f}",
        Channel=f"PJSIP/trunk-{serial:08x}",
        Uniqueid=f"1700000000.{serial}",
        Linkedid=f"1700000000.{serial}",
        Cause="16",
    )


def shown_channel(serial: int) -> dict[str, str]:
    return {
        "Event": "CoreShowChannel",
        "Channel": f"PJSIP/trunk-{serial:08x}",
        "ChannelState": "6",
        "CallerIDNum": "+48601000111",
        "Context": "from-trunk",
        "Exten": "+48221000001",
        "Uniqueid": f"1700000000.{serial}",
        "Linkedid": f"1700000000.{serial}",
        "Duration": "00:00:05",
        "BridgeId": "",
    }


def test_a_call_becomes_one_row_and_one_interaction(pbx: PbxThread, open_door: OpenDoor) -> None:
    door = open_door(pbx.address)
    door.wait_up()
    pbx.send(newchannel(1))
    door.wait_for_rows(CALLS, [("pbx1/1700000000.1", True, "unknown")])
    pbx.send(hangup(1))
    wait_until(lambda: not door.rows(CALLS)[0][1])
    assert door.rows("select caller_name, number from calls join interactions on 1=1") == [
        ("Иван Żółć", "+48601000111")
    ]
    wait_until(lambda: any(m.kind == "call" for m in door.messages))


def test_what_a_call_was_made_from_is_stored_with_its_end(
    pbx: PbxThread, open_door: OpenDoor
) -> None:
    door = open_door(pbx.address)
    door.wait_up()
    told = (newchannel(1), hangup(1))
    for one in told:
        pbx.send(one)
    wait_until(lambda: door.rows("select live from calls") == [(False,)])
    ((call_id, source, events, size, data),) = door.rows(
        "select call_id, source, events, size, data from call_journal"
    )
    assert (call_id, source, events) == ("pbx1/1700000000.1", "live", 2)
    assert zlib.decompress(data) == b"".join(told)
    assert size == len(b"".join(told))


def test_the_link_shows_its_state_and_the_version_of_the_pbx(
    pbx: PbxThread, open_door: OpenDoor
) -> None:
    door = open_door(pbx.address)
    wait_until(lambda: door.link_states() == [("up", "", "22.10.1")])
    pbx.run(pbx.fake.close())
    wait_until(lambda: door.link_states()[0][0] == "down")


def test_a_wrong_password_shows_as_a_refused_link(pbx: PbxThread, open_door: OpenDoor) -> None:
    door = open_door(replace(pbx.address, secret="wrong"))
    wait_until(lambda: door.link_states() and door.link_states()[0][0] == "refused")
    assert "wrong name or secret" in door.link_states()[0][1]


def test_a_refused_right_that_matters_shows_as_a_refused_link(
    pbx: PbxThread, open_door: OpenDoor
) -> None:
    pbx.fake.answers["CoreShowChannels"] = lambda action: message(
        Response="Error", ActionID=action["ActionID"], Message="Permission denied"
    )
    door = open_door(pbx.address)
    wait_until(lambda: door.link_states() and door.link_states()[0][0] == "refused")
    assert "CoreShowChannels: Permission denied" in door.link_states()[0][1]
    pbx.send(newchannel(1))
    wait_until(lambda: door.rows(CALLS), words="live events are still followed")


def test_a_refused_right_that_we_can_do_without_is_told_and_the_link_is_up(
    pbx: PbxThread, open_door: OpenDoor
) -> None:
    pbx.fake.answers["ParkedCalls"] = lambda action: message(
        Response="Error", ActionID=action["ActionID"], Message="Permission denied"
    )
    door = open_door(pbx.address)
    wait_until(lambda: door.link_states() == [("up", "ParkedCalls: Permission denied", "22.10.1")])


def test_a_dead_host_is_no_reason_not_to_start_and_the_other_pbx_works(
    pbx: PbxThread, open_door: OpenDoor
) -> None:
    dead = PbxAddress("dead", "127.0.0.1", 1, "u", "s")
    door = open_door(dead, pbx.address)
    query = "select pbx, state from pbx_links order by pbx"
    door.wait_for_rows(query, [("dead", "down"), ("pbx1", "up")])
    pbx.send(newchannel(1))
    wait_until(lambda: door.rows(CALLS))


def test_calls_under_way_at_log_in_are_found(pbx: PbxThread, open_door: OpenDoor) -> None:
    pbx.fake.answers["CoreShowChannels"] = lambda action: listing(
        action, "CoreShowChannelsComplete", shown_channel(7)
    )
    door = open_door(pbx.address)
    door.wait_for_rows(CALLS, [("pbx1/1700000000.7", True, "unknown")])


def test_events_that_arrive_during_the_snapshot_are_folded_after_it(
    pbx: PbxThread, open_door: OpenDoor
) -> None:
    """The call is in the snapshot, and hangs up before the snapshot's answer is complete."""

    def answer(action: dict[str, str]) -> bytes:
        items = listing(action, "CoreShowChannelsComplete", shown_channel(7))
        cut = items.rindex(b"Event: CoreShowChannelsComplete")
        return items[:cut] + hangup(7) + newchannel(8) + items[cut:]

    pbx.fake.answers["CoreShowChannels"] = answer
    door = open_door(pbx.address)
    wait_until(lambda: len(door.rows(CALLS)) == 2)
    wait_until(
        lambda: (
            [row[:2] for row in door.rows(CALLS)]
            == [("pbx1/1700000000.7", False), ("pbx1/1700000000.8", True)]
        )
    )


def test_calls_that_ended_while_the_link_was_down_are_ended(
    pbx: PbxThread, open_door: OpenDoor
) -> None:
    door = open_door(pbx.address)
    door.wait_up()
    pbx.send(newchannel(1))
    wait_until(lambda: door.rows(CALLS))
    pbx.call(pbx.fake.drop)
    wait_until(lambda: not door.rows(CALLS)[0][1])


def test_calls_that_ended_while_we_were_down_are_ended_at_the_next_start(
    pbx: PbxThread, open_door: OpenDoor
) -> None:
    door = open_door(pbx.address)
    door.wait_up()
    pbx.send(newchannel(1))
    pbx.send(newchannel(2))
    wait_until(lambda: len(door.rows(CALLS)) == 2)
    door.stop()
    pbx.fake.answers["CoreShowChannels"] = lambda action: listing(
        action, "CoreShowChannelsComplete", shown_channel(2)
    )
    again = open_door(pbx.address)
    wait_until(
        lambda: (
            [row[:2] for row in again.rows(CALLS)]
            == [("pbx1/1700000000.1", False), ("pbx1/1700000000.2", True)]
        )
    )
    assert again.rows("select count(*) from interactions") == [(2,)]


def test_a_locked_database_costs_time_but_no_call(
    pbx: PbxThread, open_door: OpenDoor, sqlite_url: str
) -> None:
    door = open_door(pbx.address)
    door.wait_up()
    lock = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    lock.execute("begin immediate")
    pbx.send(newchannel(1) + newchannel(2) + hangup(1))
    wait_until(lambda: door.service._writer.away_since is not None, timeout=60)
    lock.execute("rollback")
    lock.close()
    wait_until(
        lambda: (
            [row[:2] for row in door.rows(CALLS)]
            == [("pbx1/1700000000.1", False), ("pbx1/1700000000.2", True)]
        ),
        timeout=60,
    )


def test_garbage_costs_no_call(pbx: PbxThread, open_door: OpenDoor) -> None:
    door = open_door(pbx.address)
    door.wait_up()
    garbage = [
        b"Event: Newchannel\r\n\r\n",
        b"Event: Newchannel\r\nUniqueid: \xff\xfe\r\nTimestamp: soon\r\n\r\n",
        b"Event: Hangup\r\nUniqueid: never seen\r\n\r\n",
        b"Event: BridgeEnter\r\nhalf a line\r\n\r\n",
        b"x" * 2_000_000 + b"\r\n\r\n",
    ]
    pbx.send(b"".join(garbage) + newchannel(1))
    wait_until(lambda: ("pbx1/1700000000.1",) in door.rows("select id from calls"))


def test_pausing_an_operator_reaches_the_pbx(pbx: PbxThread, open_door: OpenDoor) -> None:
    door = open_door(pbx.address)
    door.wait_up()
    door.runtime.bus.command(
        PbxCommand(action="pause_member", endpoint="PJSIP/1001", arguments={"reason": "lunch"})
    )
    wait_until(lambda: pbx.fake.asked("QueuePause"))
    (action,) = pbx.fake.asked("QueuePause")
    assert (action["Interface"], action["Paused"], action["Reason"]) == (
        "PJSIP/1001",
        "true",
        "lunch",
    )


def test_a_command_that_would_forge_an_action_is_refused(
    pbx: PbxThread, open_door: OpenDoor
) -> None:
    door = open_door(pbx.address)
    door.wait_up()
    forged = PbxCommand(action="pause_member", endpoint="PJSIP/1\r\n\r\nAction: Logoff")
    door.runtime.bus.command(forged)
    door.runtime.bus.command(PbxCommand(action="unpause_member", endpoint="PJSIP/1002"))
    wait_until(lambda: pbx.fake.asked("QueuePause"))
    assert [action["Interface"] for action in pbx.fake.asked("QueuePause")] == ["PJSIP/1002"]
    assert not pbx.fake.asked("Logoff")


def test_starting_without_a_pbx_says_what_to_set(sqlite_url: str, tmp_path: Path) -> None:
    settings = Settings(database_url=sqlite_url, data_dir=tmp_path, secret_key="x" * 40)
    runtime = bootstrap.build(settings)
    with pytest.raises(StartupError, match="AMI_URL"):
        AmiService(runtime).start()
    runtime.close()


def test_a_greeting_that_tells_an_old_boot_ends_no_call(
    pbx: PbxThread, open_door: OpenDoor
) -> None:
    """Asterisk greets every log-in with its age, and with no time."""
    door = open_door(pbx.address)
    door.wait_up()
    pbx.send(newchannel(1))
    wait_until(lambda: door.rows(CALLS))
    age = int(time.time()) - 1_600_000_000
    pbx.send(b"Event: FullyBooted\r\nPrivilege: system,all\r\nUptime: %d\r\n\r\n" % age)
    pbx.send(newchannel(2))
    wait_until(lambda: len(door.rows(CALLS)) == 2)
    assert [live for _, live, *_ in door.rows(CALLS)] == [True, True]
