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
_WAITS = "waiting "
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
    (parked, or while the others consult somebody) is on hold too. `until` closes what has no known
    end.
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
            holding.discard(uniqueid)  # a hold stays behind in the bridge that it was pressed in
        elif where.get(uniqueid) == bridge:
            del where[uniqueid]
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
    elsewhere = sum(1 for place in set(where.values()) if not _waits(place)) > 1
    for group, people in _groups(channels, where):
        stopped = not on_hold.isdisjoint(group)
        for person in people:
            part = found.get(person)
            if len(people) > 1:
                part = found[person]
                _extend(part.held if stopped else part.talk, *span)
            elif part is not None and part.talk and (elsewhere or _waits(where[person])):
                _extend(part.held, *span)


def _waits(place: str) -> bool:
    return place.startswith(_WAITS)


def company(channels: Mapping[str, ChannelFacts], uniqueid: str) -> list[ChannelFacts]:
    """The people who share a conversation with this channel now, itself included if a person."""
    where = {one: place for one, channel in channels.items() if (place := _place(channel))}
    mine = where.get(uniqueid)
    for bridges, people in _groups(channels, where):
        if mine in bridges:
            return [channels[key] for key in people]
    return []


def _place(channel: ChannelFacts) -> str:
    """The mixing bridge that it is in now."""
    if channel.hung_up is not None or not channel.stays:
        return ""
    last = channel.visits()[-1:]
    return last[0].bridge if last and last[0].joins and last[0].left is None else ""


def _moves(channels: Iterable[ChannelFacts], until: float) -> list[tuple[float, int, str, str]]:
    """(instant, kind, uniqueid, bridge), in order; at one instant leaving comes before entering.

    A visit that is not over has no end.
    """
    moves: list[tuple[float, int, str, str]] = []
    for channel in channels:
        moves += _visits(channel)
        end = channel.hung_up if channel.hung_up is not None else until
        # Whoever holds, and whoever hears the music: two sources may tell of one hold.
        for start, stop in union((*channel.hold.spans(end), *channel.music.spans(end))):
            moves.append((start, _HOLDS, channel.uniqueid, ""))
            moves.append((stop, _UNHOLDS, channel.uniqueid, ""))
    moves.sort()
    return moves


def _visits(channel: ChannelFacts) -> Iterable[tuple[float, int, str, str]]:
    for visit in channel.visits():
        # In a holding bridge everybody is alone.
        place = visit.bridge if visit.joins else f"{_WAITS}{channel.uniqueid}"
        left = visit.left
        if left is None or left > visit.entered:
            yield visit.entered, _ENTERS, channel.uniqueid, place
        if left is not None and left > visit.entered:
            yield left, _LEAVES, channel.uniqueid, place


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
