"""Manager events of Asterisk 1.8 to 11 in the words of later ones, for the reader of files alone.

No PBX of that age is listened to, but their logs are kept. What they told otherwise: one `Dial`
for begin and end, `Bridge` and `Unlink` for two channels at a time, queues by `Join` and `Leave`,
and no thread (Linkedid) at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from ami.recording_events import AnyCase, EventDict

_COMMON = ("Timestamp", "SystemName")


class OldEvents:
    """Holds what an old event leaves out: which dials are open, who has lifted."""

    def __init__(self) -> None:
        self._dialled: dict[str, dict[str, str]] = defaultdict(dict)
        self._up: set[str] = set()

    def modern(self, items: Iterable[EventDict | str]) -> Iterator[EventDict | str]:
        for item in items:
            told = _TOLD.get(str(item.get("Event", ""))) if isinstance(item, dict) else None
            if told is None or isinstance(item, str):
                yield item
                continue
            event = AnyCase(item)
            common = {name: value for name in _COMMON if (value := event.text(name))}
            for one in told(self, event) or (item,):
                yield one if one is item else {**common, **one}

    def _newstate(self, event: AnyCase) -> list[EventDict]:
        if event.text("ChannelState") == "6":
            self._up.add(event.text("Uniqueid"))
        return []

    def _dial(self, event: AnyCase) -> list[EventDict]:
        caller = event.text("UniqueID")
        dialled = self._dialled[caller]
        if event.text("SubEvent") == "End":
            status = event.text("DialStatus")
            ends = [self._end(event, caller, one, status) for one in dialled]
            dialled.clear()
            return ends
        one, name = event.text("DestUniqueID"), event.text("Destination")
        dialled[one] = name
        return [
            {
                "Event": "DialBegin",
                **_party("", event.text("Channel"), caller),
                **_party("Dest", name, one),
                "DialString": event.text("Dialstring"),
            }
        ]

    def _end(self, event: AnyCase, caller: str, one: str, status: str) -> EventDict:
        if status == "ANSWER" and one not in self._up:
            status = "CANCEL"
        return {
            "Event": "DialEnd",
            **_party("", event.text("Channel"), caller),
            **_party("Dest", self._dialled[caller].get(one, ""), one),
            "DialStatus": status,
        }

    def _bridge(self, event: AnyCase) -> list[EventDict]:
        """The end of a dial is told after the conversation: the link says when it was answered."""
        if event.text("Event") == "Bridge" and event.text("Bridgestate") != "Link":
            return []
        name = "BridgeLeave" if event.text("Event") == "Unlink" else "BridgeEnter"
        both = sorted((event.text("Uniqueid1"), event.text("Uniqueid2")))
        bridge = {"Event": name, "BridgeUniqueid": " ".join(["link", *both])}
        made = [{**bridge, **_numbered(event, number)} for number in ("1", "2")]
        caller, one = event.text("Uniqueid1"), event.text("Uniqueid2")
        if name == "BridgeEnter" and one in self._dialled[caller]:
            answered = self._end(event, caller, one, "ANSWER")
            answered.update(_party("", event.text("Channel1"), caller), DialStatus="ANSWER")
            self._dialled[caller].pop(one)
            return [answered, *made]
        return made

    def _local(self, event: AnyCase) -> list[EventDict]:
        if not event.text("Uniqueid1"):
            return []
        one = _party("LocalOne", event.text("Channel1"), event.text("Uniqueid1"))
        two = _party("LocalTwo", event.text("Channel2"), event.text("Uniqueid2"))
        return [{"Event": "LocalBridge", **one, **two}]

    def _queue(self, event: AnyCase) -> list[EventDict]:
        name = {"Join": "QueueCallerJoin", "Leave": "QueueCallerLeave"}[event.text("Event")]
        return [{**event, "event": name}] if event.text("Queue") else []

    def _connect(self, event: AnyCase) -> list[EventDict]:
        """`Channel` was the member's here, and `BridgedChannel` its Uniqueid."""
        member = event.text("BridgedChannel")
        if not member:
            return []
        dest = _party("Dest", event.text("Channel"), member)
        return [{**event, **{key.lower(): value for key, value in dest.items()}, "channel": ""}]

    def _hold(self, event: AnyCase) -> list[EventDict]:
        status = event.text("Status")
        return [{**event, "event": "Hold" if status == "On" else "Unhold"}] if status else []

    def _transfer(self, event: AnyCase) -> list[EventDict]:
        by = (event.text("Channel"), event.text("Uniqueid"))
        other = (event.text("TargetChannel"), event.text("TargetUniqueid"))
        if event.text("TransferType") == "Blind":
            told = {"Event": "BlindTransfer", "Extension": event.text("TransferExten")}
            return [{**told, **_party("Transferer", *by), **_party("Transferee", *other)}]
        told = {"Event": "AttendedTransfer", "DestType": "Bridge"}
        return [{**told, **_party("OrigTransferer", *by), **_party("TransferTarget", *other)}]

    def _conference(self, event: AnyCase) -> list[EventDict]:
        if event.text("BridgeUniqueid") or not event.text("Conference"):
            return []
        name = "BridgeEnter" if event.text("Event") == "ConfbridgeJoin" else "BridgeLeave"
        bridge = {"bridgeuniqueid": f"room {event.text('Conference')}"}
        return [{**event, **bridge, "event": name, "bridgetechnology": "softmix"}]


def _party(role: str, channel: str, uniqueid: str) -> EventDict:
    return {role + "Channel": channel, role + "Uniqueid": uniqueid}


def _numbered(event: AnyCase, number: str) -> EventDict:
    return _party("", event.text("Channel" + number), event.text("Uniqueid" + number))


_TOLD: dict[str, Callable[[OldEvents, AnyCase], list[EventDict]]] = {
    "Newstate": OldEvents._newstate,
    "Dial": OldEvents._dial,
    "Bridge": OldEvents._bridge,
    "Unlink": OldEvents._bridge,
    "LocalBridge": OldEvents._local,
    "Join": OldEvents._queue,
    "Leave": OldEvents._queue,
    "AgentConnect": OldEvents._connect,
    "Hold": OldEvents._hold,
    "Transfer": OldEvents._transfer,
    "ConfbridgeJoin": OldEvents._conference,
    "ConfbridgeLeave": OldEvents._conference,
}
