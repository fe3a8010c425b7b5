"""Each fault of panoramisk's link (field notes, §1), shown to be mended against a small manager."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from ami.client.event_queue import EventQueue, Item, Mark
from ami.client.link import AmiLink, Timing
from ami.client.outcome import (
    ActionFailedError,
    ActionTimeoutError,
    InvalidActionError,
    LinkStatus,
    NotConnectedError,
)
from ami.client.wanted import Wanted
from ami.client.wire import parse_headers
from callcenter.settings import PbxAddress
from tests.support.fake_ami import BANNER, FakeAmi, message

FAST = Timing(
    login=5.0,
    ping_every=0.02,
    pong_within=0.1,
    retry_first=0.01,
    retry_cap=0.02,
    refused_first=0.01,
    refused_cap=0.02,
    stable_after=0.0,
)
QUIET = replace(FAST, ping_every=60.0)


class Watched:
    """A link, and everything it said."""

    def __init__(self, address: PbxAddress, timing: Timing = QUIET) -> None:
        self.queue = EventQueue()
        self.statuses: list[LinkStatus] = []
        wanted = Wanted(["Hangup", "Newchannel", "OriginateResponse"])
        self.link = AmiLink(address, wanted, self.queue, self.statuses.append, timing=timing)

    @property
    def states(self) -> list[str]:
        return [status.state for status in self.statuses]

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                await asyncio.sleep(0.005)

    async def up(self) -> None:
        await self.until(lambda: self.states[-1:] == ["up"])

    async def events(self, count: int) -> list[Item]:
        """The next `count` events, marks left out."""
        found: list[Item] = []
        async with asyncio.timeout(10):
            while len(found) < count:
                await self.queue.wait()
                found += [item for item in self.queue.take(100) if isinstance(item, bytes)]
        return found


@asynccontextmanager
async def running(address: PbxAddress, timing: Timing = QUIET) -> AsyncIterator[Watched]:
    watched = Watched(address, timing)
    task = asyncio.create_task(watched.link.run())
    try:
        yield watched
    finally:
        watched.link.close()
        await asyncio.wait_for(task, 10)


def against(pbx: FakeAmi, test: Callable[[], Awaitable[None]]) -> None:
    async def inside() -> None:
        async with pbx:
            await test()

    asyncio.run(inside())


def hangup(name: str = "x") -> bytes:
    return message(Event="Hangup", Uniqueid=name)


def test_an_event_that_cannot_be_handled_costs_neither_the_link_nor_the_next_event() -> None:
    """P2."""
    pbx = FakeAmi()

    async def check() -> None:
        async with running(pbx.address) as watched:
            await watched.up()
            put, seen = watched.queue.put, []

            def broken(raw: bytes) -> None:
                seen.append(raw)
                if len(seen) == 2:
                    raise RuntimeError("a bug")
                put(raw)

            assert watched.link._manager is not None
            assert watched.link._manager.protocol is not None
            watched.link._manager.protocol._on_event = broken
            pbx.send(b"".join(hangup(str(n)) for n in range(5)))
            assert len(await watched.events(4)) == 4
            assert watched.link.totals.faults == 1
            assert pbx.connections == 1

    against(pbx, check)


def test_a_wrong_password_is_told_as_such_and_logged_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """P3."""
    pbx = FakeAmi(secret="another")

    async def check() -> None:
        async with running(pbx.address) as watched:
            await watched.until(lambda: pbx.connections >= 5)
            assert set(watched.states) == {"connecting", "refused"}
            assert "wrong name or secret" in watched.statuses[-1].detail
            assert "good" not in watched.statuses[-1].detail

    against(pbx, check)
    assert capsys.readouterr().out.count("refused") == 1


def test_a_refused_log_in_is_tried_again_more_seldom_than_a_dead_host() -> None:
    """P3: the PBX's own guard (fail2ban) must not ban us."""
    timing = Timing()
    assert timing.refused_first >= 10 * timing.retry_first
    assert timing.refused_cap >= 300


def test_a_link_on_which_no_pong_comes_back_is_given_up() -> None:
    """P4."""
    pbx = FakeAmi()
    pbx.silent.add("Ping")

    async def check() -> None:
        async with running(pbx.address, FAST) as watched:
            await watched.until(lambda: pbx.connections >= 2)
            assert any("no Pong" in status.detail for status in watched.statuses)

    against(pbx, check)


def test_pongs_that_come_keep_the_link_and_leave_nothing_behind() -> None:
    """P4, P7."""
    pbx = FakeAmi()

    async def check() -> None:
        async with running(pbx.address, FAST) as watched:
            await watched.up()
            await pbx.wait_for("Ping", 20)
            await watched.until(lambda: not _pending(watched))
            assert pbx.connections == 1

    against(pbx, check)


