"""The legs of a call: what each participant's device did, from the facts of its channel. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from callcenter.calls.cast import Cast, number_of
from callcenter.calls.conversation import Conversation, total
from callcenter.calls.facts import ChannelFacts, SpyFact
from callcenter.calls.instants import moment, seconds
from callcenter.calls.leg_outcome import leg_result
from callcenter.calls.record import CallResult, Leg, LegResult, LegRole, SoundFile
from callcenter.calls.topology import endpoint_of

_SAME_MOMENT = 0.1


def legs_of(cast: Cast) -> Iterable[Leg]:
    for channel in cast.channels:
        if channel.is_person:
            yield _leg(channel, cast)
    people = {channel.uniqueid for channel in cast.channels if channel.is_person}
    for spy in cast.spies:
        if spy.uniqueid not in people:  # who took the call over has a leg already
            yield _spy_leg(spy)


def _spy_leg(spy: SpyFact) -> Leg:
    return Leg(
        channel=spy.channel,
        uniqueid=spy.uniqueid,
        endpoint=endpoint_of(spy.channel),
        number=endpoint_of(spy.channel).partition("/")[2],
        name="",
        role="spy",
        ringing_at=None,
        answered_at=moment(spy.since),
        ended_at=moment(spy.until),
        result="unknown",
        talk_seconds=0.0,
        hold_seconds=0.0,
    )


def _leg(channel: ChannelFacts, cast: Cast) -> Leg:
    part = cast.spoken.get(channel.uniqueid)
    role = _role(channel, cast)
    result: LegResult = (
        leg_result(
            channel,
            cast.caller,
            cast.callees,
            spoke=part is not None,
            sent_on=channel.channel in cast.sent_on,
        )
        if role == "callee"
        else "answered"
        if part is not None
        else "unknown"
    )
    rang, lifted = _rang(channel, cast, role, result), _leg_answered(channel, role, part)
    return Leg(
        channel=channel.channel,
        uniqueid=channel.uniqueid,
        endpoint=endpoint_of(channel.channel),
        number=number_of(channel, cast),
        name=channel.name,
        role=role,
        ringing_at=moment(rang),
        answered_at=moment(lifted),
        ended_at=moment(channel.hung_up),
        result=result,
        talk_seconds=seconds(total(part.talk)) if part else 0.0,
        hold_seconds=seconds(total(part.held)) if part else 0.0,
        ring_seconds=_ring_seconds(channel, rang, lifted),
        wrap_up_seconds=channel.wrap_up if part is not None else 0.0,
        recordings=tuple(_recordings(channel)),
        held_since=moment(_held_since(channel, part)),
    )


def _held_since(channel: ChannelFacts, part: Conversation | None) -> float | None:
    """The last thing that happened to the conversation was that it stood still."""
    if part is None or not part.held or channel.hung_up is not None:
        return None
    since, until = part.held[-1]
    return since if until >= part.end and part.talk[-1][1] <= since else None


def _recordings(channel: ChannelFacts) -> Iterable[SoundFile]:
    for sound in sorted(channel.sounds.values(), key=lambda s: s.since):
        # One ends as the next begins, and two sources tell of that moment a little apart.
        stops = [at for at in channel.sound_stops if at > sound.since + _SAME_MOMENT]
        end = min(stops, default=channel.hung_up)
        last = end if end is not None else channel.last
        pauses = [
            (start, stop)
            for start, stop in channel.sound_pause.spans(last)
            if stop > sound.since and start < last
        ]
        yield SoundFile(
            file=sound.file,
            started_at=moment(sound.since),
            stopped_at=moment(end),
            pauses=tuple(
                (begun, moment(stop)) for start, stop in pauses if (begun := moment(start))
            ),
        )


def _ring_seconds(channel: ChannelFacts, rang: float | None, answered: float | None) -> float:
    """From its first ring until it was lifted, or until nobody rang it any more."""
    if rang is None:
        return 0.0
    stopped = [a.ended for a in channel.dials.values() if a.ended is not None]
    ends = [answered, channel.up, *stopped, channel.hung_up]
    after = [end for end in ends if end is not None and end >= rang]
    return seconds(min(after) - rang) if after else 0.0


def _role(channel: ChannelFacts, cast: Cast) -> LegRole:
    if channel is cast.caller:
        return "caller"
    return "callee" if channel in cast.callees or channel.dials else "other"


def _rang(channel: ChannelFacts, cast: Cast, role: LegRole, result: LegResult) -> float | None:
    if channel.spy or channel.channel in cast.took or (role == "caller" and not channel.dials):
        return None
    if channel.ringing is not None:
        return channel.ringing
    if result in ("busy", "failed", "rejected"):
        return None
    begun = [a.begun for a in channel.dials.values() if a.begun is not None]
    if begun:
        return min(begun)
    return channel.created if role == "callee" and channel.made_by_another else None


def _leg_answered(channel: ChannelFacts, role: LegRole, part: Conversation | None) -> float | None:
    """A callee answers by lifting; the caller's leg is answered when a person speaks with it, and
    so is that of who only listened before."""
    if role != "caller" and channel.up is not None and not channel.spy:
        return channel.up
    return part.start if part is not None else None


def with_caller_result(legs: tuple[Leg, ...], result: CallResult) -> tuple[Leg, ...]:
    by_call: dict[CallResult, LegResult] = {
        "answered": "answered",
        "abandoned": "cancelled",
        "missed": "missed",
        "busy": "busy",
        "rejected": "rejected",
        "failed": "failed",
    }
    own = by_call.get(result, "unknown")
    return tuple(
        replace(leg, result=own) if leg.role == "caller" and leg.result == "unknown" else leg
        for leg in legs
    )
