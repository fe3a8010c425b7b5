"""The PBX's standing parts, and how the manager lists them, channels and waiting callers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ami.simulator.state import Channel, LiveState
from callcenter.pbx.plan import PbxPlan, Queue

Message = dict[str, str]
Headers = Mapping[str, str]


@dataclass
class Desk:
    """Who is a member of which queue, and who of them is paused."""

    plan: PbxPlan
    started: float
    paused: dict[tuple[str, str], str] = field(default_factory=dict)
    """(queue, interface) → reason."""
    added: dict[tuple[str, str], str] = field(default_factory=dict)
    """(queue, interface) → name, of members that are not the plan's."""
    penalties: dict[tuple[str, str], str] = field(default_factory=dict)

    def interfaces(self, queue: Queue) -> list[str]:
        fixed = [f"PJSIP/{extension}" for extension in queue.members]
        return [*fixed, *(interface for name, interface in self.added if name == queue.name)]

    def rests(self, interface: str) -> bool:
        """Paused wherever they are a member."""
        queues = [one.name for one in self.plan.queues if interface in self.interfaces(one)]
        return bool(queues) and all((name, interface) in self.paused for name in queues)

    def remove(self, queue: Queue, interface: str) -> bool:
        """False for a member of the plan: it stays."""
        key = queue.name, interface
        self.paused.pop(key, None)
        self.penalties.pop(key, None)
        return self.added.pop(key, None) is not None

    def name_of(self, interface: str) -> str:
        extension = interface.removeprefix("PJSIP/")
        names = {one.extension: one.name for one in self.plan.operators}
        return names.get(extension, interface)

    def member(self, queue: Queue, interface: str, state: LiveState) -> Message:
        """As events tell of a member."""
        in_use = interface in state.devices_in_use()
        key = queue.name, interface
        return {
            "Queue": queue.name,
            "MemberName": self.added.get(key) or self.name_of(interface),
            "Interface": interface,
            "StateInterface": interface,
            "Membership": "dynamic" if key in self.added else "static",
            "Penalty": self.penalties.get(key, "0"),
            "CallsTaken": "0",
            "LastCall": "0",
            "LastPause": "0",
            "LoginTime": str(int(self.started)),
            "InCall": "1" if in_use else "0",
            "Status": "2" if in_use else "1",
            "Paused": "1" if key in self.paused else "0",
            "PausedReason": self.paused.get(key, ""),
            "Ringinuse": "0",
            "Wrapuptime": "0",
        }

    def queue_items(self, queue: Queue, state: LiveState, now: float) -> list[Message]:
        """What QueueStatus lists of one queue: itself, its members, its callers."""
        members = [self.member(queue, one, state) for one in self.interfaces(queue)]
        waiting = state.queues.get(queue.name, {})
        params = {
            "Event": "QueueParams",
            "Queue": queue.name,
            "Max": "0",
            "Strategy": queue.strategy,
            "Calls": str(len(waiting)),
            "Weight": str(queue.weight),
        }
        entries = [
            _entry(queue.name, position, one.headers, now - one.since)
            for position, one in enumerate(waiting.values(), start=1)
        ]
        return [params, *map(_as_item, members), *entries]


def channel_item(channel: Channel, now: float) -> Message:
    """A CoreShowChannel."""
    minutes, seconds = divmod(max(0, int(now - channel.since)), 60)
    hours, minutes = divmod(minutes, 60)
    return {
        "Event": "CoreShowChannel",
        **channel.headers,
        "Application": "",
        "ApplicationData": "",
        "Duration": f"{hours:02d}:{minutes:02d}:{seconds:02d}",
        "BridgeId": channel.bridge,
    }


def _entry(queue: str, position: int, joined: Headers, waited: float) -> Message:
    own = ("Channel", "Uniqueid", "CallerIDNum", "CallerIDName")
    return {
        "Event": "QueueEntry",
        "Queue": queue,
        "Position": str(position),
        **{key: joined.get(key, "") for key in own},
        "Wait": str(max(0, int(waited))),
    }


def _as_item(member: Message) -> Message:
    """QueueStatus spells two of a member's headers in its own way."""
    spelling = {"MemberName": "Name", "Interface": "Location"}
    renamed = {spelling.get(key, key): value for key, value in member.items()}
    return {"Event": "QueueMember", **renamed}
