"""Channels that a record names without their Uniqueid, looked up among the file's others.

Early Asterisk 13 told the other channels of a transfer or a pickup in the ledger by name alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from callcenter.calls.signals import ChannelSignal, Signal, Transferred

Item = Signal | str

_OTHERS = ("second", "transferee", "target")


def with_uniqueids(items: Sequence[Item]) -> Sequence[Item]:
    """Of several channels that bore a name one after another, the last to be seen before counts."""
    wanting = [at for at, item in enumerate(items) if isinstance(item, Transferred) and _lack(item)]
    if not wanting:
        return items
    made = [*items]
    for at in wanting:
        nearest = chain(reversed(items[:at]), items[at + 1 :])
        made[at] = _completed(items[at], nearest)
    return made


def _lack(signal: Transferred) -> list[str]:
    return [
        role
        for role in _OTHERS
        if getattr(signal, f"{role}_channel") and not getattr(signal, f"{role}_uniqueid")
    ]


def _completed(signal: Item, others: chain[Item]) -> Item:
    if not isinstance(signal, Transferred):
        return signal
    named = {getattr(signal, f"{role}_channel"): f"{role}_uniqueid" for role in _lack(signal)}
    found: dict[str, Any] = {}
    for other in others:
        if isinstance(other, ChannelSignal) and other.channel in named and other.pbx == signal.pbx:
            found.setdefault(named[other.channel], other.uniqueid)
    return replace(signal, **found)
