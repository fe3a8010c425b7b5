"""Each fault of panoramisk's link (field notes, §1), shown to be mended against a small manager."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from ami.client.event_queue import Item, Mark
from ami.client.link import Timing
from ami.client.wire import parse_headers
from tests.support.fake_ami import BANNER, FakeAmi, message
from tests.support.watched_link import FAST, QUIET, Watched, against, hangup, pending, running


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
            await watched.until(lambda: not pending(watched))
            assert pbx.connections == 1

    against(pbx, check)


def test_a_user_without_the_system_right_gets_no_fully_booted_and_is_not_waited_for() -> None:
    """P6."""
    pbx = FakeAmi()

    async def check() -> None:
        async with running(pbx.address) as watched:
            await watched.up()
            await watched.link.ask("CoreSettings")

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
