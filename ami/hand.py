"""The hand: places calls and moves those under way, by a manager user of its own on each PBX.

Every action is sent once: what is unanswered when the link breaks is told as failed and never sent
again on the next link. Whether a number leads anywhere is asked first, since Asterisk drops the
caller of a blind transfer to nowhere (seen on 22.10.1).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ami.client.link import DEFAULT_TIMING, AmiLink, Timing
from ami.client.outcome import AmiError, LinkStatus
from ami.client.wanted import Wanted
from ami.ears import Ears, Event, Heard
from ami.outcomes import DONE, Outcome, failed, of_cause, of_originate
from callcenter.pbx.destinations import HOLD
from callcenter.pbx.manager_events import OUTCOME_EVENTS
from callcenter.ports import PbxCommand
from callcenter.settings import PbxAddress

_ACTION = 4.0
"""Seconds an action may take; a screen waits six for its word."""
_EFFECT = 2.5
"""Seconds in which what an action began must show."""
_RINGS = 45.0
_LAST_WORDS = 0.5
_TRANSFER, _CLICK, _ROOM = "crm-transfer", "crm-click", "crm-room"
_CHANNEL = re.compile(r"[A-Za-z0-9]+/[A-Za-z0-9@;:._+*#-]{1,100}")
_NUMBER = re.compile(r"[A-Za-z0-9*+]{1,40}")
Later = Callable[[Outcome], None]


class RefusedError(Exception):
    """Not even asked of the PBX."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.detail)
        self.outcome = outcome


