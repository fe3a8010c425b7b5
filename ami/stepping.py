"""What a supervisor does to calls of others, as manager actions of the hand: step in, go over to
another mode, take over; call a waiting caller up, or have them waited for less.

The dialplan does it ([crm-step-in], [crm-pulled]): an Originate leads only there, and names the
channels that the server has found in its own record of the call.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ami.client.outcome import ActionFailedError
from ami.command_values import RefusedError, channel, channel_in, number_in
from ami.ears import Event, Heard, Test
from ami.hand import Hand, Later
from ami.letting_go import hang_up, let_go_when_put_down
from ami.outcomes import DONE, Outcome, Why, of_originate
from callcenter.ports import PbxCommand
from callcenter.supervision.stepping import channel_of

STEP_IN, PULLED = "crm-step-in", "crm-pulled"
_RINGS = 40.0
_ANSWERS_LATE = 5.0
_LAST_WORDS = 0.5
_EFFECT = 2.0
"""Seconds in which a listening must begin, or be refused, once the phone is lifted; or in which two
must speak."""
_LOOK = 0.05
_PLACES = {"listen": "listen", "whisper": "whisper", "barge": "barge", "take_over": "take"}
_KEYS = {"listen": "4", "whisper": "5", "barge": "6"}
"""ChanSpy's own (option d)."""
_NO_RING: Mapping[str, Why] = {
    "UNAVAILABLE": "unreachable",
    "BUSY": "busy",
    "INUSE": "busy",
    "ONHOLD": "busy",
    "RINGINUSE": "busy",
    "HOLDINUSE": "busy",
}
"""What Asterisk says of a phone that a caller would be sent to in vain."""
_FIRST_POINTS = 990
_MOST = 2**31 - 1


async def step_in(hand: Hand, command: PbxCommand, _later: Later) -> Outcome:
    """Ring the supervisor's phone, and lead it into the call."""
    place = _PLACES.get(command.arguments.get("mode", ""), "")
    await _must_be_prepared(hand, STEP_IN, place)
    mine = channel_of(command.id)
    headers = {
        "Channel": channel(command.endpoint),
        "Context": STEP_IN,
        "Exten": place,
        "Priority": "1",
        "Timeout": str(int(_RINGS * 1000)),
        "Async": "true",
        "CallerID": f'"{_shown(command)}" <{_extension(command)}>',
        "ChannelId": mine,
        "OtherChannelId": f"{mine}-2",
        "Variable": [
            f"CRM_SPIED={channel_in(command)}",
            f"CRM_FAR={channel_in(command, 'far')}",
            # By these the phone on the desk or in the browser lifts by itself, where it can.
            f"PJSIP_HEADER(add,X-Callcenter-Click)={command.id}",
            "PJSIP_HEADER(add,Alert-Info)=<http://localhost>;info=alert-autoanswer;delay=0",
            "PJSIP_HEADER(add,Call-Info)=<sip:localhost>;answer-after=0",
        ],
    }
    with hand.listening() as heard:
        about = channel_in(command, "far" if place == "take" else "channel")
        response = await _rung(hand, headers, heard, about)
        if response.get("Response") != "Success":
            if heard.find(_end_named(about)) is not None:
                return Outcome(why="gone", detail=f"{hand.pbx}: the call ended as the phone rang")
            return of_originate(response, await heard.until(_end_of(mine), _LAST_WORDS))
        if place == "take":
            return await _taken(hand, response.get("Channel", ""))
        first = await heard.until(_begun_or_over(mine), _EFFECT)
        if first is not None and first.get("Event") == "Hangup":
            return Outcome(why="gone", detail=f"{hand.pbx}: the call ended as the phone was lifted")
    let_go_when_put_down(hand, mine)
    return DONE


async def _rung(hand: Hand, headers: Mapping[str, Any], heard: Heard, about: str) -> Event:
    """What the PBX says in the end. No phone is rung any longer for a call that is over."""
    placed = asyncio.ensure_future(hand.send("Originate", headers, _RINGS + _ANSWERS_LATE))
    over = asyncio.ensure_future(heard.until(_end_named(about), _RINGS))
    try:
        await asyncio.wait((placed, over), return_when=asyncio.FIRST_COMPLETED)
        if not placed.done() and over.result() is not None:
            with suppress(ActionFailedError):  # lifted, refused or rung out in the same moment
                await hand.ask("Hangup", Channel=headers["ChannelId"], Cause="16")
        return (await placed)[-1]
    finally:
        over.cancel()
        placed.cancel()


async def change_mode(hand: Hand, command: PbxCommand, _later: Later) -> Outcome:
    """The keys of ChanSpy, pressed for the supervisor."""
    digit = _KEYS.get(command.arguments.get("mode", ""), "")
    if not digit:
        return Outcome(why="unsupported", detail=f"{hand.pbx}: no such mode")
    mine = channel_in(command, "mine")
    await hand.ask("PlayDTMF", Channel=mine, Digit=digit, Receive="true")
    return DONE


async def take_over(hand: Hand, command: PbxCommand, _later: Later) -> Outcome:
    """Who listens is bridged with whom the operator speaks with; the operator is let off.

    ChanSpy lets go of a call with the next sound in it and waits until there is one (seen on
    22.10.1). In a call without any, nothing else helps than to end what is listened to: the caller
    is taken out of it and waits for a moment.
    """
    await _must_be_prepared(hand, STEP_IN, "take")
    mine, far = channel_in(command, "mine"), channel_in(command, "far")
    await hand.ask("Setvar", Channel=mine, Variable="CRM_FAR", Value=far)
    await hand.ask("Redirect", Channel=mine, Context=STEP_IN, Exten="take", Priority="1")
    if await _speaks(hand, mine, _EFFECT):
        return DONE
    await _must_be_prepared(hand, STEP_IN, "taken")
    await hand.ask("Redirect", Channel=far, Context=STEP_IN, Exten="taken", Priority="1")
    return await _taken(hand, mine)


