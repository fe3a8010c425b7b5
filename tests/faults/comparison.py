"""The product's interactions against what really happened, call by call."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.faults.witness import TrueCall

COUNTED = ("missing", "twice", "wrong operator", "wrong result")
ALSO = (
    "wrong number",
    "wrong transfers",
    "joined with another",
    "invented",
    "still live",
    "records disagree",
)
SECONDS, DIALED = "seconds off", "other number dialled"
SHOWN = (SECONDS, DIALED)
"""Told, but no reason to fail."""
_SECOND = 1.0

_INTERACTIONS = (
    "SELECT i.id, i.call_id, i.direction, i.result, i.number, i.dialed, i.talk_seconds, "
    "i.wait_seconds, i.started_at, i.ended_at, c.live, c.record, u.extension AS operator "
    "FROM interactions i JOIN calls c ON c.id = i.call_id LEFT JOIN users u ON u.id = i.operator_id"
)
_CHANNELS = "SELECT uniqueid, call_id FROM call_channels"


@dataclass(frozen=True, slots=True)
class Difference:
    kind: str
    words: str
    call: TrueCall | None
    ours: tuple[Mapping[str, Any], ...] = ()


def ours_of(rows: Any) -> tuple[list[dict[str, Any]], dict[str, set[str]]]:
    """Interactions, and Uniqueid → calls, by a function that runs SQL."""
    channels: dict[str, set[str]] = defaultdict(set)
    for row in rows(_CHANNELS):
        channels[row["uniqueid"]].add(row["call_id"])
    return rows(_INTERACTIONS), channels


def compare(
    calls: Sequence[TrueCall],
    interactions: Sequence[Mapping[str, Any]],
    channels: Mapping[str, Collection[str]],
) -> list[Difference]:
    by_call: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for one in interactions:
        by_call[one["call_id"]].append(one)
    found: list[Difference] = []
    owners: dict[int, TrueCall] = {}
    for call in calls:
        ids = {call_id for uniqueid in call.uniqueids for call_id in channels.get(uniqueid, ())}
        mine = [one for call_id in sorted(ids) for one in by_call[call_id]]
        found += _check(call, mine)
        for one in mine:
            if owners.setdefault(one["id"], call) is not call:
                words = f"interaction {one['id']} holds {sorted(owners[one['id']].uniqueids)} too"
                found.append(Difference("joined with another", words, call, (one,)))
    strangers = [one for one in interactions if one["id"] not in owners]
    found += [Difference("invented", f"interaction {o['id']}", None, (o,)) for o in strangers]
    return found


def _check(call: TrueCall, mine: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
    ours = tuple(mine)
    if words := call.disagreement():
        yield Difference("records disagree", words, call, ours)
    if not mine:
        yield Difference("missing", "no interaction", call)
        return
    if len(mine) > 1:
        yield Difference("twice", f"{len(mine)} interactions", call, ours)
        return
    one = mine[0]
    if one["live"]:
        yield Difference("still live", "never ended", call, ours)
        return
    if one["result"] not in call.possible_results:
        wanted = " or ".join(sorted(call.possible_results))
        yield Difference("wrong result", f"{one['result']}, not {wanted}", call, ours)
    if (one["operator"] or "") != call.operator:
        words = f"{one['operator'] or 'nobody'}, not {call.operator or 'nobody'}"
        yield Difference("wrong operator", words, call, ours)
    if call.outside and one["number"] != call.outside:
        words = f"{one['number'] or 'none'}, not {call.outside}"
        yield Difference("wrong number", words, call, ours)
    if call.dialed and one["dialed"] != call.dialed:
        words = f"{one['dialed'] or 'none'}, not {call.dialed}"
        yield Difference(DIALED, words, call, ours)
    yield from _check_transfers(call, one)
    yield from _check_seconds(call, one)


def _check_transfers(call: TrueCall, one: Mapping[str, Any]) -> Iterator[Difference]:
    record = one["record"]
    told = (json.loads(record) if isinstance(record, str) else record)["transfers"]
    kinds = sorted(each["kind"] for each in told)
    if kinds != call.transfers:
        words = f"{kinds}, not {call.transfers}"
        yield Difference("wrong transfers", words, call, (one,))


def _check_seconds(call: TrueCall, one: Mapping[str, Any]) -> Iterator[Difference]:
    if call.died_at is not None or call.consulted:
        return
    for name, truth in (
        ("talk_seconds", call.talk_seconds),
        ("wait_seconds", call.wait_seconds),
    ):
        said = one[name]
        if truth is not None and (said is None or abs(said - truth) > _SECOND):
            words = f"{name} {said if said is None else round(said, 2)}, not {truth:.2f}"
            yield Difference(SECONDS, words, call, (one,))
