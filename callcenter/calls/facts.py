"""What has been observed of a call: plain facts, in whatever order they came.

Facts only accumulate and every merge of two facts is order-free (earliest start, latest end,
set union), so that a stream with losses, repeats and swaps leads to the same record once the
missing facts arrive. Instants are POSIX seconds; where a stream has no times a running count
below `FIRST_REAL_INSTANT` stands in, which keeps order and is never shown as a time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from callcenter.calls.signals import DialStatus, ToldSide, TransferKind
from callcenter.calls.topology import is_bookkeeping

FIRST_REAL_INSTANT = 1e8
_NEVER = float("inf")
_INSTANT = 1e-6


@dataclass(slots=True)
class DialAttempt:
    """One ringing of a channel by another (`by` is empty for an originate)."""

    by: str
    begun: float | None = None
    ended: float | None = None
    status: DialStatus | None = None
    dial_string: str = ""
    by_local: bool = False
    """The dialling channel is half of a Local channel."""


@dataclass(slots=True)
class Switch:
    """Something that is on for a while, and again: every switching that was told, in any order."""

    told: set[tuple[float, bool]] = field(default_factory=set)

    def turn(self, at: float, *, on: bool) -> bool:
        """False if that was known already."""
        known = (at, on) in self.told
        self.told.add((at, on))
        return not known

    def spans(self, end: float) -> list[tuple[float, float]]:
        """From when to when it was on; what was never switched off lasts until `end`."""
        found: list[tuple[float, float]] = []
        since: float | None = None
        for at, on in sorted(self.told):
            if on and since is None:
                since = at
            elif not on and since is not None:
                found.append((since, at))
                since = None
        return found if since is None else [*found, (since, max(since, end))]


@dataclass(slots=True)
class Stay:
    """A channel's times in one bridge."""

    joins: bool = True
    """False for a holding bridge, which joins nobody."""
    inside: Switch = field(default_factory=Switch)


class Visit(NamedTuple):
    """One time in one bridge; `left` is None while it lasts."""

    entered: float
    bridge: str
    left: float | None
    joins: bool


@dataclass(slots=True)
class SoundFact:
    file: str
    since: float


@dataclass(slots=True)
class QueueVisit:
    queue: str
    caller: str
    joined: float | None = None
    left: float | None = None
    abandoned: bool = False


@dataclass(slots=True)
class TransferFact:
    """`second`: the transferer's own other channel, which dialled whom it goes to."""

    kind: TransferKind
    by: str
    to: str
    at: float
    second: str = ""


def age_of(uniqueid: str) -> tuple[float, float, str]:
    """A Uniqueid is `[system-]epoch.counter`, and as text '17.9' would follow '17.10'."""
    head, _, counter = uniqueid.rpartition(".")
    epoch = head.rpartition("-")[2]
    made = float(epoch) if epoch.isdecimal() else 0.0
    return (made, float(counter) if counter.isdecimal() else 0.0, uniqueid)


