"""What exists on the simulated PBX now, read off the events it has played. Book-keeping only.

The answers to CoreShowChannels, BridgeList, QueueStatus and ParkedCalls come from here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

Headers = Mapping[str, str]

_CHANNEL_HEADERS = [
    "Channel",
    "ChannelState",
    "ChannelStateDesc",
    "CallerIDNum",
    "CallerIDName",
    "ConnectedLineNum",
    "ConnectedLineName",
    "Language",
    "AccountCode",
    "Context",
    "Exten",
    "Priority",
    "Uniqueid",
    "Linkedid",
]
_UNPARKED = frozenset({"UnParkedCall", "ParkedCallGiveUp", "ParkedCallTimeOut"})
OF_INTEREST = frozenset(
    [
        "Newchannel",
        "Newstate",
        "NewCallerid",
        "Rename",
        "Hangup",
        "BridgeCreate",
        "BridgeDestroy",
        "BridgeEnter",
        "BridgeLeave",
        "BridgeMerge",
        "QueueCallerJoin",
        "QueueCallerLeave",
        "ParkedCall",
        "ParkedCallSwap",
        "DialBegin",
        "AgentConnect",
        "UnParkedCall",
        "ParkedCallGiveUp",
        "ParkedCallTimeOut",
    ]
)


@dataclass
class Channel:
    headers: dict[str, str]
    since: float
    bridge: str = ""


@dataclass
class Waiting:
    """A caller in a queue."""

    headers: Headers
    since: float


@dataclass
class LiveState:
    channels: dict[str, Channel] = field(default_factory=dict)
    bridges: dict[str, Headers] = field(default_factory=dict)
    queues: dict[str, dict[str, Waiting]] = field(default_factory=lambda: defaultdict(dict))
    parked: dict[str, Headers] = field(default_factory=dict)
    calls_seen: int = 0

    def apply(self, headers: Headers, at: float) -> None:
        event, uniqueid = headers["Event"], headers.get("Uniqueid", "")
        if event == "Newchannel":
            self.calls_seen += uniqueid == headers.get("Linkedid")
            self.channels[uniqueid] = Channel({}, at)
        if event == "Hangup":
            self._forget(uniqueid)
        elif event.startswith("Bridge"):
            self._bridge(event, headers, uniqueid)
        elif event == "QueueCallerJoin":
            self.queues[headers.get("Queue", "")][uniqueid] = Waiting(headers, at)
        elif event == "QueueCallerLeave":
            self.queues[headers.get("Queue", "")].pop(uniqueid, None)
        elif event == "ParkedCall":
            self.parked[headers.get("ParkeeUniqueid", "")] = headers
        elif event in _UNPARKED:
            self.parked.pop(headers.get("ParkeeUniqueid", ""), None)
        self._note_channel(headers)

    def devices_in_use(self) -> frozenset[str]:
        """`PJSIP/1001` of the channel PJSIP/1001-0000002a."""
        names = (channel.headers.get("Channel", "") for channel in self.channels.values())
        return frozenset(name.rpartition("-")[0] for name in names)

    def _note_channel(self, headers: Headers) -> None:
        channel = self.channels.get(headers.get("Uniqueid", ""))
        if channel is not None:
            present = {key: headers[key] for key in _CHANNEL_HEADERS if key in headers}
            channel.headers.update(present)
            if headers["Event"] == "Rename":
                channel.headers["Channel"] = headers.get("Newname", "")

    def _bridge(self, event: str, headers: Headers, uniqueid: str) -> None:
        bridge = headers.get("BridgeUniqueid", "")
        if event == "BridgeMerge":  # names two bridges; their people move one by one
            return
        own = {key: value for key, value in headers.items() if key.startswith("Bridge")}
        if event == "BridgeDestroy" or _is_empty_lot(own):
            self.bridges.pop(bridge, None)
        else:
            self.bridges[bridge] = own
        channel = self.channels.get(uniqueid)
        if channel is not None:
            channel.bridge = bridge if event == "BridgeEnter" else ""

    def _forget(self, uniqueid: str) -> None:
        self.channels.pop(uniqueid, None)
        self.parked.pop(uniqueid, None)
        for waiting in self.queues.values():
            waiting.pop(uniqueid, None)


def _is_empty_lot(bridge: Headers) -> bool:
    """Asterisk keeps it for the next guest; here it goes with the last one."""
    return bridge.get("BridgeType") == "parking" and bridge.get("BridgeNumChannels") == "0"
