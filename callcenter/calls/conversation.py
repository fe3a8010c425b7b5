"""Who spoke with whom, and when: computed from bridges, the only witness that never lies.

Two people speak while they are in the same mixing bridge, or in bridges that a pair of Local
halves joins (a queue member `Local/…/n` stays in the path for the whole call).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from callcenter.calls.facts import ChannelFacts

Interval = tuple[float, float]


def conversations(channels: Mapping[str, ChannelFacts], until: float) -> dict[str, list[Interval]]:
    """Per person (uniqueid) the intervals in which somebody else was on the line.

    `until` closes intervals that have no known end.
    """
    moves = _moves(channels.values())
    spoken: dict[str, list[Interval]] = defaultdict(list)
    where: dict[str, str] = {}
    previous = 0.0
    for instant, _, uniqueid, bridge in moves:
        if instant > previous:
            for person in _together(channels, where):
                _extend(spoken[person], previous, instant)
        if bridge:
            where[uniqueid] = bridge
        else:
            where.pop(uniqueid, None)
        previous = instant
    # Who is together now speaks since `previous`, be it only for this instant.
    for person in _together(channels, where):
        _extend(spoken[person], previous, max(previous, until))
    return dict(spoken)


def company(channels: Mapping[str, ChannelFacts], uniqueid: str) -> list[ChannelFacts]:
    """The people who share a conversation with this channel now, itself included if a person."""
    where = {
        channel.uniqueid: channel.visits[-1].bridge
        for channel in channels.values()
        if channel.visits and _is_inside(channel)
    }
    groups = _groups(channels, where)
    mine = groups.get(where.get(uniqueid, ""), frozenset())
    return [channels[key] for key in mine]


def _is_inside(channel: ChannelFacts) -> bool:
    visit = channel.visits[-1]
    return visit.joins and visit.left is None and channel.hung_up is None


def _moves(channels: Iterable[ChannelFacts]) -> list[tuple[float, int, str, str]]:
    """(instant, leave before enter, uniqueid, bridge or '' when leaving), in order.

    A visit that is not over has no leave.
    """
    moves: list[tuple[float, int, str, str]] = []
    for channel in channels:
        end_of_channel = channel.hung_up
        visits = sorted(channel.visits, key=lambda v: v.entered if v.entered is not None else 0.0)
        for index, visit in enumerate(visits):
            if not visit.joins or visit.entered is None:
                continue
            left = visit.left
            if left is None:
                follower = visits[index + 1].entered if index + 1 < len(visits) else None
                left = follower if follower is not None else end_of_channel
            if left is None:
                moves.append((visit.entered, 1, channel.uniqueid, visit.bridge))
            elif left > visit.entered:
                moves.append((visit.entered, 1, channel.uniqueid, visit.bridge))
                moves.append((left, 0, channel.uniqueid, ""))
    moves.sort()
    return moves


def _together(channels: Mapping[str, ChannelFacts], where: Mapping[str, str]) -> set[str]:
    """People who are with at least one other person, given who is in which bridge."""
    if len(where) < 2:
        return set()
    together: set[str] = set()
    for group in _groups(channels, where).values():
        if len(group) > 1:
            together |= group
    return together


def _groups(
    channels: Mapping[str, ChannelFacts], where: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    """Bridge → the people in it and in every bridge that Local pairs join to it."""
    people: dict[str, set[str]] = defaultdict(set)
    joined: dict[str, str] = {bridge: bridge for bridge in where.values()}

    def root(bridge: str) -> str:
        while joined[bridge] != bridge:
            bridge = joined[bridge]
        return bridge

    for uniqueid, bridge in where.items():
        pair = channels[uniqueid].pair
        if pair in where:
            joined[root(bridge)] = root(where[pair])
    for uniqueid, bridge in where.items():
        if channels[uniqueid].is_person:
            people[root(bridge)].add(uniqueid)
    return {bridge: frozenset(people[root(bridge)]) for bridge in joined}


def _extend(intervals: list[Interval], start: float, end: float) -> None:
    if intervals and intervals[-1][1] >= start:
        intervals[-1] = (intervals[-1][0], end)
    else:
        intervals.append((start, end))


def total(intervals: Iterable[Interval]) -> float:
    return sum(end - start for start, end in intervals)


def subtract(intervals: Iterable[Interval], holes: Iterable[Interval]) -> float:
    """Seconds of `intervals` not covered by `holes` (both lists free of overlaps in themselves)."""
    holes = list(holes)
    if not holes:
        return total(intervals)
    covered = sum(
        max(0.0, min(end, h_end) - max(start, h_start))
        for start, end in intervals
        for h_start, h_end in holes
    )
    return max(0.0, total(intervals) - covered)


def union(intervals: Iterable[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
