"""How the ringing of one phone ended. Pure rules over facts."""

from __future__ import annotations

from collections.abc import Iterable

from callcenter.calls.facts import ChannelFacts
from callcenter.calls.record import LegResult
from callcenter.calls.signals import DialStatus

AT_ONCE_SECONDS = 0.5
_LIFTED_INSTEAD_SECONDS = 1.0

# ITU-T Q.850 causes (the numbers Asterisk reports at hang-up) by what they mean for a leg.
REJECTED = frozenset({21})
_BUSY = frozenset({17})
_NO_ANSWER = frozenset({18, 19})
_ELSEWHERE = frozenset({23, 26})  # sent on by the phone itself (302); answered by another
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


def leg_result(
    leg: ChannelFacts,
    caller: ChannelFacts | None,
    others: Iterable[ChannelFacts],
    *,
    spoke: bool,
    sent_on: bool,
) -> LegResult:
    """`caller` is the call's; `others` are its other phones. `sent_on`: the phone itself forwarded
    the call."""
    if spoke:
        return "answered"
    own = by_cause(leg.cause)
    attempt = leg.last_attempt()
    status = _BY_STATUS.get(attempt.status) if attempt and attempt.status else None
    # Asterisk 22 ends the dial of a phone that declined (603) with NOANSWER, and in a queue that of
    # a busy one too (recordings): the phone's own cause knows better.
    if own in ("busy", "rejected") and status != "cancelled":
        return own
    # The dial of a phone that was picked up, or that sent its call on, ends with that as well.
    if leg.up is None and (own == "elsewhere" or sent_on):
        return "elsewhere"
    if own == "missed" and leg.ended_itself and _at_once(leg):
        return "failed"  # a 480 by the phone itself: unavailable; had it rung, unanswered
    return _by_status(leg, caller, others, own)


def _by_status(
    leg: ChannelFacts,
    caller: ChannelFacts | None,
    others: Iterable[ChannelFacts],
    own: LegResult,
) -> LegResult:
    attempt = leg.last_attempt()
    status = _BY_STATUS.get(attempt.status) if attempt and attempt.status else None
    lifted = any(_lifted_instead(leg, other) for other in others)
    if status == "cancelled":
        return "elsewhere" if lifted else _cancelled(leg, caller)
    if status == "answered" and leg.hung_up is not None:
        return "missed"  # lifted, but never put through: the call was not accepted
    return status or _untold(leg, caller, own, lifted=lifted)


def _cancelled(leg: ChannelFacts, caller: ChannelFacts | None) -> LegResult:
    """A queue that stops ringing a `Local/` member cancels the dial behind it: it rang out.

    (Recording local-member-does-not-answer-and-the-queue-tries-the-next.)
    """
    attempt, gone = leg.last_attempt(), leg.hung_up
    behind_local = attempt is not None and attempt.by_local
    if not behind_local or caller is None or gone is None:
        return "cancelled"
    return "cancelled" if _ends_with(caller, gone) and _left(caller) else "missed"


def _ends_with(caller: ChannelFacts, gone: float) -> bool:
    return caller.hung_up is not None and abs(caller.hung_up - gone) <= AT_ONCE_SECONDS


def _untold(
    leg: ChannelFacts, caller: ChannelFacts | None, own: LegResult, *, lifted: bool
) -> LegResult:
    """The ledger has no dial attempts: who ended the ringing shows in who ended then.

    (The PBX gives a phone that it stops ringing the cause of whoever made it stop, or none.)
    """
    ended = leg.hung_up
    if ended is None or leg.ended_itself or (own == "failed" and _at_once(leg)):
        return own
    if lifted:
        return "elsewhere"
    if leg.up is not None:
        return own
    if caller is None or not _ends_with(caller, ended):
        return "missed"
    return "cancelled" if _left(caller) else "missed"


def _left(caller: ChannelFacts) -> bool:
    """The caller ended the ringing, not the PBX."""
    if caller.hangup_source:
        return caller.hangup_source == caller.channel
    return caller.ended_itself or caller.own_dial_status == "cancel"


def _lifted_instead(leg: ChannelFacts, other: ChannelFacts) -> bool:
    """The other phone was lifted in the moment in which this one stopped ringing."""
    if leg.hung_up is None or other.up is None or other is leg:
        return False
    return abs(other.up - leg.hung_up) < _LIFTED_INSTEAD_SECONDS


def _at_once(leg: ChannelFacts) -> bool:
    return leg.hung_up is not None and leg.hung_up - leg.start < AT_ONCE_SECONDS


def by_cause(cause: int | None) -> LegResult:
    if cause is None:
        return "unknown"
    if cause in _BUSY:
        return "busy"
    if cause in REJECTED:
        return "rejected"
    if cause in _NO_ANSWER:
        return "missed"
    if cause in _ELSEWHERE:
        return "elsewhere"
    return "cancelled" if cause in _NORMAL else "failed"
