"""Whoever listens to a call without any sound and wants out of it is pulled out.

ChanSpy lets go of a call with the next sound in it and waits until there is one, whether its phone
was put down or a manager action hangs it up (seen on 22.10.1): the supervisor's phone would stay
off the hook, and the screens would go on saying that they listen. Parking takes the phone out of
any application, and a parked phone can be hung up; what is left behind with ChanSpy is no phone's
and ends with the next sound or with the call.
"""

from __future__ import annotations

import asyncio

from ami.client.outcome import ActionFailedError, AmiError
from ami.command_values import channel_in
from ami.ears import Test
from ami.hand import Hand, Later
from ami.outcomes import DONE, Outcome, failed
from callcenter.ports import PbxCommand

_LETS_GO = 0.5
"""Seconds in which a channel is gone that nothing holds: with sound in it ChanSpy needs 0.02."""
_LOOKS_EVERY = 5.0
_WATCHES: set[asyncio.Future[None]] = set()
"""The loop itself does not keep what runs in it."""


async def hang_up(hand: Hand, command: PbxCommand, _later: Later) -> Outcome:
    """End a call, or somebody's listening to one."""
    name = channel_in(command)
    with hand.listening() as heard:
        await hand.ask("Hangup", Channel=name, Cause="16")
        if await heard.until(_end_of(name), _LETS_GO) is not None:
            return DONE
    try:
        if await _listens(hand, name):
            await _pull_out(hand, name)
    except ActionFailedError as error:
        outcome = failed(hand.pbx, error)
        return DONE if outcome.why == "gone" else outcome
    return DONE


def let_go_when_put_down(hand: Hand, channel: str) -> None:
    """From now on until this channel is gone. Named by its Uniqueid: a PBX that is started anew
    gives its names again."""
    watch = asyncio.ensure_future(_watch(hand, channel))
    _WATCHES.add(watch)
    watch.add_done_callback(_WATCHES.discard)


async def _watch(hand: Hand, channel: str) -> None:
    before = False
    while True:
        await asyncio.sleep(_LOOKS_EVERY)
        try:
            # Of who is being led elsewhere (a take-over) the PBX says so too, for a moment.
            put_down = await hand.value(channel, "CHANNEL(checkhangup)") == "1"
            if put_down and before and await _listens(hand, channel):
                await _pull_out(hand, channel)
            before = put_down
        except ActionFailedError:
            return  # mostly: there is no such channel any more
        except AmiError:
            continue  # the link is down, which says nothing of the channel


async def _listens(hand: Hand, channel: str) -> bool:
    """By the product's own dialplan, and has not taken the call over."""
    spied = await hand.value(channel, "CRM_SPIED")
    return bool(spied) and not await hand.peers(channel)


async def _pull_out(hand: Hand, channel: str) -> None:
    """Moving a phone that was hung up forgets that it was (seen on 22.10.1)."""
    await hand.ask("Park", Channel=channel)
    await hand.ask("Hangup", Channel=channel, Cause="16")


def _end_of(name: str) -> Test:
    return lambda event: event.get("Event") == "Hangup" and event.get("Channel") == name