def _pending(watched: Watched) -> int:
    manager = watched.link._manager
    assert manager is not None
    assert manager.protocol is not None
    return len(manager.protocol.responses)


def test_an_unanswered_originate_fails_at_once_and_is_never_sent_again() -> None:
    """P5, P6."""
    pbx = FakeAmi()
    pbx.silent.add("Originate")
    pbx.after_login = message(Event="FullyBooted", Privilege="system,all")

    async def check() -> None:
        async with running(pbx.address) as watched:
            await watched.up()
            asking = asyncio.create_task(
                watched.link.ask("Originate", {"Channel": "PJSIP/1001"}, timeout=60)
            )
            await pbx.wait_for("Originate")
            pbx.drop()
            with pytest.raises(NotConnectedError):
                await asking
            await pbx.wait_for("Login", 2)
            await watched.up()
            await watched.link.ask("CoreSettings")  # later than any replay would be
            assert len(pbx.asked("Originate")) == 1

    against(pbx, check)


def test_a_user_without_the_system_right_gets_no_fully_booted_and_is_not_waited_for() -> None:
    """P6."""
    pbx = FakeAmi()

    async def check() -> None:
        async with running(pbx.address) as watched:
            await watched.up()
            await watched.link.ask("CoreSettings")

    against(pbx, check)


def test_actions_that_timed_out_are_forgotten() -> None:
    """P7."""
    pbx = FakeAmi()
    pbx.silent.add("QueueStatus")

    async def check() -> None:
        async with running(pbx.address) as watched:
            await watched.up()
            for _ in range(20):
                with pytest.raises(ActionTimeoutError):
                    await watched.link.ask("QueueStatus", timeout=0.005)
            assert _pending(watched) == 0

    against(pbx, check)


def test_a_cancelled_wait_is_forgotten_too() -> None:
    """P7."""
    pbx = FakeAmi()
    pbx.silent.add("QueueStatus")

    async def check() -> None:
        async with running(pbx.address) as watched:
            await watched.up()
            asking = asyncio.create_task(watched.link.ask("QueueStatus"))
            await pbx.wait_for("QueueStatus")
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            assert _pending(watched) == 0

    against(pbx, check)


def test_a_letter_cut_in_two_by_a_packet_survives() -> None:
    """P8."""
    pbx = FakeAmi()

    async def check() -> None:
        async with running(pbx.address) as watched:
            await watched.up()
            raw = message(Event="Hangup", CallerIDName="Иванов")
            cut = raw.index("в".encode()) + 1
            pbx.send(raw[:cut])
            await asyncio.sleep(0.02)
            pbx.send(raw[cut:])
            (event,) = await watched.events(1)
            assert isinstance(event, bytes)
            assert parse_headers(event)["CallerIDName"] == "Иванов"

    against(pbx, check)


def test_a_message_of_three_megabytes_is_dropped_and_the_link_goes_on() -> None:
    """P9."""
    pbx = FakeAmi()

    async def check() -> None:
        async with running(pbx.address) as watched:
            await watched.up()
            pbx.send(b"Event: Hangup\r\nX: " + b"x" * 3_000_000 + b"\r\n\r\n" + hangup("after"))
            (event,) = await watched.events(1)
            assert event == b"Event: Hangup\r\nUniqueid: after"
            assert watched.link.totals.oversized == 1

    against(pbx, check)


def test_events_keep_their_order_and_the_link_up_mark_stands_before_them() -> None:
    """P10."""
    pbx = FakeAmi()
    pbx.after_login = b"".join(hangup(str(n)) for n in range(2_000))

    async def check() -> None:
        async with running(pbx.address) as watched:
            items: list[Item] = []
            async with asyncio.timeout(10):
                while len(items) < 2_001:
                    await watched.queue.wait()
                    items += watched.queue.take(100)
            # the log-in's answer and its events may share a packet
            events = [item for item in items if isinstance(item, bytes)]
            assert events == [hangup(str(n))[:-4] for n in range(2_000)]
            assert items.count(Mark.LINK_UP) == 1

    against(pbx, check)


def test_the_outcome_of_an_originate_reaches_its_asker_and_the_events() -> None:
    """P11."""
    pbx = FakeAmi()
    pbx.answers["Originate"] = lambda action: (
        message(
            Response="Success", ActionID=action["ActionID"], Message="Originate successfully queued"
        )
        + message(Event="OriginateResponse", ActionID=action["ActionID"], Response="Failure")
    )

    async def check() -> None:
        async with running(pbx.address) as watched:
            await watched.up()
            messages = await watched.link.ask("Originate", {"Channel": "PJSIP/1001"})
            assert messages[-1].response == "Failure"
            (event,) = await watched.events(1)
            assert isinstance(event, bytes)
            assert event.startswith(b"Event: OriginateResponse")

    against(pbx, check)


