"""Each stay of a caller in a queue, as reports count it. Pure.

The dialplan takes a waiting caller out of the queue for as long as something is said to them and
puts them back: as long as nobody else took them, that is one visit. It is answered when they speak
with somebody whose phone rang before they left the queue; whoever left unanswered and went on
(another queue, a key, a voice message, another phone) overflowed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from callcenter.calls.cast import Cast
from callcenter.calls.facts import FIRST_REAL_INSTANT, CallFacts, ChannelFacts
from callcenter.calls.instants import moment, seconds
from callcenter.calls.leg_outcome import AT_ONCE_SECONDS
from callcenter.calls.record import CallResult, QueueVisit, VisitEnd

_SOON = 5.0
"""From leaving the queue until somebody speaks: what the member hears first is in between."""
_A_MOMENT = 0.5


@dataclass(slots=True)
class _Stay:
    queue: str
    caller: str
    joined: float
    left: float | None


def visits_of(call: CallFacts, cast: Cast, result: CallResult) -> tuple[QueueVisit, ...]:
    """In the order in which they began."""
    if not call.queues:
        return (_not_taken(call, cast),) if call.sent_to_queue else ()
    stays = _stays(call, cast)
    following: list[_Stay | None] = [*stays[1:], None]
    return tuple(
        _visit(stay, after, call, cast, result)
        for stay, after in zip(stays, following, strict=False)
    )


def _stays(call: CallFacts, cast: Cast) -> list[_Stay]:
    found: list[_Stay] = []
    for one in sorted(call.queues, key=lambda one: one.joined or 0.0):
        if one.joined is None:
            continue
        stay = _handed_on(_Stay(one.queue, one.caller, one.joined, one.left), call, cast)
        last = found[-1] if found else None
        same = last is not None and (last.queue, last.caller) == (stay.queue, stay.caller)
        if last is None or not same or _spoke(last, stay.joined, call, cast) is not None:
            found.append(stay)
        else:
            last.left = stay.left
    return found


def _handed_on(stay: _Stay, call: CallFacts, cast: Cast) -> _Stay:
    """An operator asked in a queue and left the caller waiting there in their own place."""
    caller, left = cast.caller, stay.left
    if caller is None or left is None or stay.caller == caller.uniqueid:
        return stay
    handed = any(abs(t.at - left) < _A_MOMENT for t in call.transfers if t.kind != "pickup")
    spoke = any(stay.caller == one for one in cast.spoken)
    if not handed or (spoke and cast.spoken[stay.caller].end > stay.joined):
        return stay
    return replace(stay, caller=caller.uniqueid, left=None)


def _visit(
    stay: _Stay, after: _Stay | None, call: CallFacts, cast: Cast, result: CallResult
) -> QueueVisit:
    channel = call.channels.get(stay.caller)
    answered = _spoke(stay, after.joined if after is not None else None, call, cast)
    if answered is not None:
        return _made(stay, "answered", answered, answered)
    left = stay.left
    gone = channel.hung_up if channel is not None else left
    if left is None:
        left = after.joined if after is not None else gone
    if left is None:
        return _made(stay, "waiting", None, None)
    how = _end(stay, left, after, call, cast, result)
    if how == "abandoned" and gone is not None:
        left = max(left, gone)
    return _made(stay, how, left, None)


def _made(stay: _Stay, how: VisitEnd, left: float | None, answered: float | None) -> QueueVisit:
    timed = stay.joined >= FIRST_REAL_INSTANT and left is not None
    return QueueVisit(
        queue=stay.queue,
        joined_at=moment(stay.joined),
        left_at=moment(left),
        answered_at=moment(answered),
        how=how,
        wait_seconds=seconds(left - stay.joined) if timed and left is not None else 0.0,
    )


def _spoke(stay: _Stay, before: float | None, call: CallFacts, cast: Cast) -> float | None:
    """When a conversation of whoever waits began that the queue brought about."""
    part = cast.spoken.get(stay.caller)
    if part is None:
        return None
    starts = [at for at, _ in (*part.talk, *part.held) if at >= stay.joined - _A_MOMENT]
    start = min(starts, default=None)
    if start is None or (before is not None and start > before + _A_MOMENT):
        return None
    if stay.left is None or start <= stay.left + _A_MOMENT:
        return max(start, stay.joined)
    left = stay.left
    if any(abs(at - left) < _A_MOMENT for at, _ in call.pressed):  # they chose to leave
        return None
    rung = any(
        other.start <= left and _began(other, cast) <= start + _A_MOMENT
        for other in cast.callees
        if other.uniqueid in cast.spoken and other.uniqueid != stay.caller
    )
    return start if rung and start <= left + _SOON else None


def _began(channel: ChannelFacts, cast: Cast) -> float:
    return cast.spoken[channel.uniqueid].start


def _end(  # noqa: PLR0917 (one question of all that is known)
    stay: _Stay,
    left: float,
    after: _Stay | None,
    call: CallFacts,
    cast: Cast,
    result: CallResult,
) -> VisitEnd:
    """How a visit ended in which nobody answered."""
    if after is not None or result == "voicemail":
        return "overflow"
    channel = call.channels.get(stay.caller)
    went_on = any(one.start > left + _A_MOMENT for one in cast.callees)
    part = cast.spoken.get(stay.caller)
    spoke_later = part is not None and part.end > left + _A_MOMENT
    pressed = any(at >= stay.joined for at, _ in call.pressed)
    if went_on or spoke_later or pressed or (channel is not None and channel.voicemail):
        return "overflow"
    if result == "abandoned" or (result == "answered" and _hung_up(channel, left)):
        return "abandoned"
    refused = left - stay.joined < AT_ONCE_SECONDS and not call.cut_off and result == "missed"
    return "closed" if refused else "given_up"


def _hung_up(channel: ChannelFacts | None, left: float) -> bool:
    if channel is None or channel.hung_up is None:
        return False
    return channel.ended_itself or channel.hung_up - left < AT_ONCE_SECONDS


def _not_taken(call: CallFacts, cast: Cast) -> QueueVisit:
    """The queue would not take them in: nobody was there, or it was full."""
    start = moment(cast.caller.start) if cast.caller is not None else None
    queue = call.sent_to_queue
    return QueueVisit(queue=queue, joined_at=start, left_at=start, answered_at=None, how="closed")
