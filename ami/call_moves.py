"""What an operator does to a call under way, as manager actions of the hand.

Asterisk has no action that holds: the operator is led into an attended transfer to an extension of
silence ([crm-hold]) and back. It plays transfers by keying the codes of features.conf for us, and
says "queued" whether they have an effect or not: so each waits for its effect.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress

from ami.client.outcome import ActionFailedError, AmiError
from ami.command_values import channel, channel_in, number_in
from ami.ears import Event, Heard, Test
from ami.hand import Hand, Later
from ami.keyed import TRANSFER, about, asked_by, begin_transfer, end_of_asked, heard_of
from ami.originator import originate
from ami.outcomes import DONE, Outcome, of_cause
from ami.stepping import STEPS
from callcenter.pbx.destinations import HOLD
from callcenter.ports import PbxCommand

Move = Callable[[Hand, PbxCommand, Later], Awaitable[Outcome]]

_EFFECT = 2.5
"""Seconds in which what an action began must show."""
_AT_ONCE = 0.3
_SOON, _LOOK = 0.4, 0.05
_RINGS = 60.0
_LAST_WORDS = 1.0
"""Seconds in which the end of a phone must be told after the end of what rang it."""
_ROOM = "crm-room"
_JOIN_THREE = "*3"


async def hang_up(hand: Hand, command: PbxCommand, _later: Later) -> Outcome:
    await hand.ask("Hangup", Channel=channel_in(command), Cause="16")
    return DONE


async def hold(hand: Hand, command: PbxCommand, _later: Later) -> Outcome:
    with hand.listening() as heard:
        begun = await begin_transfer(hand, channel_in(command), HOLD, heard)
    return DONE if begun is not None else _nothing_happened(hand, command)


async def cancel(hand: Hand, command: PbxCommand, _later: Later) -> Outcome:
    """Back from a hold or a consultation to the first call."""
    mine = channel_in(command)
    await hand.settle(mine)
    with hand.listening() as heard:
        await hand.ask("CancelAtxfer", Channel=mine)
        back = await heard_of(hand, mine, heard, about("Unhold", mine))
    hand.unsettle(mine)
    return DONE if back is not None else _nothing_happened(hand, command)


async def blind_transfer(hand: Hand, command: PbxCommand, _later: Later) -> Outcome:
    number = number_in(command)
    await hand.must_lead_somewhere(number, TRANSFER)
    mine = channel_in(command)
    await hand.ask("BlindTransfer", Channel=mine, Context=TRANSFER, Exten=number)
    return DONE


async def consult(hand: Hand, command: PbxCommand, later: Later) -> Outcome:
    """Keyed in by Asterisk: so a + becomes 00, and a # says that the number is whole."""
    number = number_in(command)
    outside = number.startswith("+")
    dialled = f"00{number[1:]}" if outside else number
    await hand.must_lead_somewhere(dialled, TRANSFER)
    with ExitStack() as stack:
        heard = stack.enter_context(hand.listening())
        begun = await begin_transfer(hand, channel_in(command), dialled + "#" * outside, heard)
        if begun is None:
            return _nothing_happened(hand, command)
        over = end_of_asked(dialled, begun.get("Linkedid", ""))
        at_once = await heard.until(over, _AT_ONCE)
        if at_once is None:
            watching = asyncio.ensure_future(_watch(heard, over, later))
            kept = stack.pop_all()
            watching.add_done_callback(lambda _done: kept.close())
            return DONE
        return await _of_asked(heard, at_once)


async def _watch(heard: Heard, over: Test, later: Later) -> None:
    """Tell the operator when the colleague does not come: the caller is with them again."""
    event = await heard.until(over, _RINGS)
    outcome = await _of_asked(heard, event) if event is not None else DONE
    if not outcome.ok:
        later(outcome)


async def park(hand: Hand, command: PbxCommand, later: Later) -> Outcome:
    """The caller waits in a place, and the operator's line goes down: the place stands on their
    screen. Asterisk would keep the line for three seconds (seen on 22.10.1) and speak the place.

    It parks nobody out of a transfer that is under way, and our hold is one, which shows a moment
    after it was told: so who is held is looked for again when nobody was parked.
    """
    other, mine = channel_in(command, "other"), channel_in(command)
    parked = None if await _is_held(hand, mine) else await _parked_by(hand, other, mine)
    if parked is None and await _is_held(hand, mine):
        back = await cancel(hand, command, later)
        if not back.ok:
            return back
        await _until_with(hand, mine, other)
        parked = await _parked_by(hand, other, mine)
    if parked is None:
        return Outcome(why="refused", detail=f"{hand.pbx}: nobody was parked: is a place free?")
    with suppress(AmiError):  # parked they are; whoever put their phone down has no line any more
        await _let_off(hand, mine, other)
    place = parked.get("ParkingSpace", "")
    return Outcome(place=place, detail=place)


