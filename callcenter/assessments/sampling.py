"""Which contacts are assessed: drawn by lot, the same number for each operator.

Anybody who knows the seed and the contacts draws the same again: the lot is SHA-256, no library's
generator. For each operator the contacts lie in a row by queue and hour, within an hour in the
order of their lots; from a random place on, every (N/n)th is taken (systematic sampling, Cochran,
Sampling Techniques, chapter 8). So each contact has the chance n/N exactly, and each queue and hour
gets its share, up to one contact more or less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from callcenter.assessments.card import CHANNELS

MOST_EACH: Final = 20
_DIRECTIONS: Final = ("", "inbound", "outbound")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What fits. `per_operator` a week; lengths in seconds of talk, for calls alone (0 as longest:
    any); `direction` '' for both; no queue or channel named: all of them."""

    per_operator: int = 3
    min_seconds: int = 60
    max_seconds: int = 0
    direction: str = ""
    queues: tuple[str, ...] = ()
    channels: tuple[str, ...] = ("call",)

    def problem(self) -> str:
        """The field that cannot be meant so; '' where all can."""
        if not 1 <= self.per_operator <= MOST_EACH:
            return "per_operator"
        if self.min_seconds < 0:
            return "min_seconds"
        if self.max_seconds < 0 or 0 < self.max_seconds <= self.min_seconds:
            return "max_seconds"
        if self.direction not in _DIRECTIONS:
            return "direction"
        return "channels" if not self.channels or set(self.channels) - set(CHANNELS) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One that could be drawn. `talk_seconds` of a call; `assessed`: by this card, or drawn for it
    already."""

    interaction_id: int
    operator_id: int
    channel: str
    direction: str
    queue: str
    at: datetime
    talk_seconds: float = 0.0
    assessed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    interaction_id: int
    operator_id: int
    queue: str
    hour: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """`fitting`: operator → contacts that could have been drawn. Who has too few gets what there
    is, and nothing is missing from them: `short` names them for whoever plans the week."""

    items: tuple[Item, ...]
    fitting: Mapping[int, int] = field(default_factory=dict)
    short: Mapping[int, int] = field(default_factory=dict)


def fits(contact: Contact, rules: Rules, sampler_id: int | None = None) -> bool:
    """Nobody draws what they did themselves."""
    if contact.assessed or contact.operator_id == sampler_id:
        return False
    if contact.channel not in rules.channels:
        return False
    if rules.queues and contact.queue not in rules.queues:
        return False
    if rules.direction and contact.direction != rules.direction:
        return False
    return contact.channel != "call" or _is_long_enough(contact.talk_seconds, rules)


def draw(
    contacts: Iterable[Contact],
    rules: Rules,
    seed: str,
    *,
    zone: ZoneInfo,
    operators: Iterable[int] = (),
    had: Mapping[int, int] | None = None,
    sampler_id: int | None = None,
) -> Drawn:
    """`operators`: everybody who is to be assessed, with contacts or without. `had`: how many were
    drawn for them this week already, which count."""
    by_operator: dict[int, dict[int, Contact]] = defaultdict(dict)
    for one in contacts:
        if fits(one, rules, sampler_id):
            by_operator[one.operator_id][one.interaction_id] = one
    items: list[Item] = []
    fitting, short = {}, {}
    for operator in sorted({*operators, *by_operator} - {sampler_id}):
        row = _row(by_operator[operator].values(), seed, zone)
        wanted = max(rules.per_operator - (had or {}).get(operator, 0), 0)
        taken = _taken(row, wanted, f"{seed}/{operator}")
        items += taken
        fitting[operator] = len(row)
        if len(taken) < wanted:
            short[operator] = wanted - len(taken)
    return Drawn(items=tuple(items), fitting=fitting, short=short)


def _taken(row: list[Item], wanted: int, lot: str) -> list[Item]:
    size, wanted = len(row), min(wanted, len(row))
    if not wanted:
        return []
    return [row[one] for one in places(size, wanted, start=_lot(lot) % size)]


def places(size: int, wanted: int, *, start: int) -> list[int]:
    """Which of `size` contacts in a row are taken, in whole numbers: of size · wanted places each
    contact holds `wanted`, and every size-th is met from `start` (0 to size - 1) on. Over all
    starts each contact is met `wanted` times: its chance is wanted/size, whoever comes beside it.
    """
    return [(start + turn * size) // wanted for turn in range(wanted)]


def _row(contacts: Iterable[Contact], seed: str, zone: ZoneInfo) -> list[Item]:
    def place(one: Contact) -> tuple[str, int, int]:
        return one.queue, _hour(one, zone), _lot(f"{seed}:{one.interaction_id}")

    return [
        Item(
            interaction_id=one.interaction_id,
            operator_id=one.operator_id,
            queue=one.queue,
            hour=_hour(one, zone),
        )
        for one in sorted(contacts, key=place)
    ]


def _hour(contact: Contact, zone: ZoneInfo) -> int:
    return contact.at.astimezone(zone).hour


def _lot(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest(), "big")


def _is_long_enough(seconds: float, rules: Rules) -> bool:
    return seconds >= rules.min_seconds and (not rules.max_seconds or seconds <= rules.max_seconds)


def rules_to_json(rules: Rules) -> dict[str, Any]:
    told = {name: getattr(rules, name) for name in rules.__slots__}
    return told | {"queues": list(rules.queues), "channels": list(rules.channels)}


def rules_from_json(document: Mapping[str, Any]) -> Rules:
    told = {name: document[name] for name in Rules.__slots__ if name in document}
    for name in ("queues", "channels"):
        told[name] = tuple(told.get(name) or ())
    return Rules(**told)
