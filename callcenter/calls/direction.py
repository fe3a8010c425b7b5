"""Which way a call goes: into the house, out of it, or within. Pure."""

from __future__ import annotations

from callcenter.calls.cast import Cast, dialed_of, is_trunk_leg
from callcenter.calls.facts import ChannelFacts
from callcenter.calls.record import Direction
from callcenter.calls.topology import Topology, endpoint_of


def direction_of(cast: Cast, topology: Topology) -> Direction:
    """Where nothing tells: "unknown"."""
    if cast.caller is None:
        return "unknown"
    own = _side(cast.caller, cast, topology)
    told = {channel.told_side for channel in cast.channels}
    if own == "outside" and _calls_out(cast, topology):
        return "outbound"
    if own == "outside" or "comes_in" in told:
        return "inbound"
    others = {_side(callee, cast, topology) for callee in cast.callees}
    if "outside" in others or "goes_out" in told:
        return "outbound"
    return _from_inside(dialed_of(cast), others, topology) if own == "inside" else "unknown"


def _from_inside(dialed: str, others: set[str], topology: Topology) -> Direction:
    """One of our own phones calls, and no line to the outside is seen."""
    if topology.is_internal_number(dialed) or "inside" in others:
        return "internal"
    if dialed[:1] not in "*#" and sum(c.isdigit() for c in dialed) >= 7:
        return "outbound"
    return "internal" if others or dialed else "unknown"


def _calls_out(cast: Cast, topology: Topology) -> bool:
    """A house phone that shows a public number dials through another line.

    (Where nothing but that number says that it is outside.)
    """
    caller = cast.caller
    if caller is None or topology.side(caller.channel, "", caller.context) != "unknown":
        return False
    own = endpoint_of(caller.channel)
    return any(endpoint_of(c.channel) != own and is_trunk_leg(c) for c in cast.callees)


def trunk_of(cast: Cast, topology: Topology) -> ChannelFacts | None:
    for channel in ([cast.caller] if cast.caller else []) + cast.callees:
        if _side(channel, cast, topology) == "outside":
            return channel
    return None


def _side(channel: ChannelFacts, cast: Cast, topology: Topology) -> str:
    if channel is not cast.caller and is_trunk_leg(channel):
        return "outside"
    number = cast.caller_number if channel is cast.caller else channel.number
    return topology.side(channel.channel, number, channel.context)