async def _parked_by(hand: Hand, other: str, mine: str) -> Event | None:
    """Of who is held, Asterisk says "Park action failed", or "Success" and parks nobody."""
    with hand.listening() as heard:
        try:
            await hand.ask("Park", Channel=other, TimeoutChannel=mine)
        except ActionFailedError:
            if await _is_held(hand, mine):
                return None
            raise
        parked = await heard.until(_parked(other), _SOON)
        if parked is None and not await _is_held(hand, mine):
            parked = await heard.until(_parked(other), _EFFECT)
    return parked or await _found_parked(hand, other)


async def _found_parked(hand: Hand, name: str) -> Event | None:
    """A PBX that keeps the event from us may have done it; one that says "Success" may not have."""
    told = await hand.send("ParkedCalls", {}, _EFFECT)
    return next(filter(_parked(name), told), None)


async def _let_off(hand: Hand, mine: str, gone: str) -> None:
    """Unless they speak with somebody else yet, as in a conference of three."""
    left = [one for one in (await hand.peers(mine)).split(",") if one not in ("", gone)]
    if left:
        return
    with hand.listening() as heard:
        await hand.ask("Hangup", Channel=mine, Cause="16")
        await heard.until(about("Hangup", mine), _LAST_WORDS)


async def _is_held(hand: Hand, mine: str) -> bool:
    return (await hand.peers(mine)).startswith(asked_by(HOLD))


async def _until_with(hand: Hand, mine: str, other: str) -> None:
    """Back from a transfer is told before the two are together."""
    loop = asyncio.get_running_loop()
    until = loop.time() + _EFFECT
    while await hand.peers(mine) != other and loop.time() < until:
        await asyncio.sleep(_LOOK)


async def conference(hand: Hand, command: PbxCommand, _later: Later) -> Outcome:
    """Whom the operator asked comes to the caller, and the operator stays."""
    if command.arguments.get("others"):
        return await _lead_into_a_room(hand, command)
    mine = channel_in(command)
    await hand.settle(mine)
    with hand.listening() as heard:
        for digit in _JOIN_THREE:
            await hand.ask("PlayDTMF", Channel=mine, Digit=digit, Receive="true")
        joined = await heard_of(hand, mine, heard, _joined_by(mine))
    return DONE if joined is not None else _nothing_happened(hand, command)


async def _lead_into_a_room(hand: Hand, command: PbxCommand) -> Outcome:
    """Two calls of one phone: everybody is led into a room of their own.

    The operator and whom they speak with go at once: of two who are led out of a bridge one after
    the other, the second is hung up before it is their turn.
    """
    room = re.sub(r"[^0-9]", "", command.arguments.get("room", ""))[-12:] or "1"
    there = {"Context": _ROOM, "Exten": room, "Priority": "1"}
    first, *others = map(channel, command.arguments["others"].split(","))
    extra = {"ExtraChannel": first, **{f"Extra{name}": value for name, value in there.items()}}
    await hand.ask("Redirect", Channel=channel_in(command), **there, **extra)
    for each in others:
        await hand.ask("Redirect", Channel=each, **there)
    return DONE


async def mute(hand: Hand, command: PbxCommand, _later: Later) -> Outcome:
    on = "1" if command.action == "mute_recording" else "0"
    await hand.ask("MixMonitorMute", Channel=channel_in(command), Direction="both", State=on)
    return DONE


MOVES: dict[str, Move] = {
    "originate": originate,
    "complete_transfer": hang_up,
    "hold": hold,
    "unhold": cancel,
    "cancel_transfer": cancel,
    "blind_transfer": blind_transfer,
    "consult": consult,
    "park": park,
    "conference": conference,
    "mute_recording": mute,
    "unmute_recording": mute,
    **STEPS,
}


def _nothing_happened(hand: Hand, command: PbxCommand) -> Outcome:
    words = f"{hand.pbx}: {command.action} had no effect: may this phone transfer (t, T)?"
    return Outcome(why="refused", detail=words)


def _joined_by(channel_name: str) -> Test:
    def test(event: Event) -> bool:
        mine = event.get("OrigTransfererChannel") == channel_name
        return event.get("Event") == "AttendedTransfer" and mine

    return test


def _parked(channel_name: str) -> Test:
    return lambda e: e.get("Event") == "ParkedCall" and e.get("ParkeeChannel") == channel_name


async def _of_asked(heard: Heard, over: Event) -> Outcome:
    """The phone's own last word is more exact than what the dialplan makes of it.

    The phone's end is told before or after that of the Local channel that rang it: both were
    seen on 22.10.1, milliseconds apart.
    """
    linkedid = over.get("Linkedid", "")

    def said_no(event: Event) -> bool:
        of_call = event.get("Event") == "Hangup" and event.get("Linkedid") == linkedid
        return of_call and event.get("Cause") in ("17", "21")

    last = await heard.until(said_no, _LAST_WORDS) or over
    cause = last.get("Cause", "")
    if cause in ("", "0", "16"):
        return DONE
    return of_cause(cause, f"who was asked ended it: {cause} {last.get('Cause-txt', '')}".strip())