def test_the_items_of_a_list_reach_only_their_asker() -> None:
    """P11."""
    pbx = FakeAmi()
    pbx.answers["Status"] = lambda action: (
        message(Response="Success", ActionID=action["ActionID"], EventList="start")
        + message(Event="Hangup", ActionID=action["ActionID"])
        + message(Event="StatusComplete", ActionID=action["ActionID"], EventList="Complete")
    )

    async def check() -> None:
        async with running(pbx.address) as watched:
            await watched.up()
            assert len(await watched.link.ask("Status")) == 3
            assert [item for item in watched.queue.take(9) if isinstance(item, bytes)] == []

    against(pbx, check)


def test_a_cancelled_list_completes() -> None:
    """P12."""
    pbx = FakeAmi()
    pbx.answers["CoreShowChannels"] = lambda action: (
        message(Response="Success", ActionID=action["ActionID"], EventList="start")
        + message(
            Event="CoreShowChannelsComplete", ActionID=action["ActionID"], EventList="cancelled"
        )
    )

    async def check() -> None:
        async with running(pbx.address) as watched:
            await watched.up()
            assert len(await watched.link.ask("CoreShowChannels")) == 2

    against(pbx, check)


def test_a_line_break_in_a_value_sends_nothing() -> None:
    """P13."""
    pbx = FakeAmi()

    async def check() -> None:
        async with running(pbx.address) as watched:
            await watched.up()
            with pytest.raises(InvalidActionError):
                await watched.link.ask("QueuePause", {"Reason": "x\r\n\r\nAction: Logoff"})
            await watched.link.ask("CoreSettings")
            assert not pbx.asked("QueuePause")
            assert not pbx.asked("Logoff")

    against(pbx, check)


def test_any_kind_of_failure_to_connect_is_followed_by_another_attempt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """P14."""
    pbx = FakeAmi()

    async def check() -> None:
        loop = asyncio.get_running_loop()
        real, calls = loop.create_connection, []

        async def odd(*args: object, **kwargs: object) -> object:
            calls.append(1)
            if len(calls) < 3:
                raise RuntimeError("not an OSError")
            return await real(*args, **kwargs)  # type: ignore[arg-type]

        monkeypatch.setattr(loop, "create_connection", odd)
        async with running(pbx.address) as watched:
            await watched.up()

    against(pbx, check)


def test_closing_during_a_back_off_ends_at_once_and_for_good() -> None:
    """P14."""
    pbx = FakeAmi()

    async def check() -> None:
        address = pbx.address
        await pbx.close()
        watched = Watched(address, replace(QUIET, retry_first=3600.0, retry_cap=3600.0))
        task = asyncio.create_task(watched.link.run())
        await watched.until(lambda: watched.states[-1:] == ["down"])
        watched.link.close()
        await asyncio.wait_for(task, 5)
        await pbx.listen(address.port)
        await asyncio.sleep(0.05)
        assert pbx.connections == 0

    against(pbx, check)


def test_asking_before_the_link_is_up_is_a_clear_error() -> None:
    """P15."""

    async def check() -> None:
        watched = Watched(PbxAddress("pbx1", "127.0.0.1", 1, "u", "s"))
        with pytest.raises(NotConnectedError, match="pbx1: the manager link is down"):
            await watched.link.ask("Ping")

    asyncio.run(check())


def test_an_action_that_is_not_permitted_says_so() -> None:
    pbx = FakeAmi()
    pbx.answers["CoreShowChannels"] = lambda action: message(
        Response="Error", ActionID=action["ActionID"], Message="Permission denied"
    )

    async def check() -> None:
        async with running(pbx.address) as watched:
            await watched.up()
            with pytest.raises(ActionFailedError) as caught:
                await watched.link.ask("CoreShowChannels")
            assert caught.value.denied

    against(pbx, check)


def test_the_banner_may_come_letter_by_letter() -> None:
    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in BANNER:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.001)
        raw = await reader.readuntil(b"\r\n\r\n")
        action_id = raw.decode().partition("ActionID: ")[2].partition("\r\n")[0]
        writer.write(message(Response="Success", ActionID=action_id, Message="ok") + hangup())
        await reader.read()

    pbx = FakeAmi(serve=slow)

    async def check() -> None:
        async with running(pbx.address) as watched:
            assert len(await watched.events(1)) == 1

    against(pbx, check)
