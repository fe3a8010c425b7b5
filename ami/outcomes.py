"""What the PBX says when it does not do something, as the few words that screens know. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ami.client.outcome import ActionFailedError, ActionTimeoutError, AmiError

Why = Literal[
    "busy",
    "declined",
    "no_answer",
    "unreachable",
    "refused",
    "not_allowed",
    "gone",
    "pbx_away",
    "bad_number",
    "unsupported",
    "not_prepared",
    "too_late",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a command ended. `detail` is English, for logs and whoever mends it; `place` is where a
    parked call waits."""

    why: Why | Literal[""] = ""
    detail: str = ""
    place: str = ""

    @property
    def ok(self) -> bool:
        return not self.why


DONE = Outcome()
_CAUSES: dict[str, Why] = {
    "1": "bad_number",
    "17": "busy",
    "18": "no_answer",
    "19": "no_answer",
    "20": "unreachable",
    "21": "declined",
    "28": "bad_number",
    "34": "refused",
}
_RANG_OUT = ("1", "3")
_SAID: tuple[tuple[str, Why], ...] = (
    ("permission denied", "not_allowed"),
    ("extension does not exist", "bad_number"),
    ("no such channel", "gone"),
    ("does not exist", "gone"),
    ("invalid/unknown command", "unsupported"),
)
"""In this order."""


def failed(pbx: str, error: AmiError) -> Outcome:
    """`error` says why an action was not carried out, or not known to be."""
    if isinstance(error, ActionFailedError):
        said = error.message.lower()
        fallback: Why = "refused"
        why = next((why for words, why in _SAID if words in said), fallback)
        right = "; give [callcenter-originate] write=originate,call" if error.denied else ""
        return Outcome(why=why, detail=f"{pbx}: {error}{right}")
    if isinstance(error, ActionTimeoutError):
        return Outcome(why="pbx_away", detail=f"{pbx}: {error}; it may have been carried out")
    return Outcome(why="pbx_away", detail=f"{pbx}: {error}")


def of_cause(cause: str, detail: str) -> Outcome:
    """A phone that was rung hung up with this cause."""
    return Outcome(why=_CAUSES.get(cause, "refused"), detail=detail)


def of_originate(response: Mapping[str, str], hangup: Mapping[str, str] | None) -> Outcome:
    """Asterisk tells "busy", "declined" and "not signed in" alike (reason 0): the channel's own end
    tells them apart, and a phone that is not signed in never had a channel."""
    if response.get("Response") == "Success":
        return DONE
    reason = response.get("Reason", "")
    if reason in _RANG_OUT:
        return Outcome(why="no_answer", detail=f"the phone rang out (reason {reason})")
    if hangup is None:
        return Outcome(why="unreachable", detail=f"no phone is signed in (reason {reason})")
    said = f"{hangup.get('Cause', '')} {hangup.get('Cause-txt', '')}".strip()
    return of_cause(hangup.get("Cause", ""), f"the phone ended it: {said}")