async def _taken(hand: Hand, mine: str) -> Outcome:
    if await _speaks(hand, channel(mine), _EFFECT):
        return DONE
    return Outcome(why="refused", detail=f"{hand.pbx}: the take-over had no effect")


async def _speaks(hand: Hand, mine: str, seconds: float) -> bool:
    """Whether this channel is bridged with another within so many seconds. AmiError: it is gone.

    Asked for, since a PBX of an older plan does not tell of it."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while not await hand.peers(mine):
        if loop.time() > until:
            return False
        await asyncio.sleep(_LOOK)
    return True


async def pull(hand: Hand, command: PbxCommand, _later: Later) -> Outcome:
    """A caller who waits goes to one operator. To the queue this looks like somebody who gave up
    (QueueCallerAbandon, seen on 22.10.1): the call log knows better, since the caller stays."""
    extension = number_in(command)
    await _must_be_prepared(hand, PULLED, extension)
    await _must_ring(hand, extension)
    mine = channel_in(command)
    await hand.ask("Redirect", Channel=mine, Context=PULLED, Exten=extension, Priority="1")
    return DONE


async def _must_ring(hand: Hand, extension: str) -> None:
    """Before the caller is taken out of the queue for a phone that does not ring. Who has several
    phones is free while one of them is (the hint of [crm-internal]); a dialplan of somebody else's
    has no such hint, and rings the desk phone. That the queue rings them already is no matter."""
    state = await _value(hand, f"EXTENSION_STATE({extension}@crm-internal)")
    if state in ("", "UNKNOWN"):
        state = await _value(hand, f"DEVICE_STATE(PJSIP/{extension})")
    why = _NO_RING.get(state)
    if why is not None:
        raise RefusedError(Outcome(why=why, detail=f"{hand.pbx}: {extension} is {state}"))


async def _value(hand: Hand, function: str) -> str:
    return (await hand.ask("Getvar", Variable=function)).get("Value", "")


async def raise_priority(hand: Hand, command: PbxCommand, _later: Later) -> Outcome:
    """To the front of the queue, now and when they come back to it from being told something."""
    mine, queue = channel_in(command), number_in_queue(command)
    points = str(_FIRST_POINTS)
    await hand.ask("Setvar", Channel=mine, Variable="CRM_PRIORITY", Value=points)
    await hand.ask(
        "QueueChangePriorityCaller",
        Queue=queue,
        Caller=mine,
        Priority=str(front(time.time())),
        Immediate="yes",
    )
    return DONE


def front(epoch: float) -> int:
    """The priority of who has just come with the most points, as [crm-wait] reckons it."""
    return min(_MOST, _FIRST_POINTS * 10_000 + 3_837_493_647 - int(epoch))


def number_in_queue(command: PbxCommand) -> str:
    queue = command.arguments.get("queue", "")
    if re.fullmatch(r"[A-Za-z0-9_.-]{1,80}", queue) is None:
        raise RefusedError(Outcome(why="gone", detail=f"{queue!r} is no queue"))
    return queue


async def is_prepared(hand: Hand) -> bool:
    """Whether the dialplan lets supervisors into calls. AmiError while it cannot be asked."""
    answer = await hand.ask("Getvar", Variable=f"DIALPLAN_EXISTS({STEP_IN},{_PLACES['listen']},1)")
    return answer.get("Value") == "1"


async def _must_be_prepared(hand: Hand, context: str, place: str) -> None:
    """A dialplan that is older than this, or somebody else's, has no such place."""
    answer = await hand.ask("Getvar", Variable=f"DIALPLAN_EXISTS({context},{place},1)")
    if answer.get("Value") != "1":
        words = f"{hand.pbx}: there is no {place!r} in [{context}]: add it to extensions.conf"
        raise RefusedError(Outcome(why="not_prepared", detail=words))


def _shown(command: PbxCommand) -> str:
    """The operator's name for the display of a desk phone; nothing that a header could end with."""
    name = command.arguments.get("name", "")
    return "".join(c for c in name if c.isprintable() and c not in '"<>\\')[:60]


def _extension(command: PbxCommand) -> str:
    resource = command.arguments.get("channel", "").partition("/")[2].rpartition("-")[0]
    return re.sub(r"[^0-9]", "", resource)[:20]


def _end_of(uniqueid: str) -> Test:
    return lambda event: event.get("Event") == "Hangup" and event.get("Uniqueid") == uniqueid


def _end_named(name: str) -> Test:
    return lambda event: event.get("Event") == "Hangup" and event.get("Channel") == name


def _begun_or_over(uniqueid: str) -> Test:
    over = _end_of(uniqueid)

    def test(event: Event) -> bool:
        begun = event.get("Event") == "ChanSpyStart" and event.get("SpyerUniqueid") == uniqueid
        return begun or over(event)

    return test


STEPS = {
    "hangup": hang_up,
    "step_in": step_in,
    "step_mode": change_mode,
    "take_over": take_over,
    "pull": pull,
    "raise_priority": raise_priority,
}
