"""Tells the PBX's own events from text that a caller wrote into one. Pure.

Asterisk copies a dialled number and a caller's number into an event as they came, line ends
included: a call to `sip:1%0D%0A%0D%0AEvent%3A%20Hangup…` makes two events of one, the second as the
caller likes it (seen on 16.28 and 22.10.1, before any dialplan can filter it).

What tells them apart is how events begin: with their privilege and, where manager.conf and
asterisk.conf say so, their time and the system's name. A number holds 79 characters at most; that
beginning takes them all if the system's name has three letters or more. (A header alone, in a
number, is told by `wire.parse_headers`.)
"""

from __future__ import annotations

import re
from collections.abc import Callable

# A few of Asterisk's events end in a line end too many: the next one begins with it.
_STAMPED = rb"(?:\r\n)?Event: [^\r]++\r\nPrivilege: [^\r]++(?<=,all)\r\nTimestamp: [^\r]{17}+\r\n"
_FIRST = re.compile(_STAMPED + rb"(SystemName: [^\r\n]*\r\n)?")
_GREETING = b"Event: FullyBooted\r\nPrivilege: system,all\r\nUptime: "  # never carries a time

Begins = Callable[[bytes], re.Match[bytes] | None]


class Genuine:
    """The messages of one connection, without what callers wrote; `forged` counts the latter."""

    def __init__(self) -> None:
        self.forged = 0
        self._begins: Begins | None = None

    def only(self, messages: list[bytes], asked_for: Callable[[bytes], bool]) -> list[bytes]:
        """`asked_for` says whether a message answers one of our own actions.

        Until the first event has shown how events begin here, everything counts as genuine; on a
        PBX that writes no times, for ever (`pbx check` says so).
        """
        begins = self._begins or self._learn(messages)
        if begins is None or all(map(begins, messages)):
            return messages
        return self._without_forged(messages, begins, asked_for)

    def _learn(self, messages: list[bytes]) -> Begins | None:
        for raw in messages:
            first = _FIRST.match(raw)
            if first is not None:
                self._begins = re.compile(_STAMPED + re.escape(first[1] or b"")).match
                return self._begins
        return None

    def _without_forged(
        self, messages: list[bytes], begins: Begins, asked_for: Callable[[bytes], bool]
    ) -> list[bytes]:
        kept: list[bytes] = []
        among_forged = False
        for raw in messages:
            if begins(raw) or raw.startswith(_GREETING) or asked_for(raw):
                kept.append(raw)
                among_forged = False
                continue
            self.forged += 1
            if not among_forged and kept:
                kept.pop()  # the event that was cut in two: its rest is gone with the forged ones
            among_forged = True
        return kept
