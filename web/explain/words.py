"""What an explanation says: causes, fields, figures and reasons in the words of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from web.presentation import DIRECTIONS, RESULTS, duration, look, moment

# Q.850 as people would say it; the number stands beside it for whoever knows the standard.
CAUSES: Mapping[int, Any] = {
    0: _l("no cause was given"),
    1: _l("the number is not in use"),
    2: _l("no route to the network"),
    3: _l("no route to the number"),
    16: _l("normal end of the call"),
    17: _l("busy"),
    18: _l("the phone did not respond"),
    19: _l("rang, nobody answered"),
    20: _l("the phone is not signed in"),
    21: _l("the call was rejected"),
    22: _l("the number has changed"),
    23: _l("forwarded to another number"),
    26: _l("taken on another phone"),
    27: _l("the phone or line is out of order"),
    28: _l("the number is incomplete or malformed"),
    29: _l("a facility was rejected"),
    31: _l("normal, unspecified"),
    34: _l("all lines are busy"),
    38: _l("the network is out of order"),
    41: _l("a temporary failure of the network"),
    42: _l("the equipment is overloaded"),
    44: _l("the line asked for is not available"),
    50: _l("a facility that is not subscribed"),
    58: _l("the kind of call is not available now"),
    65: _l("the kind of call is not supported"),
    66: _l("the kind of channel is not supported"),
    88: _l("the two ends do not understand each other"),
    102: _l("a timer ran out"),
    111: _l("an error of the protocol"),
    127: _l("unspecified"),
}
DOINGS: Mapping[str, Any] = {
    "queue": _l("In the queue"),
    "ringing": _l("Ringing"),
    "talking": _l("Talking"),
    "hold": _l("On hold"),
    "parked": _l("Parked"),
    "wrap_up": _l("Wrap-up"),
}
TRANSFERS: Mapping[str, Any] = {
    "blind": _l("Transferred without asking"),
    "attended": _l("Transferred after talking to the other"),
    "blonde": _l("Transferred while the other still rang"),
    "forward": _l("Forwarded"),
    "pickup": _l("Picked up"),
}
ROLES: Mapping[str, Any] = {
    "caller": _l("Caller"),
    "callee": _l("Rung"),
    "transferee": _l("Transferred"),
    "spy": _l("Listening in"),
    "other": _l("Other"),
}
REPAIR_CAUSES: Mapping[str, Any] = {
    "missed": _l("Nobody had seen this call live; the ledger told it."),
    "unfinished": _l("The call was seen to begin, not to end."),
    "corrected": _l("The call was seen live, and differently."),
}
FIELDS: Mapping[str, Any] = {
    "live": _l("Still under way"),
    "direction": _l("Direction"),
    "result": _l("Result"),
    "caller_number": _l("Caller's number"),
    "caller_name": _l("Caller's name"),
    "dialed": _l("Dialed"),
    "trunk": _l("Trunk"),
    "route": _l("Route"),
    "queues": _l("Queues"),
    "menu": _l("Keys in the menu"),
    "started_at": _l("Began"),
    "answered_at": _l("Answered"),
    "ended_at": _l("Ended"),
    "wait_seconds": _l("Wait"),
    "talk_seconds": _l("Talk"),
    "hold_seconds": _l("Hold"),
    "ring_seconds": _l("Ring"),
    "park_seconds": _l("Parked"),
    "hangup_by": _l("Who hung up"),
    "hangup_cause": _l("Why it ended"),
    "answered_by": _l("Who spoke"),
    "last_speaker": _l("Who spoke last"),
    "transfers": _l("Transfers"),
    "legs": _l("Phones"),
}
NUMBER_KINDS: Mapping[str, Any] = {
    "e164": _l("a whole number"),
    "withheld": _l("a hidden number"),
    "internal": _l("one of our own extensions"),
    "short": _l("a short or service number"),
    "unusable": _l("nothing that can be read as one number"),
}
RULES: Mapping[str, Any] = {
    "internal": _l("The caller is one of our own phones"),
    "withheld": _l("The caller hides their number"),
    "blocked": _l("Everybody with this number is blocked"),
    "vip": _l("A VIP has this number"),
    "debtor": _l("Everybody with this number owes money"),
    "several": _l("Several customers share this number"),
    "known": _l("One customer has this number"),
    "unknown": _l("Nobody has this number"),
    "failed-open": _l("No decision in time"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A time, and how it is counted."""

    word: Any
    seconds: float | None
    formula: Any


def figures(interaction: Any, record: Any) -> list[Figure]:
    """Each with its formula: the same as in docs/architecture.md."""
    queued = bool(record and record.queues)
    wait = (
        _l("From entering the first queue until somebody answered, or the last queue was left.")
        if queued
        else _l("From the beginning of the call until somebody answered, or until the caller left.")
    )
    found = [
        Figure(_l("Ring"), interaction.ring_seconds, _l("While at least one phone rang for it.")),
        Figure(_l("Wait"), interaction.wait_seconds, wait),
        Figure(
            _l("Talk"),
            interaction.talk_seconds,
            _l("While any two people could hear each other and were not on hold."),
        ),
        Figure(
            _l("Hold"),
            interaction.hold_seconds,
            _l("While a conversation of the call stood on hold."),
        ),
    ]
    if record is None:
        return found
    if record.park_seconds:
        parked = _l("While the caller waited in a parking place.")
        found.append(Figure(_l("Parked"), record.park_seconds, parked))
    wrap_up = sum(leg.wrap_up_seconds for leg in record.legs)
    after = _l("While the queue left its operator alone after the call.")
    found.append(Figure(_l("Wrap-up"), wrap_up, after))
    return found


def cause_words(cause: int | None) -> str:
    if cause is None:
        return str(_("no cause was told"))
    word = CAUSES.get(cause) or _("unknown cause")
    return f"{word} (Q.850: {cause})"


def repair_value(field: str, text: str) -> Any:
    """A value of a repair as people read it; what is not known is shown as it is kept."""
    if not text:
        return "–"
    if field.endswith("_at"):
        return _time(text)
    if field.endswith("_seconds"):
        return _seconds(text)
    tables = {"result": RESULTS, "direction": DIRECTIONS}
    if field in tables:
        return look(tables[field], text).word
    return _YES_NO.get(text, text) if field == "live" else text


_YES_NO: Mapping[str, Any] = {"yes": _l("yes"), "no": _l("no")}


def _time(text: str) -> Any:
    try:
        return moment(datetime.fromisoformat(text), "seconds")
    except ValueError:
        return text


def _seconds(text: str) -> str:
    try:
        return f"{duration(float(text))} ({float(text):g} s)"
    except ValueError:
        return text
