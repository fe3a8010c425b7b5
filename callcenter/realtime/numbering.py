"""How a subscriber knows that something was lost: every publisher numbers what it sends.

Pure. An envelope is {"p": publisher, "n": number, "b": body or null}; a null body is a heartbeat
that repeats the last number, so that even the loss of the last message shows within seconds.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal

_MOST_PUBLISHERS = 1_000

Verdict = Literal["deliver", "duplicate", "gap", "gap_then_deliver", "nothing"]


@dataclass(frozen=True, slots=True)
class Envelope:
    publisher: str
    number: int
    body: str | None = None

    def to_bytes(self) -> bytes:
        return json.dumps(
            {"p": self.publisher, "n": self.number, "b": self.body}, separators=(",", ":")
        ).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Envelope:
        """Inverse of `to_bytes`. Raises ValueError on anything else."""
        try:
            raw = json.loads(data)
            body = raw["b"]
            return cls(str(raw["p"]), int(raw["n"]), None if body is None else str(body))
        except (KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise ValueError(f"not a bus envelope: {error!r}") from error


class Numbering:
    """What has been seen of each publisher. Not thread-safe: one reader owns it."""

    def __init__(self) -> None:
        self._last: OrderedDict[str, int] = OrderedDict()

    def judge(self, envelope: Envelope) -> Verdict:
        """Nothing is lost by a repeat (a publisher sends again when it saw no reply)."""
        last = self._last.get(envelope.publisher, 0)
        heartbeat = envelope.body is None
        if envelope.number <= last:
            return "nothing" if heartbeat else "duplicate"
        self._remember(envelope)
        if heartbeat:
            return "gap"
        return "deliver" if envelope.number == last + 1 else "gap_then_deliver"

    def _remember(self, envelope: Envelope) -> None:
        self._last[envelope.publisher] = envelope.number
        self._last.move_to_end(envelope.publisher)
        while len(self._last) > _MOST_PUBLISHERS:  # processes that are long gone
            self._last.popitem(last=False)
