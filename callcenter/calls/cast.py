"""Who is who in a call: the caller, who was called, who spoke, and their numbers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from callcenter.calls.conversation import Conversation, conversations, union
from callcenter.calls.facts import CallFacts, ChannelFacts
from callcenter.calls.topology import endpoint_of

_DIALLED_NUMBER = re.compile(r"(?:/|^)(?:[A-Za-z-]*:)?(\+?\d{2,})(?:@|/|$|,)")
_NO_EXTEN = frozenset({"", "s", "h", "i", "t"})


@dataclass(slots=True)
class Cast:
    """The people of a call, worked out once per record."""

    channels: list[ChannelFacts]
    people: list[ChannelFacts]
    caller: ChannelFacts | None
    callees: list[ChannelFacts]
    spoken: dict[str, Conversation]


def by_age(channel: ChannelFacts) -> tuple[float, float, str]:
    return channel.age


def caller_of(call: CallFacts) -> ChannelFacts | None:
    people = sorted((c for c in call.channels.values() if c.is_person), key=by_age)
    return _caller(people)


def cast_of(call: CallFacts) -> Cast:
    channels = sorted(call.channels.values(), key=by_age)
    people = [channel for channel in channels if channel.is_person]
    caller = _caller(people)
    callees = [c for c in people if c is not caller and c.made_by_another]
    several = sum(1 for c in people if c.visits) > 1
    spoken = conversations(call.channels, call.last) if several else {}
    if not spoken and not any(c.visits for c in call.channels.values()):
        spoken = _without_bridges(caller, callees, call.last)
    return Cast(channels, people, caller, callees, spoken)


def _caller(people: list[ChannelFacts]) -> ChannelFacts | None:
    """The channel that came in by itself; of an originated call the side dialled by nobody."""
    for channel in people:
        if not channel.made_by_another and not channel.dials:
            return channel
    for channel in people:
        if not channel.made_by_another:
            return channel
    return people[0] if people else None


def _without_bridges(
    caller: ChannelFacts | None, callees: Iterable[ChannelFacts], last: float
) -> dict[str, Conversation]:
    """A source without bridge facts: who lifted after being dialled is the best witness left."""
    spoken: dict[str, Conversation] = {}
    if caller is None:
        return spoken
    for leg in callees:
        start = _lifted(caller, leg)
        end = min(c.hung_up if c.hung_up is not None else last for c in (caller, leg))
        if start is not None and end >= start:
            spoken[leg.uniqueid] = Conversation([(start, end)])
    if spoken:
        talk = union(span for part in spoken.values() for span in part.talk)
        spoken[caller.uniqueid] = Conversation(talk)
    return spoken


def _lifted(caller: ChannelFacts, leg: ChannelFacts) -> float | None:
    """When caller and callee could first hear each other, None if nothing says so."""
    attempt = leg.last_attempt()
    if attempt is not None and attempt.status not in (None, "answer"):
        return None
    if attempt is not None and attempt.status == "answer":
        return leg.up if leg.up is not None else attempt.ended
    # The ledger has no dial attempts; there the caller's own status says that one answered, and
    # before Asterisk 12 only that both were up.
    if leg.up is None or caller.own_dial_status not in (None, "answer"):
        return None
    return max(leg.up, caller.up) if caller.up is not None else leg.up


def number_of(channel: ChannelFacts, cast: Cast) -> str:
    # A dialled trunk channel may carry its context's `s` where a number should be.
    if channel is cast.caller or any(c.isdigit() for c in channel.number):
        return channel.number
    for attempt in channel.dials.values():
        match = _DIALLED_NUMBER.search(attempt.dial_string)
        if match:
            return match.group(1)
    resource = endpoint_of(channel.channel).partition("/")[2]
    if resource.isdigit():
        return resource
    # The ledger knows no dial string: a far end that alone was dialled is what the caller dialled.
    caller = cast.caller
    alone = caller is not None and cast.callees == [channel] and caller.exten not in _NO_EXTEN
    return caller.exten if caller is not None and alone else ""


def dialed_of(cast: Cast) -> str:
    """What the caller dialled (the DID of an inbound call)."""
    if cast.caller is None:
        return ""
    if cast.caller.exten not in _NO_EXTEN:
        return cast.caller.exten
    for callee in cast.callees:
        for attempt in callee.dials.values():
            match = _DIALLED_NUMBER.search(attempt.dial_string)
            if match:
                return match.group(1)
    numbers = [number_of(callee, cast) for callee in cast.callees]
    return numbers[0] if len(numbers) == 1 else ""


def speakers(cast: Cast) -> list[str]:
    """Channels of those who took the call, in the order in which they began to speak."""
    spoke = [c for c in cast.people if c is not cast.caller and c.uniqueid in cast.spoken]
    spoke.sort(key=lambda c: cast.spoken[c.uniqueid].start)
    return [c.channel for c in spoke]


def last_speaker(cast: Cast) -> str:
    spoke = [c for c in cast.people if c is not cast.caller and c.uniqueid in cast.spoken]
    if not spoke:
        return ""
    return max(spoke, key=lambda c: (cast.spoken[c.uniqueid].end, c.age)).channel
