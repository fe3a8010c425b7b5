"""Which side of the switchboard a channel is on, read from its name and what is configured.

A channel is called `TECH/resource-serial` (`PJSIP/1001-0000002a`, `Local/200@ctx-00000001;2`,
`DAHDI/i1/5551234-3`). Its endpoint is the name without the serial.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Literal

Side = Literal["inside", "outside", "unknown"]

# Channels that Asterisk makes for its own book-keeping: no person is ever on them.
_BOOKKEEPING = frozenset(
    {
        "local",
        "announcer",
        "asyncgoto",
        "bridge",
        "cbann",
        "cbrec",
        "message",
        "mixmonitor",
        "multicastrtp",
        "parked",
        "recorder",
        "snoop",
        "surrogate",
        "unicastrtp",
    }
)
# `DAHDI/33-1` is port 33 of a card, whoever is connected there: no extension.
_PORTS = frozenset({"dahdi", "dongle", "khomp", "misdn", "zap"})
_SERIAL = re.compile(r"-[0-9a-f]{1,8}(?:;[12])?$", re.IGNORECASE)
_OUTSIDE_WORDS = re.compile(
    r"trunk|pstn|provider|carrier|gateway|\bgw|incoming|inbound|incall|extern|outside|\bdid\b|public"
    r"|isdn",
    re.IGNORECASE,
)
_INSIDE_WORDS = re.compile(
    r"internal|inside|agents?\b|operators?\b|phones?\b|users?\b|office|extens", re.IGNORECASE
)


@lru_cache(maxsize=8192)
def endpoint_of(channel: str) -> str:
    """`PJSIP/1001-0000002a` → `PJSIP/1001`."""
    return _SERIAL.sub("", channel)


@lru_cache(maxsize=8192)
def is_bookkeeping(channel: str) -> bool:
    """True for channels nobody speaks on (`Local/`, recorders, announcers, snoops…)."""
    return channel.partition("/")[0].lower() in _BOOKKEEPING


def is_local(channel: str) -> bool:
    return channel.startswith("Local/")


def local_other_half(channel: str) -> str:
    """The name of the other half of a Local channel, '' for any other channel."""
    if not is_local(channel) or channel[-2:] not in (";1", ";2"):
        return ""
    return channel[:-1] + ("2" if channel[-1] == "1" else "1")


@dataclass(frozen=True, slots=True)
class Topology:
    """What is known of a PBX. Endpoint patterns are shell-style (`PJSIP/trunk*`).

    With nothing configured (a replayed file) sides are judged by name, number and context.
    """

    trunks: tuple[str, ...] = ()
    operators: frozenset[str] = frozenset()
    internal_numbers: str = r"[1-9]\d{1,5}"
    _internal: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_internal", re.compile(self.internal_numbers))

    def is_internal_number(self, number: str) -> bool:
        return bool(number) and self._internal.fullmatch(number) is not None

    def side(self, channel: str, number: str, context: str) -> Side:
        endpoint = endpoint_of(channel)
        if any(fnmatchcase(endpoint, pattern) for pattern in self.trunks):
            return "outside"
        if endpoint in self.operators:
            return "inside"
        return self._side_by_name(endpoint, number, context)

    def _side_by_name(self, endpoint: str, number: str, context: str) -> Side:
        technology, _, resource = endpoint.partition("/")
        if technology.lower() not in _PORTS and self.is_internal_number(resource):
            return "inside"
        if _OUTSIDE_WORDS.search(resource) or _OUTSIDE_WORDS.search(context):
            return "outside"
        if _INSIDE_WORDS.search(context):
            return "inside"
        if self.is_internal_number(number):
            return "inside"
        return "outside" if sum(c.isdigit() for c in number) >= 7 else "unknown"
