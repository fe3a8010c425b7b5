"""What Asterisk does by keys that it presses for us (`Atxfer`, `CancelAtxfer`, `PlayDTMF`): each is
looked for until it shows.

The keys are put before the thread that reads the operator's line. Now and then a busy Asterisk
does not wake it for them (seen on 22.10.1): the caller hears music already, and the number is left
lying. Whatever comes from the phone wakes it, so this befalls phones that send nothing, as muted
ones with silence suppression do. Setting the longest time of a call to what it is wakes the thread
too and changes nothing: of 40 consultations on a PBX that was stopped again and again, 11 lay there
and went on at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from ami.client.outcome import AmiError
from ami.ears import Event, Heard, Test
from ami.hand import Hand

TRANSFER = "crm-transfer"
_EFFECT = 2.5
"""Seconds in which what an action began must show."""
_WAKE_AFTER = 0.8
"""Keys are pressed 60 to 160 ms apart: a transfer to a colleague takes half a second."""
_LOOK = 0.05
_LONGEST = "TIMEOUT(absolute)"
T = TypeVar("T")


async def begin_transfer(hand: Hand, mine: str, digits: str, heard: Heard) -> Event | None:
    """Leads `mine` to a number of [crm-transfer], whoever it speaks with waits: the Hold event.

    None when nothing came of it. A # ends a number that could go on.
    """
    await hand.settle(mine)
    before = await hand.peers(mine)
    await hand.ask("Atxfer", Channel=mine, Exten=digits, Context=TRANSFER)
    begun = await heard_of(hand, mine, heard, about("Hold", mine))
    hand.unsettle(mine)
    if begun is None:
        return None
    number = digits.rstrip("#")
    over = end_of_asked(number, begun.get("Linkedid", ""))

    async def look() -> Event | None:
        now = await hand.peers(mine)
        if (now != before and now.startswith(asked_by(number))) or heard.find(over):
            return begun
        await asyncio.sleep(_LOOK)
        return None

    return await _shown(hand, mine, heard, look)


async def heard_of(hand: Hand, mine: str, heard: Heard, test: Test) -> Event | None:
    """The event by which keys that were pressed for `mine` show their effect."""
    return await _shown(hand, mine, heard, lambda: heard.until(test, _LOOK))


def about(name: str, channel: str) -> Test:
    return lambda event: event.get("Event") == name and event.get("Channel") == channel


def end_of_asked(number: str, linkedid: str) -> Test:
    """The Local channel by which somebody was asked is gone."""

    def test(event: Event) -> bool:
        of_call = event.get("Event") == "Hangup" and event.get("Linkedid") == linkedid
        return of_call and event.get("Channel", "").startswith(asked_by(number))

    return test


def asked_by(number: str) -> str:
    """How the Local channel begins by which a number of [crm-transfer] is asked."""
    return f"Local/{number}@{TRANSFER}-"


async def _shown(
    hand: Hand, mine: str, heard: Heard, look: Callable[[], Awaitable[T | None]]
) -> T | None:
    loop = asyncio.get_running_loop()
    until, wake = loop.time() + _EFFECT, loop.time() + _WAKE_AFTER
    while (found := await look()) is None and not heard.broken and loop.time() < until:
        if loop.time() > wake:
            await _wake(hand, mine)
            wake = loop.time() + _WAKE_AFTER
    return found


async def _wake(hand: Hand, channel: str) -> None:
    with suppress(AmiError):  # it is only help: what is looked for says whether all is well
        left = await hand.value(channel, _LONGEST)
        await hand.ask("Setvar", Channel=channel, Variable=_LONGEST, Value=left or "0")
