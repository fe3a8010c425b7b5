"""What a PBX can tell us, in telephony terms: the input alphabet of the tracker.

A signal is one observed fact about a channel, a dial attempt, a bridge or a queue, whoever
reported it (the live manager stream, the resync after a log-in, the channel event log).
`ami.translate` and the ledger make signals; nothing here knows a header name.

`at` is aware UTC, or None where the source carries no time. `pbx` names the PBX (the host key
of `AMI_URL`, or the stream's own SystemName) and scopes every uniqueid and bridge id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

DialStatus = Literal[
    "answer", "busy", "no_answer", "cancel", "congestion", "unavailable", "rejected", "other"
]
ChannelPhase = Literal["down", "ring", "ringing", "up", "busy", "other"]
ToldSide = Literal["comes_in", "goes_out"]
TransferKind = Literal["blind", "attended", "blonde", "forward", "pickup"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Common part. `source` tells who saw it: live stream, resync snapshot or ledger."""

    pbx: str = ""
    at: datetime | None = None
    source: Literal["live", "resync", "ledger"] = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSignal(Signal):
    """A fact about one channel; every such signal names it and the call thread it reported."""

    uniqueid: str
    channel: str = ""
    linkedid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSeen(ChannelSignal):
    """A channel exists: created now, or found alive at resync."""

    phase: ChannelPhase = "down"
    number: str = ""
    name: str = ""
    exten: str = ""
    context: str = ""
    created: bool = True
    """False when it was met in mid-life, so that its creation time is not known to be `at`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPhaseChanged(ChannelSignal):
    phase: ChannelPhase
    number: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerIdentified(ChannelSignal):
    """The channel's caller id was set or rewritten."""

    number: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRenamed(ChannelSignal):
    new_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppEntered(ChannelSignal):
    """A dialplan application that matters to the record (queue, dial, voicemail, …) began."""

    app: str
    data: str = ""
    number: str = ""
    name: str = ""
    exten: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableSet(ChannelSignal):
    """A `CRM_…` or transfer-related channel variable was set."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SideTold(ChannelSignal):
    """The dialplan itself says that the call came from outside, or goes there."""

    side: ToldSide


@dataclass(frozen=True, slots=True, kw_only=True)
class DialBegun(ChannelSignal):
    """`uniqueid` is the dialled channel; the caller's is empty for an originate."""

    caller_uniqueid: str = ""
    caller_channel: str = ""
    caller_linkedid: str = ""
    dial_string: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialEnded(ChannelSignal):
    caller_uniqueid: str = ""
    caller_channel: str = ""
    caller_linkedid: str = ""
    status: DialStatus = "other"
    forwarded_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeEntered(ChannelSignal):
    bridge: str
    holding: bool = False
    """A holding bridge (parking, waiting room) joins nobody: it is not an answer."""
    conference: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeLeft(ChannelSignal):
    bridge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalPaired(ChannelSignal):
    """The two halves of a `Local/` channel (`uniqueid` is half one)."""

    other_uniqueid: str
    other_channel: str = ""
    other_linkedid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(ChannelSignal):
    """The party on this channel put the other side on hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheld(ChannelSignal):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicPlayed(ChannelSignal):
    """Music on hold began (or stopped) for this channel: it is held, or waits somewhere."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked(ChannelSignal):
    """The channel was left in a parking place."""

    space: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unparked(ChannelSignal):
    """Fetched (by the retriever), sent back after the parking time, or gone."""

    retriever_uniqueid: str = ""
    retriever_channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueJoined(ChannelSignal):
    queue: str
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLeft(ChannelSignal):
    queue: str
    abandoned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRung(ChannelSignal):
    """A queue rings a member: `uniqueid` is the caller's channel."""

    queue: str
    member: str
    member_uniqueid: str = ""
    member_channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberConnected(ChannelSignal):
    queue: str
    member: str
    member_uniqueid: str = ""
    member_channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRules(Signal):
    """How a queue treats one of its members. `wrap_up_seconds`: left alone so long after a call."""

    queue: str
    member: str
    wrap_up_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred(ChannelSignal):
    """`uniqueid` is the transferer's channel. Known other channels are listed for joining."""

    kind: TransferKind
    to: str = ""
    second_uniqueid: str = ""
    second_channel: str = ""
    transferee_uniqueid: str = ""
    transferee_channel: str = ""
    target_uniqueid: str = ""
    target_channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundKept(ChannelSignal):
    """A recording of this channel's sound began, into `file`."""

    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundStopped(ChannelSignal):
    """Its recordings ended before the channel did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundPaused(ChannelSignal):
    """Its recordings keep silence from now on (`on`), or sound again."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpyStarted(ChannelSignal):
    """`uniqueid` is the spying channel; it is never a participant."""

    spied_uniqueid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpyStopped(ChannelSignal):
    spied_uniqueid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HangupRequested(ChannelSignal):
    """The far end of this channel (or a manager action) asked to end it."""

    cause: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HungUp(ChannelSignal):
    cause: int | None = None
    cause_text: str = ""
    dial_status: DialStatus | None = None
    ended_by: str = ""
    """Channel name that ended the call, where the source knows it."""
    number: str = ""
    """The caller id that it ended with, where the source knows it."""
    originated: bool = False
    """The source says that a manager action had this channel rung."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadEnded(Signal):
    """The ledger closed a linkedid. Not proof that its channels are gone."""

    linkedid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxStarted(Signal):
    """The PBX booted `uptime_seconds` ago: channels made before that are gone.

    They are taken to have ended when the PBX was last known to live.
    """

    uptime_seconds: float = 0.0

    @property
    def booted_at(self) -> datetime | None:
        return self.at - timedelta(seconds=self.uptime_seconds) if self.at is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxStopped(Signal):
    """The PBX was told to end, and has ended every call before it says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxAlive(Signal):
    """At that moment the PBX was known to live, though it told nothing (its link broke then)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResyncEnded(Signal):
    """The snapshot after a log-in is complete: `alive` are all uniqueids that exist now."""

    alive: frozenset[str] = frozenset()
