"""Who spoke with whom, and when: computed from bridges, the only witness that never lies.

Two people speak while they are in the same mixing bridge, or in bridges that a pair of Local
halves joins (a queue member `Local/…/n` stays in the path for the whole call).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from callcenter.calls.facts import ChannelFacts

Interval = tuple[float, float]
_LEAVES, _UNHOLDS, _ENTERS, _HOLDS = range(4)


@dataclass(slots=True)
class Conversation:
    """One person's part: when somebody could hear them, and when the line stood on hold."""

    talk: list[Interval] = field(default_factory=list)
    held: list[Interval] = field(default_factory=list)

    @property
    def start(self) -> float:
        return min(spans[0][0] for spans in (self.talk, self.held) if spans)

    @property
    def end(self) -> float:
        return max(spans[-1][1] for spans in (self.talk, self.held) if spans)


def conversations(channels: Mapping[str, ChannelFacts], until: float) -> dict[str, Conversation]:
    """Per person (uniqueid) their conversation, for those who had company at all.

    A hold stops the conversation of everybody in the bridges of whoever pressed it, and of nobody
    else: a second call of the same person goes on. Who waits alone in a bridge after having spoken
    (the others consult somebody) is on hold too. `until` closes what has no known end.
    """
    found: dict[str, Conversation] = defaultdict(Conversation)
    where: dict[str, str] = {}
    holding: set[str] = set()
    previous = 0.0
    for instant, kind, uniqueid, bridge in _moves(channels.values(), until):
        if instant > previous:
            _spend(found, channels, where, holding, (previous, instant))
        if kind == _HOLDS:
            holding.add(uniqueid)
        elif kind == _UNHOLDS:
            holding.discard(uniqueid)
        elif kind == _ENTERS:
            where[uniqueid] = bridge
        else:
            where.pop(uniqueid, None)
        previous = instant
    # Who is together now speaks since `previous`, be it only for this instant.
    _spend(found, channels, where, holding, (previous, max(previous, until)))
    return {one: part for one, part in found.items() if part.talk}


def _spend(
    found: dict[str, Conversation],
    channels: Mapping[str, ChannelFacts],
    where: Mapping[str, str],
    holding: Collection[str],
    span: Interval,
) -> None:
    """Note the time `span`, in which nobody moved."""
    on_hold = {where[one] for one in holding if one in where}
    for group, people in _groups(channels, where):
        stopped = not on_hold.isdisjoint(group)
        for person in people:
            part = found.get(person)
            if len(people) > 1:
                part = found[person]
                _extend(part.held if stopped else part.talk, *span)
            elif part is not None and part.talk and len(where) > 1:
                _extend(part.held, *span)


def company(channels: Mapping[str, ChannelFacts], uniqueid: str) -> list[ChannelFacts]:
    """The people who share a conversation with this channel now, itself included if a person."""
    where = {
        channel.uniqueid: channel.visits[-1].bridge
        for channel in channels.values()
        if channel.visits and _is_inside(channel)
    }
    mine = where.get(uniqueid)
    for bridges, people in _groups(channels, where):
        if mine in bridges:
            return [channels[key] for key in people]
    return []


def _is_inside(channel: ChannelFacts) -> bool:
    visit = channel.visits[-1]
    return visit.joins and visit.left is None and channel.hung_up is None


def _moves(channels: Iterable[ChannelFacts], until: float) -> list[tuple[float, int, str, str]]:
    """(instant, kind, uniqueid, bridge), in order; at one instant leaving comes before entering.

    A visit or a hold that is not over has no end.
    """
    moves: list[tuple[float, int, str, str]] = []
    for channel in channels:
        moves += _visits(channel)
        for span in channel.holds:
            if span.start is not None:
                moves.append((span.start, _HOLDS, channel.uniqueid, ""))
                end = span.end if span.end is not None else channel.hung_up
                if end is not None and end <= until:
                    moves.append((max(end, span.start), _UNHOLDS, channel.uniqueid, ""))
    moves.sort()
    return moves


def _visits(channel: ChannelFacts) -> Iterable[tuple[float, int, str, str]]:
    visits = sorted(channel.visits, key=lambda v: v.entered if v.entered is not None else 0.0)
    for index, visit in enumerate(visits):
        if not visit.joins or visit.entered is None:
            continue
        left = visit.left
        if left is None:
            follower = visits[index + 1].entered if index + 1 < len(visits) else None
            left = follower if follower is not None else channel.hung_up
        if left is None or left > visit.entered:
            yield visit.entered, _ENTERS, channel.uniqueid, visit.bridge
        if left is not None and left > visit.entered:
            yield left, _LEAVES, channel.uniqueid, ""


def _groups(
    channels: Mapping[str, ChannelFacts], where: Mapping[str, str]
) -> list[tuple[set[str], list[str]]]:
    """Bridges that Local pairs join into one, and the people in them."""
    joined: dict[str, str] = {bridge: bridge for bridge in where.values()}

    def root(bridge: str) -> str:
        while joined[bridge] != bridge:
            bridge = joined[bridge]
        return bridge

    for uniqueid, bridge in where.items():
        pair = channels[uniqueid].pair
        if pair in where:
            joined[root(bridge)] = root(where[pair])
    groups: dict[str, tuple[set[str], list[str]]] = {}
    for bridge in joined:
        groups.setdefault(root(bridge), (set(), []))[0].add(bridge)
    for uniqueid, bridge in where.items():
        if channels[uniqueid].is_person:
            groups[root(bridge)][1].append(uniqueid)
    return list(groups.values())


def _extend(intervals: list[Interval], start: float, end: float) -> None:
    if intervals and intervals[-1][1] >= start:
        intervals[-1] = (intervals[-1][0], end)
    else:
        intervals.append((start, end))


def total(intervals: Iterable[Interval]) -> float:
    return sum(end - start for start, end in intervals)


def union(intervals: Iterable[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
