"""How a call was moved: transfers, forwards and pickups as its record shows them. Pure."""

from __future__ import annotations

import re

from callcenter.calls.cast import NO_EXTEN, Cast, forwarder_of
from callcenter.calls.facts import CallFacts, TransferFact
from callcenter.calls.instants import moment
from callcenter.calls.record import Transfer
from callcenter.calls.signals import TransferKind
from callcenter.calls.topology import is_local

_SAME_MOVE_SECONDS = 2.0
_AT_ONCE_SECONDS = 0.005
_HELD = re.compile(r"^(?:Local/)?\*0(?:@|$)")
_LOCAL = re.compile(r"^Local/([^@]+)@.*$")


def moves_of(call: CallFacts, cast: Cast) -> tuple[Transfer, ...]:
    """In order; what two sources tell of one move counts once."""
    moves: list[tuple[TransferFact, Transfer]] = []
    for fact in sorted(call.transfers, key=lambda t: t.at):
        move = Transfer(
            kind=_kind(fact, cast),
            by=_by(fact, cast),
            to=_to(fact, call),
            at=moment(fact.at),
        )
        if _happened(fact, call) and not any(_same(fact, move, *other) for other in moves):
            moves.append((fact, move))
    return tuple(move for _, move in moves)


def _happened(fact: TransferFact, call: CallFacts) -> bool:
    """A phone may ask for a forward (302) that the dialplan does not obey: then nobody is rung.
    Who hangs up while the CRM holds the caller for them (crm-hold) hands the call to nobody."""
    if fact.kind in ("attended", "blonde") and _HELD.match(_to(fact, call) or fact.to):
        return False
    if fact.kind != "forward":
        return True
    made = (c.start for c in call.channels.values() if c.channel != fact.by)
    return any(start > fact.at - _AT_ONCE_SECONDS for start in made)


def _same(fact: TransferFact, move: Transfer, other: TransferFact, known: Transfer) -> bool:
    alike = (move.kind, move.by) == (known.kind, known.by)
    return alike and abs(fact.at - other.at) < _SAME_MOVE_SECONDS


def _by(fact: TransferFact, cast: Cast) -> str:
    return forwarder_of(fact, cast.callees) if fact.kind == "forward" else fact.by


def _kind(fact: TransferFact, cast: Cast) -> TransferKind:
    """An attended transfer to somebody who had not lifted yet was none: the transferer left.

    (By feature code the target is a Local channel, which says nothing of the phone behind it.)
    """
    if fact.kind not in ("attended", "blonde"):
        return fact.kind
    asked = [c for c in cast.callees if c.start < fact.at and c.channel != fact.by]
    last = max(asked, key=lambda c: c.start, default=None)
    if last is None:
        return fact.kind
    lifted = last.lifted
    return "attended" if lifted is not None and lifted <= fact.at else "blonde"


def _to(fact: TransferFact, call: CallFacts) -> str:
    """What the transferer dialled, where that is known; else the channel it went to."""
    second = call.channels.get(fact.second)
    if fact.kind == "pickup":
        second = next((c for c in call.channels.values() if c.channel == fact.by), second)
    elif second is not None and second.channel == fact.by:
        second = None  # asked by key, on the same line: that line dialled something else before
    if second is not None:
        dialled = second.exten if second.exten not in NO_EXTEN else second.led_to
        if dialled:
            return dialled
    return _LOCAL.sub(r"\1", fact.to or _asked_by_key(fact, call))


def _asked_by_key(fact: TransferFact, call: CallFacts) -> str:
    """Asterisk 16 names nobody in a transfer by key: the Local channel made last rang whom."""
    if fact.kind not in ("attended", "blonde"):
        return ""
    made = [c for c in call.channels.values() if is_local(c.channel) and c.start < fact.at]
    return max(made, key=lambda c: c.start).channel if made else ""
