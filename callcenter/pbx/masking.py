"""Numbers and names out of a recording that leaves the house; its structure stays.

The last six digits of every number and every person's name are replaced, the same one by the same
replacement throughout: `+48600100101`, `600100101` and `0048600100101` keep ending alike, so that
whoever replays the file sees the same call. Short numbers (extensions), queues, channels, ids and
times stay: without them there is nothing to see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from callcenter.pbx import ledger_headers as names
from callcenter.pbx.journal_text import Headers, RawEvent

_HIDDEN_DIGITS = 6
# A Uniqueid or epoch time, a UUID, the serial of a channel: digits, but nobody's number.
_NO_NUMBER = (
    r"\d{9,}\.\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|-[0-9a-f]{8}\b"
)
_NUMBER = re.compile(rf"(?:{_NO_NUMBER})|(\d*)(\d{{{_HIDDEN_DIGITS}}})(?!\d)")
_NOBODY = frozenset({"", "<unknown>", "unknown", "anonymous"})


@dataclass(slots=True)
class _Replacements:
    endings: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)

    def note(self, header: str, value: str) -> None:
        small = header.lower()
        if small.endswith(names.NAMES) and value.lower() not in _NOBODY and "/" not in value:
            self.note_number(value)
            if not value.isdecimal():
                self.people.setdefault(value, f"Name {len(self.people) + 1}")
        if small.endswith(names.NUMBERS):
            self.note_number(value)

    def note_number(self, value: str) -> None:
        for found in _NUMBER.finditer(value):
            if found[2]:
                self.endings.setdefault(found[2], f"{len(self.endings) + 1:0{_HIDDEN_DIGITS}}")

    def apply(self, header: str, value: str) -> str:
        if header.lower().endswith(names.NAMES) and value in self.people:
            return self.people[value]
        for person, other in self.people.items():
            if " " in person:  # a single word may be a queue's name as well
                value = value.replace(person, other)
        return _NUMBER.sub(self._number, value)

    def _number(self, found: re.Match[str]) -> str:
        if not found[2]:
            return found[0]
        return found[1] + self.endings.get(found[2], found[2])


def masked(events: Sequence[RawEvent]) -> list[RawEvent]:
    """The same events without what tells who it was."""
    known = _Replacements()
    for header, value in (pair for event in events for pair in _pairs(event.headers)):
        known.note(header, value)
    return [replace(event, headers=_headers(event.headers, known)) for event in events]


def _pairs(headers: Headers) -> Iterable[tuple[str, str]]:
    for header, value in headers.items():
        for one in value if isinstance(value, list) else (value,):
            yield header, one


def _headers(headers: Headers, known: _Replacements) -> Headers:
    return {
        header: [known.apply(header, one) for one in value]
        if isinstance(value, list)
        else known.apply(header, value)
        for header, value in headers.items()
    }