class Hand:
    """One PBX. `run()` holds the link; `do` carries out one command and says how it ended."""

    def __init__(self, address: PbxAddress, timing: Timing = DEFAULT_TIMING) -> None:
        self.pbx = address.name
        self._ears = Ears()
        self._state: LinkStatus | None = None
        wanted = Wanted(OUTCOME_EVENTS)
        self._link = AmiLink(address, wanted, self._ears, self._note, timing=timing)
        self._actions: dict[str, Callable[[PbxCommand, Later], Awaitable[Outcome]]] = {
            "originate": self._originate,
            "hangup": self._hang_up,
            "complete_transfer": self._hang_up,
            "hold": self._hold,
            "unhold": self._cancel,
            "cancel_transfer": self._cancel,
            "blind_transfer": self._blind,
            "consult": self._consult,
            "park": self._park,
            "conference": self._conference,
            "mute_recording": self._mute,
            "unmute_recording": self._mute,
        }

    async def run(self) -> None:
        await self._link.run()

    def close(self) -> None:
        self._link.close()

    @property
    def up(self) -> bool:
        return self._state is not None and self._state.state == "up"

    async def do(self, command: PbxCommand, later: Later = lambda _outcome: None) -> Outcome:
        """Never raises. `later` hears what goes wrong after the action itself has succeeded."""
        action = self._actions.get(command.action)
        if action is None:
            return Outcome(why="unsupported", detail=f"{self.pbx}: {command.action} is unknown")
        if not self.up:
            return Outcome(why="pbx_away", detail=self._where_it_is())
        try:
            return await action(command, later)
        except RefusedError as error:
            return error.outcome
        except AmiError as error:
            return failed(self.pbx, error)

    # -- placing a call ----------------------------------------------------------------------

    async def _originate(self, command: PbxCommand, _later: Later) -> Outcome:
        number = _number(command, "to")
        await self._must_lead_somewhere(number, _CLICK)
        channel_id = channel_id_of(command.id)
        headers = {
            "Channel": _channel(command.endpoint),
            "Context": _CLICK,
            "Exten": number,
            "Priority": "1",
            "Timeout": str(int(_RINGS * 1000)),
            "Async": "true",
            "CallerID": f'"{number}" <{number}>',
            "ChannelId": channel_id,
            "OtherChannelId": f"{channel_id}-2",
            "Variable": _variables(command, number),
        }
        with self._ears.listening() as heard:
            response = (await self._send("Originate", headers, _RINGS + 5, as_list=None))[-1]
            ended: Event | None = None
            if response.get("Response") != "Success":
                ended = await heard.until(_hangup_of(channel_id), _LAST_WORDS)
            return of_originate(response, ended)

    # -- calls under way ---------------------------------------------------------------------

    async def _hang_up(self, command: PbxCommand, _later: Later) -> Outcome:
        await self._ask("Hangup", Channel=_channel_in(command, "channel"), Cause="16")
        return DONE

    async def _hold(self, command: PbxCommand, _later: Later) -> Outcome:
        with self._ears.listening() as heard:
            await self._begin_transfer(command, HOLD, heard)
        return DONE

    async def _cancel(self, command: PbxCommand, _later: Later) -> Outcome:
        """Back from a hold or a consultation to the first call."""
        channel = _channel_in(command, "channel")
        with self._ears.listening() as heard:
            await self._ask("CancelAtxfer", Channel=channel)
            if await heard.until(_about("Unhold", channel), _EFFECT) is None:
                return self._nothing_happened(command)
        return DONE

    async def _blind(self, command: PbxCommand, _later: Later) -> Outcome:
        number = _number(command, "to")
        await self._must_lead_somewhere(number, _TRANSFER)
        channel = _channel_in(command, "channel")
        await self._ask("BlindTransfer", Channel=channel, Context=_TRANSFER, Exten=number)
        return DONE

    async def _consult(self, command: PbxCommand, later: Later) -> Outcome:
        """Asterisk dials as if the operator had keyed it in: so a + becomes 00, a # ends it."""
        number = _number(command, "to")
        dialled = f"00{number[1:]}" if number.startswith("+") else number
        await self._must_lead_somewhere(dialled, _TRANSFER)
        ended = self._ears.listening()
        heard = ended.__enter__()
        try:
            end = "#" if number.startswith("+") else ""
            begun = await self._begin_transfer(command, dialled + end, heard)
        except BaseException:
            ended.__exit__(None, None, None)
            raise
        asked = _hangup_of_asked(dialled, begun.get("Linkedid", ""))
        task = asyncio.get_running_loop().create_task(self._watch(heard, asked, later))
        task.add_done_callback(lambda _task: ended.__exit__(None, None, None))
        first = await heard.until(asked, 0.3)
        return _of_asked(first) if first is not None else DONE

    async def _watch(self, heard: Heard, asked: Callable[[Event], bool], later: Later) -> None:
        """Tell the operator when the colleague does not come: the caller is with them again."""
        event = await heard.until(asked, _RINGS)
        if event is not None:
            outcome = _of_asked(event)
            if not outcome.ok:
                later(outcome)

    async def _begin_transfer(self, command: PbxCommand, digits: str, heard: Heard) -> Event:
        channel = _channel_in(command, "channel")
        headers = {"Channel": channel, "Exten": digits, "Context": _TRANSFER}
        await self._ask("Atxfer", **headers)
        begun = await heard.until(_about("Hold", channel), _EFFECT)
        if begun is None:
            raise RefusedError(self._nothing_happened(command))
        return begun

    async def _park(self, command: PbxCommand, _later: Later) -> Outcome:
        other, mine = _channel_in(command, "other"), _channel_in(command, "channel")
        with self._ears.listening() as heard:
            await self._ask("Park", Channel=other, TimeoutChannel=mine)
            parked = await heard.until(_parked(other), _EFFECT)
        return Outcome(place=parked.get("ParkingSpace", "")) if parked else DONE

    async def _conference(self, command: PbxCommand, _later: Later) -> Outcome:
        """The one whom the operator asked comes to the caller, and the operator stays."""
        if command.arguments.get("others"):
            return await self._room(command)
        channel = _channel_in(command, "channel")
        for digit in "*3":
            await self._ask("PlayDTMF", Channel=channel, Digit=digit, Receive="true")
        return DONE

    async def _room(self, command: PbxCommand) -> Outcome:
        """Two calls of one phone: everybody is led into a room of their own."""
        room = re.sub(r"[^0-9]", "", command.arguments.get("room", ""))[-12:] or "1"
        everyone = [command.arguments.get("channel", ""), *command.arguments["others"].split(",")]
        for channel in everyone:
            headers = {"Channel": _channel(channel), "Context": _ROOM, "Priority": "1"}
            await self._ask("Redirect", Exten=room, **headers)
        return DONE

    async def _mute(self, command: PbxCommand, _later: Later) -> Outcome:
        on = "1" if command.action == "mute_recording" else "0"
        channel = _channel_in(command, "channel")
        await self._ask("MixMonitorMute", Channel=channel, Direction="both", State=on)
        return DONE

    # -- asking ------------------------------------------------------------------------------

    async def _ask(self, action: str, **headers: str) -> dict[str, str]:
        # "… successfully queued" is the last that is said of these, not the first of a list
        return (await self._send(action, headers, _ACTION, as_list=False))[0]

    async def _send(
        self, action: str, headers: Mapping[str, Any], seconds: float, *, as_list: bool | None
    ) -> list[dict[str, str]]:
        told = await self._link.ask(action, dict(headers), timeout=seconds, as_list=as_list)
        return [{key: str(value) for key, value in message.items()} for message in told]

    async def _must_lead_somewhere(self, number: str, context: str) -> None:
        variable = f"DIALPLAN_EXISTS({context},{number},1)"
        answer = await self._ask("Getvar", Variable=variable)
        if answer.get("Value") != "1":
            words = f"{self.pbx}: {number} leads nowhere in [{context}]"
            raise RefusedError(Outcome(why="bad_number", detail=words))

    def _nothing_happened(self, command: PbxCommand) -> Outcome:
        words = f"{self.pbx}: {command.action} had no effect: may this phone transfer (t, T)?"
        return Outcome(why="refused", detail=words)

    def _where_it_is(self) -> str:
        state = self._state
        words = f"{state.state} {state.detail}".strip() if state else "not begun"
        return f"{self.pbx}: the link of [callcenter-originate] is {words}"

    def _note(self, status: LinkStatus) -> None:
        self._state = status


