"""One recording of the lab, made ready to be played again with other ids, people and times. Pure.

It holds what belongs to its calls: the PBX's own affairs (phones signing in, log-ins) stay out.
Where the dialplan asked the CRM stands an `ask`; what the CRM answered then is taken out of the
stream, and what it answers now is put in. `reading` makes one from files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ami.simulator.template import Headers, Pieces, Slot, slots_of
from callcenter.pbx.manager_events import KEPT_APPLICATIONS, KEPT_EVENTS, KEPT_VARIABLES

_KEPT = frozenset(KEPT_EVENTS)


class RecordingError(ValueError):
    """The folder holds no recording that can be played; the message names it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One message, `offset` seconds after the first. `kept`: the listener's filter lets it through.

    `ask`: the number of the FastAGI request that is made here, or None.
    """

    offset: float
    event: str
    kept: bool
    pieces: Pieces
    ask: int | None = None
    setting: Pieces = ()
    """Of an `ask`: the message that says that a variable was set, to be filled in."""


@dataclass(frozen=True, slots=True)
class Recording:
    name: str
    moments: tuple[Moment, ...]
    requests: tuple[Pieces, ...]
    """The environment of each FastAGI request, in order."""
    answer: Mapping[str, str]
    """What the CRM set when this was recorded."""
    channels: Mapping[Slot, Pieces]
    """Names of channels without their serials."""
    operators: tuple[tuple[str, str], ...]
    """(extension, name) of those whose phones take part."""
    outsiders: tuple[tuple[str, str], ...]
    """(number, name) of the parties outside; none for a caller whose number is hidden."""
    entry: tuple[str, str]
    """Where the first channel entered the dialplan: (context, extension)."""
    truth: Sequence[Mapping[str, Any]]
    whole: bool = True
    """Every channel ends, the PBX lives on meanwhile, and every id is of its own making."""

    @property
    def is_playable(self) -> bool:
        """Whether others can be put into it: each caller asks the CRM and keeps one number."""
        inbound = [call for call in self.truth if call.get("direction", "inbound") == "inbound"]
        known = {number for number, _ in self.outsiders}
        said = {str(call.get("number", "")) for call in inbound} - {"anonymous", "unknown"}
        return self.whole and said <= known and len(inbound) in (0, self.asks)

    @property
    def route(self) -> str:
        return self.answer.get("CRM_ROUTE", "")

    @property
    def asks(self) -> int:
        return len(self.requests)

    @property
    def duration(self) -> float:
        return self.moments[-1].offset

    @property
    def results(self) -> tuple[str, ...]:
        """How its calls ended, as the people in them would tell it."""
        return tuple(str(call.get("result", "")) for call in self.truth)

    @property
    def queues(self) -> tuple[tuple[str, ...], ...]:
        """Where its calls waited."""
        return tuple(tuple(call.get("queues", ())) for call in self.truth)

    @property
    def direction(self) -> str:
        return str(self.truth[0].get("direction", "inbound")) if self.truth else ""

    @property
    def is_plain(self) -> bool:
        """Nobody hands a caller on."""
        return not any(call.get("transfers") for call in self.truth)

    def first_ask(self) -> int:
        """Position of the moment where the CRM is asked first; -1 when it never is."""
        found = (index for index, moment in enumerate(self.moments) if moment.ask is not None)
        return next(found, -1)

    def opening(self) -> tuple[object, ...]:
        """What has been seen when the CRM is first asked. Where two openings are equal, one
        recording can go on where the other asked."""
        until = self.moments[: self.first_ask() + 1]
        ids = slots_of((moment.pieces for moment in until), ("uniqueid", "channel", "uuid"))
        return (self.entry, ids, bool(self.outsiders))


def is_kept(headers: Headers) -> bool:
    """Whether the listener's server-side filter lets this event through."""
    name = headers.get("Event", "")
    if name == "VarSet":
        return headers.get("Variable", "").startswith(KEPT_VARIABLES)
    if name == "Newexten":
        return headers.get("Application", "") in KEPT_APPLICATIONS
    return name in _KEPT
