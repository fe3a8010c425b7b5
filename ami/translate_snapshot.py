"""From the answers to snapshot actions to signals. Pure; with `translate`, knows header names.

A channel found alive tells when it was made (`Duration`), but not since when it rings or speaks:
so its existence is dated back, and its phase is dated now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from ami.headers import Event
from ami.translate import translate
from callcenter.calls import signals as s

HOLDING = "holding_bridge"
CONFERENCE = "softmix"
_DURATION = re.compile(r"(\d+):(\d\d):(\d\d)")


def bridge_technologies(items: Iterable[Event]) -> dict[str, str]:
    """BridgeList items: bridge id → technology."""
    return {
        _text(item, "BridgeUniqueid"): _text(item, "BridgeTechnology")
        for item in items
        if item.get("Event") == "BridgeListItem"
    }


def translate_channel(
    item: Event, pbx: str, now: datetime, technologies: Mapping[str, str]
) -> tuple[s.Signal, ...]:
    """One CoreShowChannel item."""
    uniqueid = _text(item, "Uniqueid")
    if item.get("Event") != "CoreShowChannel" or not uniqueid:
        return ()
    seen = _as_seen(item, pbx, now)
    if seen is None:
        return ()
    base: dict[str, Any] = {
        "pbx": pbx,
        "at": now,
        "source": "resync",
        "uniqueid": uniqueid,
        "channel": seen.channel,
        "linkedid": seen.linkedid,
    }
    phase = s.ChannelPhaseChanged(**base, phase=seen.phase, number=seen.number, name=seen.name)
    bridge = _text(item, "BridgeId")
    first = _back_to_its_beginning(seen, item, now)
    if not bridge:
        return first, phase
    technology = technologies.get(bridge, "")
    entered = s.BridgeEntered(
        **base,
        bridge=bridge,
        holding=technology.startswith(HOLDING),
        conference=technology.startswith(CONFERENCE),
    )
    return first, phase, entered


def translate_spies(items: Sequence[Event], pbx: str, now: datetime) -> tuple[s.Signal, ...]:
    """CoreShowChannel items: who listens to whom. ChanSpy was told a channel, or how its name
    begins; one that fits several says nothing."""
    names = {_text(item, "Channel"): _text(item, "Uniqueid") for item in items}
    found = []
    for item in items:
        if _text(item, "Application").lower() != "chanspy":
            continue
        wanted = _text(item, "ApplicationData").partition(",")[0]
        spied = [uniqueid for name, uniqueid in names.items() if wanted and name.startswith(wanted)]
        if len(spied) == 1:
            started = s.SpyStarted(
                pbx=pbx,
                at=now,
                source="resync",
                uniqueid=_text(item, "Uniqueid"),
                channel=_text(item, "Channel"),
                linkedid=_text(item, "Linkedid"),
                spied_uniqueid=spied[0],
            )
            found.append(started)
    return tuple(found)


def translate_queue_entry(item: Event, pbx: str, now: datetime) -> tuple[s.Signal, ...]:
    """One QueueEntry item: a caller who waits now."""
    if item.get("Event") != "QueueEntry" or not _text(item, "Uniqueid"):
        return ()
    wait, position = _text(item, "Wait"), _text(item, "Position")
    waited = timedelta(seconds=int(wait)) if wait.isdecimal() else timedelta()
    joined = s.QueueJoined(
        pbx=pbx,
        at=now - waited,
        source="resync",
        uniqueid=_text(item, "Uniqueid"),
        channel=_text(item, "Channel"),
        queue=_text(item, "Queue"),
        position=int(position) if position.isdecimal() else None,
    )
    return (joined,)


def parked_uniqueids(items: Iterable[Event]) -> frozenset[str]:
    """ParkedCall items: they sit in a holding bridge, and exist."""
    found = {_text(item, "ParkeeUniqueid") for item in items if item.get("Event") == "ParkedCall"}
    return frozenset(found - {""})


def asterisk_version(answer: Event) -> str:
    """From CoreSettings, such as `22.10.1~dfsg+~cs6.15.60671435-1` → `22.10.1`."""
    found = re.search(r"\d+\.\d+(?:\.\d+)?", _text(answer, "AsteriskVersion"))
    return found.group() if found else ""


def system_name(answer: Event) -> str:
    """From CoreSettings; '' where the PBX has none."""
    return _text(answer, "SystemName")


def _as_seen(item: Event, pbx: str, now: datetime) -> s.ChannelSeen | None:
    """Its headers are those of Newchannel."""
    signal = translate({**item, "Event": "Newchannel", "Timestamp": str(now.timestamp())}, pbx)
    return signal if isinstance(signal, s.ChannelSeen) else None


def _back_to_its_beginning(seen: s.ChannelSeen, item: Event, now: datetime) -> s.ChannelSeen:
    return s.ChannelSeen(
        pbx=seen.pbx,
        at=now - _duration(_text(item, "Duration")),
        source="resync",
        uniqueid=seen.uniqueid,
        channel=seen.channel,
        linkedid=seen.linkedid,
        phase="down",
        number=seen.number,
        name=seen.name,
        exten=seen.exten,
        context=seen.context,
        created=False,
    )


def _duration(text: str) -> timedelta:
    match = _DURATION.fullmatch(text)
    if match is None:
        return timedelta()
    hours, minutes, seconds = (int(part) for part in match.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _text(item: Event, name: str) -> str:
    value = item.get(name, "")
    return value if isinstance(value, str) else value[-1]
