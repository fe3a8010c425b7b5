"""What the simulated manager answers to actions, from the plan and from what is under way. Pure.

In Asterisk 22's own words and header order. An action it has no answer for is an error, as on a
PBX that lacks the module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ami.simulator.state import Channel, LiveState
from callcenter.pbx.plan import PbxPlan, Queue

Message = dict[str, str]
Headers = Mapping[str, str]
VERSION = "22.10.1"
DENIED = frozenset({"originate", "command", "getconfig", "updateconfig", "moduleload", "dbput"})
"""Known to Asterisk, refused to the listener's user."""


@dataclass
class Desk:
    """The PBX's standing parts: who is a member of which queue, and who of them is paused."""

    plan: PbxPlan
    started: float
    paused: dict[str, str] = field(default_factory=dict)
    """Interface → reason."""

    def interfaces(self, queue: Queue) -> list[str]:
        return [f"PJSIP/{extension}" for extension in queue.members]

    def name_of(self, interface: str) -> str:
        extension = interface.removeprefix("PJSIP/")
        names = {one.extension: one.name for one in self.plan.operators}
        return names.get(extension, interface)


@dataclass
class Answers:
    state: LiveState
    desk: Desk
    clock: Callable[[], float]
    broadcast: Callable[[Message], None]
    """Where events go that an action causes."""

    def answer(self, action: Headers) -> list[Message]:
        """The response and what belongs to it, each message with the action's ActionID."""
        name = action.get("Action", "").lower()
        make = _TABLE.get(name)
        if make is not None:
            messages = make(self, action)
        elif name in DENIED:
            messages = [error("Permission denied")]
        else:
            messages = [error(f"Invalid/unknown command: {action.get('Action', '')}.")]
        return [_with_id(message, action.get("ActionID", "")) for message in messages]

    # -- one method an action

    def ping(self, _action: Headers) -> list[Message]:
        return [{"Response": "Success", "Ping": "Pong", "Timestamp": f"{self.clock():.6f}"}]

    def core_settings(self, _action: Headers) -> list[Message]:
        return [
            {
                "Response": "Success",
                "AMIversion": "11.0.0",
                "AsteriskVersion": f"{VERSION} (simulated)",
                "SystemName": self.desk.plan.system_name,
                "CoreCDRenabled": "No",
            }
        ]

    def core_status(self, _action: Headers) -> list[Message]:
        roots = [one for one in self.state.channels.values() if _is_root(one)]
        return [
            {
                "Response": "Success",
                "CoreCurrentCalls": str(len(roots)),
                "CoreProcessedCalls": str(self.state.calls_seen),
            }
        ]

    def list_commands(self, _action: Headers) -> list[Message]:
        names = dict.fromkeys(_SPELLING.values(), "Simulated.  (Priv: <none>)")
        return [{"Response": "Success", **names}]

    def channels(self, _action: Headers) -> list[Message]:
        items = [self._channel(one) for one in self.state.channels.values() if one.headers]
        return listing("CoreShowChannels", "Channels will follow", items)

    def bridges(self, _action: Headers) -> list[Message]:
        items = [{"Event": "BridgeListItem", **headers} for headers in self.state.bridges.values()]
        return listing("BridgeList", "Bridge listing will follow", items)

    def parked(self, _action: Headers) -> list[Message]:
        items = [{**headers, "Event": "ParkedCall"} for headers in self.state.parked.values()]
        return listing("ParkedCalls", "Parked calls will follow", items)

    def queues(self, action: Headers) -> list[Message]:
        wanted = action.get("Queue", "")
        items: list[Message] = []
        for queue in self.desk.plan.queues:
            if wanted in ("", queue.name):
                items += [self._queue(queue), *self._members(queue), *self._entries(queue)]
        return listing("QueueStatus", "Queue status will follow", items)

    def pause(self, action: Headers) -> list[Message]:
        interface, queue = action.get("Interface", ""), action.get("Queue", "")
        here = [
            one
            for one in self.desk.plan.queues
            if queue in ("", one.name) and interface in self.desk.interfaces(one)
        ]
        if not here:
            return [error("Interface not found")]
        paused = action.get("Paused", "").lower() in ("true", "yes", "1", "on")
        if paused:
            self.desk.paused[interface] = action.get("Reason", "")
        else:
            self.desk.paused.pop(interface, None)
        for one in here:
            self.broadcast(self._event("QueueMemberPause", "agent", self._member(one, interface)))
        words = f"Interface {'' if paused else 'un'}paused successfully"
        return [{"Response": "Success", "Message": words}]

    def set_variable(self, action: Headers) -> list[Message]:
        name, value = action.get("Variable", ""), action.get("Value", "")
        self.broadcast(self._event("VarSet", "dialplan", {"Variable": name, "Value": value}))
        return [{"Response": "Success", "Message": "Variable Set"}]

    # -- the items of lists

    def _channel(self, channel: Channel) -> Message:
        lasted = max(0, int(self.clock() - channel.since))
        minutes, seconds = divmod(lasted, 60)
        hours, minutes = divmod(minutes, 60)
        return {
            "Event": "CoreShowChannel",
            **channel.headers,
            "Application": "",
            "ApplicationData": "",
            "Duration": f"{hours:02d}:{minutes:02d}:{seconds:02d}",
            "BridgeId": channel.bridge,
        }

    def _queue(self, queue: Queue) -> Message:
        return {
            "Event": "QueueParams",
            "Queue": queue.name,
            "Max": "0",
            "Strategy": queue.strategy,
            "Calls": str(len(self.state.queues.get(queue.name, {}))),
            "Weight": str(queue.weight),
        }

    def _members(self, queue: Queue) -> list[Message]:
        members = (self._member(queue, one) for one in self.desk.interfaces(queue))
        return [{"Event": "QueueMember", **_as_item(member)} for member in members]

    def _member(self, queue: Queue, interface: str) -> Message:
        in_use = interface in self.state.devices_in_use()
        return {
            "Queue": queue.name,
            "MemberName": self.desk.name_of(interface),
            "Interface": interface,
            "StateInterface": interface,
            "Membership": "static",
            "Penalty": "0",
            "CallsTaken": "0",
            "LastCall": "0",
            "LastPause": "0",
            "LoginTime": str(int(self.desk.started)),
            "InCall": "1" if in_use else "0",
            "Status": "2" if in_use else "1",
            "Paused": "1" if interface in self.desk.paused else "0",
            "PausedReason": self.desk.paused.get(interface, ""),
            "Ringinuse": "0",
            "Wrapuptime": "0",
        }

    def _entries(self, queue: Queue) -> list[Message]:
        now = self.clock()
        return [
            {
                "Event": "QueueEntry",
                "Queue": queue.name,
                "Position": str(position),
                "Channel": one.headers.get("Channel", ""),
                "Uniqueid": one.headers.get("Uniqueid", ""),
                "CallerIDNum": one.headers.get("CallerIDNum", ""),
                "CallerIDName": one.headers.get("CallerIDName", ""),
                "Wait": str(max(0, int(now - one.since))),
            }
            for position, one in enumerate(self.state.queues.get(queue.name, {}).values(), start=1)
        ]

    def _event(self, name: str, privilege: str, headers: Message) -> Message:
        return {
            "Event": name,
            "Privilege": f"{privilege},all",
            "Timestamp": f"{self.clock():.6f}",
            "SystemName": self.desk.plan.system_name,
            **headers,
        }


