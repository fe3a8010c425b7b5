"""What the simulated manager answers to actions, from the plan and from what is under way. Pure.

In Asterisk 22's own words and header order. An action it has no answer for is an error, as on a
PBX that lacks the module.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ami.simulator.desk import Desk, Headers, Message, channel_item
from ami.simulator.state import Channel, LiveState
from callcenter.pbx.plan import Queue

VERSION = "22.10.1"
DENIED = frozenset({"originate", "command", "getconfig", "updateconfig", "moduleload", "dbput"})
"""Known to Asterisk, refused to the listener's user."""


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
        now, known = self.clock(), self.state.channels.values()
        items = [channel_item(one, now) for one in known if one.headers]
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
                items += self.desk.queue_items(queue, self.state, self.clock())
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
        paused = _is_true(action.get("Paused", ""))
        for one in here:
            if paused:
                self.desk.paused[one.name, interface] = action.get("Reason", "")
            else:
                self.desk.paused.pop((one.name, interface), None)
            member = self.desk.member(one, interface, self.state)
            self.broadcast(self._event("QueueMemberPause", "agent", member))
        words = f"Interface {'' if paused else 'un'}paused successfully"
        return [{"Response": "Success", "Message": words}]

    def add_member(self, action: Headers) -> list[Message]:
        queue, interface = self._queue(action), action.get("Interface", "")
        if queue is None:
            return [error("Unable to add interface to queue: No such queue")]
        if interface in self.desk.interfaces(queue):
            return [error("Unable to add interface: Already there")]
        key = queue.name, interface
        self.desk.added[key] = action.get("MemberName", interface)
        self.desk.penalties[key] = action.get("Penalty", "0")
        if _is_true(action.get("Paused", "")):
            self.desk.paused[key] = ""
        member = self.desk.member(queue, interface, self.state)
        self.broadcast(self._event("QueueMemberAdded", "agent", member))
        return [{"Response": "Success", "Message": "Added interface to queue"}]

    def remove_member(self, action: Headers) -> list[Message]:
        queue, interface = self._queue(action), action.get("Interface", "")
        if queue is None or interface not in self.desk.interfaces(queue):
            return [error("Unable to remove interface: Not there")]
        member = self.desk.member(queue, interface, self.state)
        if not self.desk.remove(queue, interface):
            return [error("Member not dynamic")]
        self.broadcast(self._event("QueueMemberRemoved", "agent", member))
        return [{"Response": "Success", "Message": "Removed interface from queue"}]

    def set_penalty(self, action: Headers) -> list[Message]:
        queue, interface = self._queue(action), action.get("Interface", "")
        if queue is None or interface not in self.desk.interfaces(queue):
            return [error("Invalid interface, queuename or penalty")]
        self.desk.penalties[queue.name, interface] = action.get("Penalty", "0")
        member = self.desk.member(queue, interface, self.state)
        self.broadcast(self._event("QueueMemberPenalty", "agent", member))
        return [{"Response": "Success", "Message": "Interface penalty set successfully"}]

    def _queue(self, action: Headers) -> Queue | None:
        wanted = action.get("Queue", "")
        return next((one for one in self.desk.plan.queues if one.name == wanted), None)

    def set_variable(self, action: Headers) -> list[Message]:
        name, value = action.get("Variable", ""), action.get("Value", "")
        self.broadcast(self._event("VarSet", "dialplan", {"Variable": name, "Value": value}))
        return [{"Response": "Success", "Message": "Variable Set"}]

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
        "QueueAdd",
        "QueueRemove",
        "QueuePenalty",
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
    "queueadd": Answers.add_member,
    "queueremove": Answers.remove_member,
    "queuepenalty": Answers.set_penalty,
    "setvar": Answers.set_variable,
}


def _is_true(text: str) -> bool:
    return text.lower() in ("true", "yes", "1", "on")


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


def _is_root(channel: Channel) -> bool:
    return channel.headers.get("Uniqueid") == channel.headers.get("Linkedid")