@dataclass(slots=True)
class ChannelFacts:
    """Everything seen of one channel."""

    uniqueid: str
    age: tuple[float, float, str] = (0.0, 0.0, "")
    """Sorts channels by when they were made, see `age_of`."""
    channel: str = ""
    first_seen: float = 0.0
    created: float | None = None
    first_linkedid: str = ""
    """The thread it was born into: its own, or that of whoever had it made."""
    dial_data: str = ""
    """What its Dial() was told to ring first."""
    tellings: set[tuple[float, str, str]] = field(default_factory=set)
    """Every number that it was given, with the name then (at, number, name)."""
    number: str = ""
    name: str = ""
    exten: str = ""
    context: str = ""
    led_to: str = ""
    """Where the CRM led it, which had it rung: nobody dialled that on it."""
    told_at: dict[str, float] = field(default_factory=dict)
    """When each of these was told: the earliest telling counts, whenever it arrives."""
    ringing: float | None = None
    up: float | None = None
    last: float = 0.0
    """The last moment at which anything was told of it."""
    hung_up: float | None = None
    end_told: bool = False
    """False for an end that was only concluded: the channel was not there any more."""
    cause: int | None = None
    hangup_requested: float | None = None
    hangup_source: str = ""
    own_dial_status: DialStatus | None = None
    originated: bool = False
    """A manager action had it rung: nobody dialled it."""
    spy: bool = False
    voicemail: bool = False
    message_at: float | None = None
    """When the words began that are said before a message."""
    told_side: ToldSide | None = None
    dials: dict[str, DialAttempt] = field(default_factory=dict)
    stays: dict[str, Stay] = field(default_factory=dict)
    """By bridge."""
    hold: Switch = field(default_factory=Switch)
    music: Switch = field(default_factory=Switch)
    park: Switch = field(default_factory=Switch)
    sounds: dict[str, SoundFact] = field(default_factory=dict)
    """Recordings of its sound, by the name of the file without its folder."""
    sound_stops: set[float] = field(default_factory=set)
    sound_pause: Switch = field(default_factory=Switch)
    wrap_up: float = 0.0
    pair: str = ""
    is_person: bool = False
    """A device somebody could speak on: no book-keeping, no spy that only listens."""
    ring_announced: bool = False
    ring_over: bool = False
    talk_announced: bool = False
    leave_announced: bool = False

    def tell(self, what: str, value: str, at: float) -> None:
        """Note number, name, exten or context, as it was first (before the dialplan changed it)."""
        if value and at < self.told_at.get(what, _NEVER):
            self.told_at[what] = at
            setattr(self, what, value)

    def named(self, channel: str) -> None:
        self.channel = channel
        self._judge()

    def led_to_message(self, at: float) -> None:
        """Told in several ways; the earliest counts."""
        self.message_at = at if self.message_at is None else min(self.message_at, at)

    def spies(self) -> None:
        self.spy = True
        self._judge()

    def joins(self) -> None:
        """It came into a bridge: who listened in and then took the call over is a person."""
        self._judge()

    def _judge(self) -> None:
        speaks = not self.spy or any(stay.joins for stay in self.stays.values())
        self.is_person = bool(self.channel) and speaks and not is_bookkeeping(self.channel)

    def visits(self) -> list[Visit]:
        """Its times in bridges, in order. One whose end nobody told ended with the next, or with
        the channel."""
        found: list[Visit] = []
        for bridge, stay in self.stays.items():
            self._enter_untold(bridge, stay, found)
            for entered, left in stay.inside.spans(_NEVER):
                known = left if left < _NEVER else None
                found.append(Visit(entered, bridge, known, stay.joins))
        found.sort()
        for index, visit in enumerate(found):
            if visit.left is None:
                follower = found[index + 1].entered if index + 1 < len(found) else self._left()
                found[index] = visit._replace(left=follower)
        return found

    def _enter_untold(self, bridge: str, stay: Stay, found: list[Visit]) -> None:
        """It left a bridge that nobody told it had entered: it did so when it was lifted."""
        first = min(stay.inside.told, default=None)
        lifted = self.lifted
        if first is not None and not first[1] and lifted is not None and lifted < first[0]:
            found.append(Visit(lifted, bridge, first[0], stay.joins))

    @property
    def lifted(self) -> float | None:
        """When it went up; where that was not told, when its dial ended with an answer."""
        if self.up is not None:
            return self.up
        ends = [a.ended for a in self.dials.values() if a.status == "answer"]
        return min((end for end in ends if end is not None), default=None)

    def _left(self) -> float | None:
        """When it left its last bridge, if nobody told. Of an end that was only concluded a little
        later than the last that was heard: whoever entered was there (see folding.restarts)."""
        if self.hung_up is None or self.end_told:
            return self.hung_up
        return self.hung_up + _INSTANT

    @property
    def made_by_another(self) -> bool:
        """Made on behalf of another channel: dialled by it, or born into its call thread."""
        if any(attempt.by for attempt in self.dials.values()):
            return True
        return bool(self.first_linkedid) and self.first_linkedid != self.uniqueid

    @property
    def was_rung(self) -> bool:
        """It did not come in by itself: somebody, or a program, had it rung."""
        return self.originated or bool(self.dials) or self.made_by_another

    @property
    def ended_itself(self) -> bool:
        """Its own device ended it: hung up, was busy, declined, or said it was unavailable."""
        named = bool(self.hangup_source) and self.hangup_source == self.channel
        return named or self.hangup_requested is not None

    @property
    def start(self) -> float:
        return self.created if self.created is not None else self.first_seen

    def attempt(self, by: str) -> DialAttempt:
        found = self.dials.get(by)
        if found is None:
            found = self.dials[by] = DialAttempt(by)
        return found

    def last_attempt(self) -> DialAttempt | None:
        """The dial attempt that decided this leg: an answered one, else the latest."""
        best: DialAttempt | None = None
        for attempt in self.dials.values():
            if attempt.status == "answer":
                return attempt
            best = attempt
        return best


@dataclass(slots=True)
class SpyFact:
    """Somebody listens in. Their channel is no part of the call: it may go on to others."""

    channel: str
    uniqueid: str
    since: float | None = None
    until: float | None = None


@dataclass(slots=True)
class CallFacts:
    """A set of channels joined into one call, and what happened to them together."""

    nodes: set[str] = field(default_factory=set)
    """Uniqueids and linkedids that lead here."""
    channels: dict[str, ChannelFacts] = field(default_factory=dict)
    linkedids: dict[str, None] = field(default_factory=dict)
    queues: list[QueueVisit] = field(default_factory=list)
    transfers: list[TransferFact] = field(default_factory=list)
    spies: dict[str, SpyFact] = field(default_factory=dict)
    cut_off: bool = False
    """The PBX ended it because it was itself told to end."""
    sent_to_queue: str = ""
    """The queue that our dialplan sent it to, whether the queue took it or not."""
    route: str = ""
    pressed: set[tuple[float, str]] = field(default_factory=set)
    """Keys that the caller chose in a menu or in a queue, each with its moment."""
    last: float = 0.0
    alive: int = 0
    """Channels seen and not hung up."""
    announced_id: str = ""
    ended: bool = False

    def absorb(self, other: CallFacts) -> None:
        self.nodes |= other.nodes
        self.channels.update(other.channels)
        self.linkedids.update(other.linkedids)
        self.queues += other.queues
        self.transfers += other.transfers
        self.spies.update(other.spies)
        self.cut_off = self.cut_off or other.cut_off
        self.sent_to_queue = self.sent_to_queue or other.sent_to_queue
        self.route = self.route or other.route
        self.pressed |= other.pressed
        self.last = max(self.last, other.last)
        self.alive += other.alive
        self.ended = False


def earliest(known: float | None, new: float) -> float:
    return new if known is None or new < known else known