_Method = Callable[[Answers, Headers], list[Message]]
_SPELLING = {
    name.lower(): name
    for name in [
        "Ping",
        "CoreSettings",
        "CoreStatus",
        "ListCommands",
        "CoreShowChannels",
        "BridgeList",
        "ParkedCalls",
        "QueueStatus",
        "QueuePause",
        "Setvar",
        "Login",
        "Logoff",
        "Challenge",
        "Events",
    ]
}
_TABLE: dict[str, _Method] = {
    "ping": Answers.ping,
    "coresettings": Answers.core_settings,
    "corestatus": Answers.core_status,
    "listcommands": Answers.list_commands,
    "coreshowchannels": Answers.channels,
    "bridgelist": Answers.bridges,
    "parkedcalls": Answers.parked,
    "queuestatus": Answers.queues,
    "queuepause": Answers.pause,
    "setvar": Answers.set_variable,
}


def error(words: str) -> Message:
    return {"Response": "Error", "Message": words}


def listing(name: str, words: str, items: list[Message]) -> list[Message]:
    start = {"Response": "Success", "EventList": "start", "Message": words}
    end = {"Event": f"{name}Complete", "EventList": "Complete", "ListItems": str(len(items))}
    return [start, *items, end]


def wire(message: Message) -> bytes:
    lines = "".join(f"{key}: {value}\r\n" for key, value in message.items())
    return lines.encode("utf-8", "surrogateescape") + b"\r\n"


def _with_id(message: Message, action_id: str) -> Message:
    """After the first header, where Asterisk has it in a response."""
    if not action_id:
        return message
    (first, value), *rest = message.items()
    return {first: value, "ActionID": action_id, **dict(rest)}


def _as_item(member: Message) -> Message:
    """QueueStatus spells two of a member's headers in its own way."""
    spelling = {"MemberName": "Name", "Interface": "Location"}
    return {spelling.get(key, key): value for key, value in member.items()}


def _is_root(channel: Channel) -> bool:
    return channel.headers.get("Uniqueid") == channel.headers.get("Linkedid")
