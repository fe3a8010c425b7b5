"""Who ended a call, and why. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from callcenter.calls.cast import Cast
from callcenter.calls.facts import ChannelFacts
from callcenter.calls.leg_outcome import by_cause

_TOGETHER_SECONDS = 1.0


def who_hung_up(cast: Cast) -> tuple[str, int | None]:
    """Channel name ('' for the PBX itself) and the Q.850 cause.

    Of the last conversation, or of the last attempt if phones rang in vain after it: who left
    before that, such as a transferer, did not end the call.
    """
    caller = cast.caller
    if caller is None:
        return "", None
    spoken = max((part.end for part in cast.spoken.values()), default=None)
    tried = [c for c in cast.callees if c.uniqueid not in cast.spoken and _after(c, spoken)]
    late = max((c.start for c in tried), default=spoken)
    sides = [c for c in cast.people if _was_there(c, caller, cast, late)]
    ended = caller if _left_first(caller, cast, spoken) else _named(sides) or _asked(sides)
    if ended is None and len(tried) == 1 and _refused(tried[0], cast):
        ended = tried[0]
    if ended is None:
        return "", caller.cause
    return ended.channel, ended.cause if ended.cause is not None else caller.cause


def _left_first(caller: ChannelFacts, cast: Cast, spoken: float | None) -> bool:
    """The caller went by themselves, while others spoke or with them, and handed nobody on."""
    gone = caller.hung_up
    if gone is None or spoken is None or not caller.ended_itself or caller.channel in cast.moved_on:
        return False
    return gone < spoken + _TOGETHER_SECONDS


def _refused(leg: ChannelFacts, cast: Cast) -> bool:
    """Not one that sent the call on: it goes on elsewhere."""
    sent_on = leg.channel in cast.sent_on or by_cause(leg.cause) == "elsewhere"
    return leg.cause is not None and leg.ended_itself and not sent_on


def _after(channel: ChannelFacts, spoken: float | None) -> bool:
    return spoken is None or channel.start > spoken - _TOGETHER_SECONDS


def _was_there(channel: ChannelFacts, caller: ChannelFacts, cast: Cast, late: float | None) -> bool:
    ended = channel.hangup_requested or channel.hung_up
    if ended is not None and late is not None and ended < late - _TOGETHER_SECONDS:
        return False
    return channel is caller or channel.uniqueid in cast.spoken


def _named(sides: Sequence[ChannelFacts]) -> ChannelFacts | None:
    """The channel that the PBX itself names as the source of a side's end."""
    by_name = {channel.channel: channel for channel in sides}
    for channel in sides:
        if channel.hangup_source in by_name:
            return by_name[channel.hangup_source]
    return None


def _asked(sides: Sequence[ChannelFacts]) -> ChannelFacts | None:
    asked = [c for c in sides if c.hangup_requested is not None]
    return min(asked, key=lambda c: c.hangup_requested or 0.0, default=None)
