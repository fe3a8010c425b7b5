"""How a leg and a call ended. Pure rules over facts; docs/architecture.md holds the definitions.

answered   the caller spoke with a person (or the far end of an outbound call did with ours)
abandoned  the caller hung up before anybody answered
missed     nobody answered and the PBX gave up (no answer, time-out)
busy, rejected, failed   every phone that was tried was busy, refused, or could not be reached
voicemail, blocked       the dialplan sent the caller there; nobody spoke
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from callcenter.calls.facts import CallFacts, ChannelFacts
from callcenter.calls.record import CallResult, LegResult
from callcenter.calls.signals import DialStatus

# ITU-T Q.850 causes (the numbers Asterisk reports at hang-up) by what they mean for a leg.
_AT_ONCE_SECONDS = 0.5
_BUSY = frozenset({17})
_REJECTED = frozenset({21})
_NO_ANSWER = frozenset({18, 19})
_ELSEWHERE = frozenset({26})
_NORMAL = frozenset({0, 16, 31, 127})

_BY_STATUS: dict[DialStatus, LegResult] = {
    "answer": "answered",
    "busy": "busy",
    "no_answer": "missed",
    "cancel": "cancelled",
    "congestion": "failed",
    "unavailable": "failed",
    "rejected": "rejected",
}


def leg_result(leg: ChannelFacts, *, spoke: bool, call_answered: bool) -> LegResult:
    """How the ringing of one dialled channel ended."""
    if spoke:
        return "answered"
    attempt = leg.last_attempt()
    by_status = _BY_STATUS.get(attempt.status) if attempt and attempt.status else None
    by_cause = _by_cause(leg.cause)
    # Asterisk 22 ends the dial of a phone that declined (603) with NOANSWER, and in a queue that of
    # a busy one too (recordings): the phone's own cause knows better.
    if by_status != "cancelled" and by_cause in ("busy", "rejected"):
        return by_cause
    if by_cause == "missed" and _refused_at_once(leg):
        return "failed"
    result = by_status or by_cause
    if result == "unknown" and leg.hung_up is not None and leg.up is None:
        result = "missed"  # a poor source, but this much it tells: nobody lifted
    if result == "cancelled" and call_answered:
        return "elsewhere"
    return result


def _refused_at_once(leg: ChannelFacts) -> bool:
    """A 480 by the phone itself: unavailable if it came at once, unanswered if it had rung."""
    ended = leg.hung_up
    return leg.ended_itself and ended is not None and ended - leg.start < _AT_ONCE_SECONDS


def _by_cause(cause: int | None) -> LegResult:
    if cause is None:
        return "unknown"
    if cause in _BUSY:
        return "busy"
    if cause in _REJECTED:
        return "rejected"
    if cause in _NO_ANSWER:
        return "missed"
    if cause in _ELSEWHERE:
        return "elsewhere"
    return "cancelled" if cause in _NORMAL else "failed"


def call_result(
    call: CallFacts,
    caller: ChannelFacts | None,
    tried: Collection[LegResult],
    *,
    answered: bool,
    over: bool,
) -> CallResult:
    """How the call ended, given how every dialled leg did; "unknown" while it may yet change."""
    if answered:
        return "answered"
    if call.route == "blocked" or any(c.voicemail for c in call.channels.values()):
        return "blocked" if call.route == "blocked" else "voicemail"
    if not over:
        return "unknown"
    if caller is not None and gave_up(call, caller, tried):
        return "abandoned"
    if not tried and not call.queues:
        return _result_without_tries(caller)
    return _result_of_tries(tried, queued=bool(call.queues))


def gave_up(call: CallFacts, caller: ChannelFacts, tried: Iterable[LegResult]) -> bool:
    """The caller ended it: by hang-up request, queue abandon, or dials cancelled by its leaving."""
    if caller.hangup_source:
        return caller.hangup_source == caller.channel
    if caller.hangup_requested is not None:
        return True
    if caller.own_dial_status is not None:
        return caller.own_dial_status == "cancel"
    return "cancelled" in tried or _left_with_the_queue(call, caller)


def _left_with_the_queue(call: CallFacts, caller: ChannelFacts) -> bool:
    """Abandoned in a queue and gone at once.

    QueueCallerAbandon alone proves nothing: Asterisk 22 sends it as well when the queue's own time
    is over (recording caller-waits-in-the-queue-until-its-time-is-over).
    """
    return any(
        visit.abandoned
        and visit.left is not None
        and caller.hung_up is not None
        and caller.hung_up - visit.left < _AT_ONCE_SECONDS
        for visit in call.queues
    )


def _result_without_tries(caller: ChannelFacts | None) -> CallResult:
    """Nobody could even be rung: a phone not signed in, a number that leads nowhere."""
    if caller is None:
        return "unknown"
    if caller.own_dial_status in ("unavailable", "congestion"):
        return "failed"
    if caller.cause in _REJECTED:
        return "blocked"  # the PBX refused this caller before anybody was rung
    by_cause = _by_cause(caller.cause)
    return by_cause if by_cause in ("failed", "busy") else "unknown"


def _result_of_tries(tried: Collection[LegResult], *, queued: bool) -> CallResult:
    if queued or "missed" in tried or "cancelled" in tried:
        return "missed"
    if "rejected" in tried:
        return "rejected"
    if "busy" in tried:
        return "busy"
    return "failed" if "failed" in tried else "unknown"
