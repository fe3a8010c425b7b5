"""How a call ended. Pure rules over facts; docs/architecture.md holds the definitions.

answered   the caller spoke with a person (or the far end of an outbound call did with ours)
abandoned  the caller hung up before anybody answered
missed     nobody answered and the PBX gave up (no answer, time-out)
busy, rejected, failed   every phone that was tried was busy, refused, or could not be reached
voicemail, blocked       the dialplan sent the caller there; nobody spoke
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from callcenter.calls.facts import CallFacts, ChannelFacts
from callcenter.calls.leg_outcome import AT_ONCE_SECONDS, REJECTED, by_cause, leg_result
from callcenter.calls.record import CallResult, LegResult


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
    return _result_unanswered(call, caller, tried) if over else "unknown"


def _result_unanswered(
    call: CallFacts, caller: ChannelFacts | None, tried: Collection[LegResult]
) -> CallResult:
    if caller is not None and caller.was_rung and caller.up is None:
        return _result_of_first_phone(caller)
    if caller is not None and gave_up(call, caller, tried):
        return "abandoned"
    queued = bool(call.queues or call.sent_to_queue)
    if not tried and not queued:
        return _result_without_tries(caller)
    return _result_of_tries(tried, queued=queued)


def _result_of_first_phone(caller: ChannelFacts) -> CallResult:
    """A click-to-call whose operator did not lift: nobody else was called yet."""
    result = leg_result(caller, None, (), spoke=False, sent_on=False)
    return result if result in ("busy", "rejected", "failed") else "missed"


def gave_up(call: CallFacts, caller: ChannelFacts, tried: Iterable[LegResult]) -> bool:
    """The caller ended it: by hang-up request, queue abandon, or dials cancelled by its leaving."""
    if call.cut_off and caller.hangup_requested is None:
        return False
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
        and caller.hung_up - visit.left < AT_ONCE_SECONDS
        for visit in call.queues
    )


def _result_without_tries(caller: ChannelFacts | None) -> CallResult:
    """Nobody could even be rung: a phone not signed in, a number that leads nowhere."""
    if caller is None:
        return "unknown"
    if caller.own_dial_status in ("unavailable", "congestion"):
        return "failed"
    if caller.cause in REJECTED:
        return "blocked"  # the PBX refused this caller before anybody was rung
    own = by_cause(caller.cause)
    return own if own in ("failed", "busy") else "unknown"


def _result_of_tries(tried: Collection[LegResult], *, queued: bool) -> CallResult:
    if queued or "missed" in tried or "cancelled" in tried:
        return "missed"
    if "rejected" in tried:
        return "rejected"
    if "busy" in tried:
        return "busy"
    return "failed" if {"failed", "elsewhere"} & set(tried) else "unknown"
