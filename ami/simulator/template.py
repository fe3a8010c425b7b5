"""What varies in a recording: ids, numbers, names, operators, times. Pure.

A message becomes literal text with slots between. A slot is a kind and a place in the order of
first appearance, so that two recordings that begin alike have the same slots at their beginning.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

Headers = Mapping[str, str]
Slot = tuple[str, int]
Piece = str | Slot
Pieces = tuple[Piece, ...]

WHEN: Final[Slot] = ("when", 0)
SYSTEM: Final[Slot] = ("system", 0)
VARIABLE: Final[Slot] = ("variable", 0)
VALUE: Final[Slot] = ("value", 0)

HIDDEN = frozenset({"", "anonymous", "unknown", "<unknown>"})
"""What stands in the place of a number that is not shown."""

_CHANNEL = re.compile(r"(?P<base>[A-Za-z0-9]+/.+)-(?P<serial>[0-9a-f]{8})(?:;[12])?")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
UNIQUEID = re.compile(r"(?:[\w-]+-)?\d{9,}\.\d+")
_OUTSIDE = re.compile(r"\+?\d{7,}")
_OPERATOR = re.compile(r"PJSIP/(?:web)?(\d{2,6})")
_BEFORE_EXTENSION = "|".join(
    f"(?<={text})"
    for text in (
        "/",
        "/web",
        "(?:Num|ten): ",
        "Extension: ",
        r"PEERNUMBER\nValue: ",
        r"CRM_FORWARD\nValue: ",
    )
)


@dataclass
class Vocabulary:
    """The varying texts of one recording and the slot each of them is."""

    slots: dict[str, Slot] = field(default_factory=dict)
    bases: dict[Slot, str] = field(default_factory=dict)
    """Of a channel's slot: its recorded name without the serial."""
    system: str = ""
    numbers: dict[str, int] = field(default_factory=dict)
    """The parties outside, by number: who calls in, or who is called by an operator."""
    names: dict[str, int] = field(default_factory=dict)
    extensions: dict[str, int] = field(default_factory=dict)
    """Operators by extension, in order of appearance."""
    operator_names: dict[str, int] = field(default_factory=dict)

    def learn(self, headers: Headers) -> None:
        """Take note of the ids in one message."""
        self.system = self.system or headers.get("SystemName", "")
        for key, value in headers.items():
            if key.lower().endswith(("uniqueid", "linkedid")) and UNIQUEID.fullmatch(value):
                self._add("uniqueid", value)
            self._learn_channel(value)
            for uuid in _UUID.findall(value):
                self._add("uuid", uuid)
        if headers.get("Variable", "").endswith("CALLID") and headers.get("Value"):
            self._add("callid", headers["Value"])
        self._learn_operator(headers)

    def learn_outsider(self, first_channel: Headers) -> None:
        """From the first channel of a call; every message has been learnt before."""
        number, name = first_channel.get("CallerIDNum", ""), first_channel.get("CallerIDName", "")
        if number in self.extensions:
            number, name = first_channel.get("Exten", ""), ""
            if not _OUTSIDE.fullmatch(number):  # a room, a parking place, a feature code
                return
        if number in HIDDEN or number in self.extensions:
            return
        index = self.numbers.setdefault(number, len(self.numbers))
        if name not in HIDDEN:
            self.names[name] = index

    def pattern(self) -> re.Pattern[str]:
        """Finds every varying text, the longest first."""
        known = sorted([*self.slots, *self.numbers, *self.names], key=len)
        # The condition stands before all words, not before each: it is tried at every sign.
        words = [rf"(?<![\w+])(?:{_any(reversed(known))})(?!\w)"]
        words.append(rf"(?<!\w)(?:{_any(self.operator_names)})(?!\w)")
        # An extension is a short number: only where a device or a party is named.
        words.append(rf"(?:{_BEFORE_EXTENSION})(?:{_any(self.extensions)})(?![\w+])")
        words.append(r"(?<=\nTimestamp: )\d+\.\d+")
        if self.system:
            words.append(rf"(?<=\nSystemName: ){re.escape(self.system)}(?=\n|$)")
        return re.compile("(" + "|".join(words) + ")")

    def cut(self, text: str, pattern: re.Pattern[str]) -> Pieces:
        """`text` (lines ended by a bare newline) as literals and slots."""
        parts = pattern.split(text)
        pieces = [self._slot(part) if index % 2 else part for index, part in enumerate(parts)]
        return tuple(piece for piece in pieces if piece)

    def _slot(self, found: str) -> Slot:
        for kind, known in (
            ("number", self.numbers),
            ("name", self.names),
            ("extension", self.extensions),
            ("operator", self.operator_names),
        ):
            if found in known:
                return (kind, known[found])
        return self.slots.get(found) or (SYSTEM if found == self.system else WHEN)

    def _add(self, kind: str, text: str) -> Slot:
        if text not in self.slots:
            self.slots[text] = (kind, sum(slot[0] == kind for slot in self.slots.values()))
        return self.slots[text]

    def _learn_channel(self, value: str) -> None:
        match = _CHANNEL.fullmatch(value)
        if match is None or _UUID.search(value):
            return
        slot = self._add("channel", f"{match['base']}-{match['serial']}")
        self.bases[slot] = match["base"]
        self._learn_extension(value)

    def _learn_operator(self, headers: Headers) -> None:
        interface = headers.get("Interface", "")
        index = self._learn_extension(interface)
        if index is not None and headers.get("MemberName"):
            self.operator_names.setdefault(headers["MemberName"], index)

    def _learn_extension(self, device: str) -> int | None:
        match = _OPERATOR.match(device)
        if match is None:
            return None
        return self.extensions.setdefault(match[1], len(self.extensions))


def _any(words: Iterable[str]) -> str:
    """Matches one of them, the first that fits; nothing where there are none."""
    return "|".join(map(re.escape, words)) or r"(?!)"


def parse(text: str) -> dict[str, str]:
    """Headers of one message whose lines end with a bare newline; the last of a repeated one."""
    lines = (line.partition(":") for line in text.split("\n"))
    return {key: value.removeprefix(" ") for key, colon, value in lines if colon}


def slots_of(texts: Iterable[Pieces], kinds: Collection[str]) -> frozenset[Slot]:
    return frozenset(
        piece for text in texts for piece in text if isinstance(piece, tuple) and piece[0] in kinds
    )
