"""A recording with fresh ids, people and times: one run of its calls. Pure but for random ids."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ami.simulator.recording import Moment, Recording
from ami.simulator.template import VALUE, VARIABLE, WHEN, Pieces, Slot


class Mint:
    """Hands out ids as Asterisk does, each once. `first`: where its counters begin."""

    def __init__(self, system: str, first: int = 0) -> None:
        self.system = system
        self._next_uniqueid = first
        self._next_serial = first

    def uniqueid(self, at: float) -> str:
        self._next_uniqueid += 1
        prefix = f"{self.system}-" if self.system else ""
        return f"{prefix}{int(at)}.{self._next_uniqueid - 1}"

    def serial(self) -> str:
        self._next_serial += 1
        return f"{(self._next_serial - 1) % (1 << 32):08x}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who plays the parts of a recording; where nobody is named, the recorded one does.

    (number, name) outside, (extension, name) of operators.
    """

    outsiders: tuple[tuple[str, str], ...] = ()
    operators: tuple[tuple[str, str], ...] = ()


@dataclass
class Instance:
    """`recording` may be changed where the CRM is asked (`continue_as`), `cast` until then."""

    recording: Recording
    mint: Mint
    started_at: float
    """Epoch seconds of its first message."""
    speed: float = 1.0
    """2.0 plays twice as fast."""
    cast: Cast = field(default_factory=Cast)
    _values: dict[Slot, str] = field(default_factory=dict)

    def messages(self) -> Iterator[tuple[float, bytes]]:
        """(seconds after the start, message) of all, the CRM answering as it did when recorded."""
        for moment in self.recording.moments:
            offset = moment.offset / self.speed
            yield offset, self.message(moment, self.started_at + offset)
            if moment.ask is not None:
                for one in self.settings(moment, self.recording.answer, self.started_at + offset):
                    yield offset, one

    def message(self, moment: Moment, at: float) -> bytes:
        return self._message(moment.pieces, at)

    def settings(self, ask: Moment, answer: Mapping[str, str], at: float) -> Iterator[bytes]:
        """What the PBX says when the CRM has set these variables."""
        for name, value in answer.items():
            yield self._message(ask.setting, at, {VARIABLE: name, VALUE: value})

    def environment(self, ask: int, at: float) -> dict[str, str]:
        """What the PBX tells the CRM's script."""
        lines = self._fill(self.recording.requests[ask], at, {}).split("\n")
        pairs = (line.partition(": ") for line in lines)
        return {name: value for name, _, value in pairs}

    def continue_as(self, recording: Recording) -> int:
        """Go on with another recording that began alike; the position after its first question."""
        self.recording = recording
        return recording.first_ask() + 1

    def _message(self, pieces: Pieces, at: float, extra: Mapping[Slot, str] | None = None) -> bytes:
        text = self._fill(pieces, at, extra or {}).replace("\n", "\r\n")
        return text.encode("utf-8", "surrogateescape") + b"\r\n\r\n"

    def _fill(self, pieces: Pieces, at: float, extra: Mapping[Slot, str]) -> str:
        known, texts = self._values, []
        for piece in pieces:
            if isinstance(piece, str):
                texts.append(piece)
            elif piece == WHEN:
                texts.append(f"{at:.6f}")
            elif piece in extra:
                texts.append(extra[piece])
            else:
                texts.append(known.get(piece) or self._fresh(piece, at))
        return "".join(texts)

    def _fresh(self, slot: Slot, at: float) -> str:
        value = self._make(slot, at)
        if slot[0] not in ("extension", "operator"):  # the cast may change until they appear
            self._values[slot] = value
        return value

    def _make(self, slot: Slot, at: float) -> str:
        kind, index = slot
        if kind == "uniqueid":
            return self.mint.uniqueid(at)
        if kind == "channel":
            base = self._fill(self.recording.channels[slot], at, {})
            return f"{base}-{self.mint.serial()}"
        if kind == "uuid":
            return str(uuid.uuid4())
        if kind == "callid":
            return uuid.uuid4().hex
        if kind == "system":
            return self.mint.system
        return self._person(kind, index)

    def _person(self, kind: str, index: int) -> str:
        outside = kind in ("number", "name")
        chosen = self.cast.outsiders if outside else self.cast.operators
        recorded = self.recording.outsiders if outside else self.recording.operators
        people = chosen if index < len(chosen) else recorded
        which = 0 if kind in ("number", "extension") else 1
        return people[index][which] or ("<unknown>" if which else "")
