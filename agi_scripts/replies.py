"""Lines from Asterisk into replies. Pure; what a reply means to a command is `wire`'s."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

RESULT = re.compile(r"result=(-?[0-9A-Za-z*#]*)(?: \((.*)\))?(?: endpos=(-?\d+))?", re.DOTALL)
_REPLY = re.compile(r"(\d{3})([ -])(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reply:
    """One complete reply: `text` is all after the code, over several lines if it came so."""

    code: int
    text: str


class ReplyReader:
    """Puts lines together into replies. Knows HANGUP, 100, and replies of several lines."""

    MAX_LINES: Final = 64

    def __init__(self) -> None:
        self.hung_up = False
        self._lines: list[str] = []
        self._code = 0

    def feed(self, line: bytes) -> Reply | None:
        """The reply that this line completes, if it does. ValueError for garbage."""
        text = line.decode("utf-8", "replace")
        if self._lines:
            return self._continue(text)
        if text == "HANGUP":
            self.hung_up = True
            return None
        match = _REPLY.fullmatch(text)
        if match is None:
            raise ValueError("a line that is no AGI reply")
        code, separator, rest = int(match[1]), match[2], match[3]
        if code == 100:
            return None
        if separator == "-" or (code == 200 and "(" in rest and not RESULT.fullmatch(rest)):
            self._code, self._lines = code, [rest]
            return None
        return Reply(code, rest)

    def _continue(self, text: str) -> Reply | None:
        """Up to `520 End…` for a usage text, up to the closing bracket for a value."""
        self._lines.append(text)
        if len(self._lines) > self.MAX_LINES:
            raise ValueError("a reply that does not end")
        ends = text.endswith(")") if self._code == 200 else text.startswith(f"{self._code} ")
        if not ends:
            return None
        reply = Reply(self._code, "\n".join(self._lines))
        self._lines = []
        return reply
