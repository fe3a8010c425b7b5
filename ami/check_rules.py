"""What `pbx check` expects of a PBX, and how a finding looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "FAIL"]
MIN_VERSION = (22, 10, 1)
TIMEOUT = 10.0

# action: (the right it stands for, what the product loses without it, whether that is fatal)
NEEDED: dict[str, tuple[str, str, Level]] = {
    "CoreShowChannels": ("reporting", "calls under way are not found after a restart", "FAIL"),
    "ShowDialPlan": ("reporting", "this check cannot see the dialplan", "warn"),
    "QueuePause": ("agent", "Pause and Ready do not reach the queues", "FAIL"),
    "ParkedCalls": ("call", "parked calls are not found after a restart", "warn"),
}
# action: right that the listener's user must not have
DANGEROUS = {
    "Originate": "originate",
    "Command": "command",
    "UpdateConfig": "config",
    "ModuleLoad": "system",
    "DBPut": "system",
}
CONTEXTS = ("from-trunk", "from-operators", "crm-decide")
NOISE = {"Newexten", "RTCPSent", "RTCPReceived", "ChannelTalkingStart", "DTMFBegin", "DTMFEnd"}
MINE, OTHERS = "CRM_CHECK", "CALLCENTER_CHECK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    level: Level
    where: str
    what: str
    words: str
    mend: str = ""
