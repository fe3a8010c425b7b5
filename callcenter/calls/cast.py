"""Who is who in a call: the caller, who was called, who spoke, and their numbers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from callcenter.calls.conversation import Conversation, conversations, union
from callcenter.calls.facts import CallFacts, ChannelFacts, SpyFact, TransferFact
from callcenter.calls.topology import Topology, endpoint_of, is_local

_DIALLED_NUMBER = re.compile(r"(?:/|^)(?:[A-Za-z-]*:)?(\+?\d{2,})(?:[@/,&]|$)")
_SAME_MOMENT = 2.0
_HANDED_ON = frozenset({"blind", "attended", "blonde"})
NO_EXTEN = frozenset({"", "s", "h", "i", "t"})


@dataclass(slots=True)
class Cast:
    """The people of a call, worked out once per record."""

    channels: list[ChannelFacts]
    people: list[ChannelFacts]
    caller: ChannelFacts | None
    callees: list[ChannelFacts]
    spoken: dict[str, Conversation]
    took: frozenset[str] = frozenset()
    """Channels that picked the call up, or fetched it from its parking place."""
    sent_on: frozenset[str] = frozenset()
    """Phones that forwarded the call themselves (302)."""
    moved_on: frozenset[str] = frozenset()
    """Channels that handed the call to somebody else."""
    spies: tuple[SpyFact, ...] = ()
    caller_number: str = ""
    caller_name: str = ""


def by_age(channel: ChannelFacts) -> tuple[float, float, str]:
    """Oldest first; an id that we chose ourselves (click to call) says nothing about its age."""
    made, counter, uniqueid = channel.age
    return (made, counter, uniqueid) if made else (channel.start, -1.0, uniqueid)


def caller_of(call: CallFacts) -> ChannelFacts | None:
    people = sorted((c for c in call.channels.values() if c.is_person), key=by_age)
    return _caller(people)


def cast_of(call: CallFacts, topology: Topology) -> Cast:
    channels = sorted(call.channels.values(), key=by_age)
    people = [channel for channel in channels if channel.is_person]
    caller = _caller(people)
    # Who picks a call up, or fetches it from its parking place, takes it: their own call is none.
    took = frozenset(t.by for t in call.transfers if t.kind == "pickup")
    callees = [c for c in people if c is not caller and (c.was_rung or c.channel in took)]
    spoken = spoken_in(call)
    if not spoken and not any(c.stays for c in call.channels.values()):
        spoken = _without_bridges(caller, callees, call.last)
    number, name = _identity(caller, channels, topology) if caller is not None else ("", "")
    sent_on = frozenset(
        forwarder_of(t, callees) for t in call.transfers if t.kind == "forward" and "/" in t.by
    )
    return Cast(
        channels=channels,
        people=people,
        caller=caller,
        callees=callees,
        spoken=spoken,
        took=took,
        sent_on=sent_on,
        moved_on=frozenset(t.by for t in call.transfers if t.kind in _HANDED_ON),
        spies=tuple(call.spies.values()),
        caller_number=number,
        caller_name=name,
    )


def forwarder_of(fact: TransferFact, legs: Iterable[ChannelFacts]) -> str:
    """The phone that a forward began at.

    The ledger names only the channel that dialled it, and a dialplan the extension: then it is the
    phone that stopped ringing, unlifted, in that moment.
    """
    legs = tuple(legs)
    for leg in legs:
        if fact.by in (leg.channel, endpoint_of(leg.channel).partition("/")[2]):
            return leg.channel
    gone = [
        (abs(leg.hung_up - fact.at), leg.channel)
        for leg in legs
        if leg.hung_up is not None and leg.up is None
    ]
    distance, nearest = min(gone, default=(_SAME_MOMENT, ""))
    return nearest if distance < _SAME_MOMENT and "/" in fact.by else fact.by


def _rewritten(told: Sequence[tuple[float, str, str]]) -> tuple[float, str, str]:
    """The last spelling of the number that came in: another number is shown to others instead."""
    first = told[0]
    tail = "".join(c for c in first[1] if c.isdigit())[-5:]
    return next((one for one in reversed(told) if tail and one[1].endswith(tail)), first)


def spoken_in(call: CallFacts) -> dict[str, Conversation]:
    """Who spoke and was held when, by the bridges."""
    several = sum(1 for c in call.channels.values() if c.is_person and c.stays) > 1
    if not several:
        return {}
    spoken = conversations(call.channels, call.last)
    for transfer in call.transfers:
        for uniqueid, part in spoken.items():
            if transfer.kind == "blind" and call.channels[uniqueid].channel == transfer.by:
                # Left alone by its own transfer (and told the parking place): that is no hold.
                part.held = [span for span in part.held if span[0] < transfer.at]
    return spoken


def _identity(
    caller: ChannelFacts, channels: Iterable[ChannelFacts], topology: Topology
) -> tuple[str, str]:
    """The caller's number and name, as the dialplan last set them before it rang anybody.

    Of one of our own phones the extension, not the number that is shown outside. An originated
    call shows the one whom it is for: there the phone's own number, which came first, counts.
    """
    told = sorted(caller.tellings)
    if not told:
        return caller.number, caller.name
    rang = min((c.start for c in channels if c is not caller and c.made_by_another), default=None)
    before = [one for one in told if rang is None or one[0] <= rang] or told[:1]
    own = told[0] if caller.was_rung else _rewritten(before)
    inside = [one for one in before if topology.is_internal_number(one[1])]
    if caller.was_rung:
        inside = []
    if inside and topology.side(caller.channel, inside[-1][1], caller.context) == "inside":
        own = inside[-1]
    names = [name for at, _, name in told if at <= own[0] and name]
    return own[1], own[2] or (names[-1] if names else caller.name)


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
    if channel is cast.caller:
        return cast.caller_number
    if any(c.isdigit() for c in channel.number):
        return channel.number
    found = _rung_number(channel)
    if found:
        return found
    resource = endpoint_of(channel.channel).partition("/")[2]
    if resource.isdigit():
        return resource
    # The ledger knows no dial string: a far end that alone was dialled is what the caller dialled.
    caller = cast.caller
    alone = caller is not None and cast.callees == [channel] and caller.exten not in NO_EXTEN
    return caller.exten if caller is not None and alone else ""


def dialed_of(cast: Cast) -> str:
    """What the caller dialled (the DID of an inbound call)."""
    caller = cast.caller
    if caller is None:
        return ""
    if caller.exten not in NO_EXTEN:
        return caller.exten
    rung = (_rung_number(callee) for callee in cast.callees)
    numbers = [number_of(callee, cast) for callee in cast.callees]
    alone = numbers[0] if numbers else ""
    return next(filter(None, [_number_in(caller.dial_data), *rung, _meant(cast)]), alone)


def _rung_number(channel: ChannelFacts) -> str:
    found = (_number_in(attempt.dial_string) for attempt in channel.dials.values())
    return next(filter(None, found), "")


def is_trunk_leg(channel: ChannelFacts) -> bool:
    """Rung with a public number that is not its own name (`trunk/+48…`, `+48…@trunk`)."""
    name = endpoint_of(channel.channel).partition("/")[2]
    rung = (_number_in(attempt.dial_string) for attempt in channel.dials.values())
    return any(sum(c.isdigit() for c in number) >= 7 and number != name for number in rung)


def _number_in(dial_string: str) -> str:
    match = _DIALLED_NUMBER.search(dial_string)
    return match.group(1) if match else ""


def _meant(cast: Cast) -> str:
    """Whom a click-to-call is for: its caller id is set to that number while the first phone rings.

    (Of the phone itself, or of the Local channel that stands for it.)
    """
    caller = cast.caller
    if caller is None or not caller.was_rung:
        return ""
    own = {caller.number, endpoint_of(caller.channel).partition("/")[2]}
    halves = [channel for channel in cast.channels if is_local(channel.channel)]
    told = [_number_in(channel.dial_data) for channel in (caller, *halves)]
    told += [
        number
        for channel in (caller, *halves)
        for _, number, _ in sorted(channel.tellings, reverse=True)
    ]
    return next((n for n in told if n not in own and any(c.isdigit() for c in n)), "")


def speakers(cast: Cast) -> list[str]:
    """Channels of those who took the call, in the order in which they began to speak.

    A second line on which one of them consults a colleague is no other person.
    """
    spoke = [c for c in cast.people if c is not cast.caller and c.uniqueid in cast.spoken]
    took = {endpoint_of(c.channel) for c in spoke if c in cast.callees}
    if cast.caller is not None:
        took.add(endpoint_of(cast.caller.channel))
    spoke = [c for c in spoke if c in cast.callees or endpoint_of(c.channel) not in took]
    spoke.sort(key=lambda c: cast.spoken[c.uniqueid].start)
    return [c.channel for c in spoke]


def last_speaker(cast: Cast) -> str:
    spoke = [c for c in cast.people if c is not cast.caller and c.uniqueid in cast.spoken]
    if not spoke:
        return ""
    return max(spoke, key=lambda c: (cast.spoken[c.uniqueid].end, by_age(c))).channel