def channel_id_of(command_id: str) -> str:
    """Our own channel's id for a click: it tells the click in every event of its call."""
    return f"crm-{command_id}"


def _variables(command: PbxCommand, number: str) -> list[str]:
    told = {"CRM_CLICK": number}
    shown = command.arguments.get("caller_id", "")
    if shown:
        told["CRM_CALLER_ID"] = _number(command, "caller_id")
    told["PJSIP_HEADER(add,X-Callcenter-Click)"] = command.id
    return [f"{name}={value}" for name, value in told.items()]


def _channel(name: str) -> str:
    """A pattern (`/^PJSIP/`) or two lines are no channel."""
    if _CHANNEL.fullmatch(name) is None:
        raise RefusedError(Outcome(why="gone", detail=f"{name!r} is no channel"))
    return name


def _channel_in(command: PbxCommand, name: str) -> str:
    return _channel(command.arguments.get(name, ""))


def _number(command: PbxCommand, name: str) -> str:
    number = command.arguments.get(name, "")
    if _NUMBER.fullmatch(number) is None:
        raise RefusedError(Outcome(why="bad_number", detail=f"{number!r} cannot be dialled"))
    return number


def _about(name: str, channel: str) -> Callable[[Event], bool]:
    return lambda event: event.get("Event") == name and event.get("Channel") == channel


def _hangup_of(uniqueid: str) -> Callable[[Event], bool]:
    return lambda event: event.get("Event") == "Hangup" and event.get("Uniqueid") == uniqueid


def _hangup_of_asked(number: str, linkedid: str) -> Callable[[Event], bool]:
    """The Local channel by which the colleague was asked is gone."""
    begins = f"Local/{number}@{_TRANSFER}-"

    def test(event: Event) -> bool:
        mine = event.get("Event") == "Hangup" and event.get("Linkedid") == linkedid
        return mine and event.get("Channel", "").startswith(begins)

    return test


def _parked(channel: str) -> Callable[[Event], bool]:
    return lambda e: e.get("Event") == "ParkedCall" and e.get("ParkeeChannel") == channel


def _of_asked(event: Event) -> Outcome:
    cause = event.get("Cause", "")
    if cause in ("", "0", "16"):
        return DONE
    return of_cause(cause, f"who was asked ended it: {cause} {event.get('Cause-txt', '')}".strip())
