"""What is asked over a link, and how it ends: answers, lists, originates, and none of them."""

from __future__ import annotations

import asyncio

import pytest

from ami.client.outcome import (
    ActionFailedError,
    ActionTimeoutError,
    InvalidActionError,
    NotConnectedError,
)
from callcenter.settings import PbxAddress
from tests.support.fake_ami import FakeAmi, message
from tests.support.watched_link import Watched, against, pending, running


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
            assert pending(watched) == 0

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
            assert pending(watched) == 0

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
