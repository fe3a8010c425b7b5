"""Keeps the manager messages of live calls as they came, and gives them up when a call has ended.

On the hot path it is one append. Bounded three ways: messages and bytes of a channel, of a call,
and of all calls together; what is left out is said in the journal itself, by a last message that
no reader of recordings takes for an event of a call.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Final

from callcenter.calls.events import CallEvent
from callcenter.calls.journal import JournalPart
from callcenter.calls.record import CallRecord

MOST_MESSAGES: Final = 400
MOST_BYTES: Final = 128 * 1024
MOST_BYTES_OF_ALL: Final = 64 * 1024 * 1024
_REMEMBERED: Final = 20_000
_STILL_LATE_SECONDS: Final = 60.0
"""What comes later than this of a channel is another call's: names come again after a reinstall."""
_LATE_SECONDS: Final = 2.0
"""Messages after a call's end come in a burst: they wait so long to be one part, not many."""

_FORGOTTEN_SECONDS: Final = 24 * 3600.0
_SWEEP_SECONDS: Final = 600.0

Message = tuple[int, bytes]
"""Its place in the stream, and its bytes."""


@dataclass(slots=True)
class JournalCounts:
    """Plain counts; `ami.counting` carries them over to Prometheus."""

    bytes_held: int = 0
    dropped: int = 0


@dataclass(slots=True)
class _Heard:
    """What came of one channel."""

    since: float
    messages: list[Message] = field(default_factory=list)
    size: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class _Ended:
    """The call that a channel belonged to."""

    call_id: str
    pbx: str
    started_at: datetime | None
    at: float


class LiveJournal:
    """For one PBX and one event loop; not thread-safe."""

    def __init__(
        self,
        counts: JournalCounts,
        *,
        most_bytes: int = MOST_BYTES_OF_ALL,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._counts = counts
        self._most_bytes = most_bytes
        self._clock = clock
        self._heard: dict[str, _Heard] = {}
        self._serial = 0
        self._ended: OrderedDict[str, _Ended] = OrderedDict()
        self._late: dict[str, float] = {}
        self._sweep_at = clock() + _SWEEP_SECONDS
        self._lost: OrderedDict[str, int] = OrderedDict()

    def keep(self, uniqueid: str, raw: bytes) -> None:
        """A message of this channel. It may be of no call: then it goes when room is needed."""
        heard = self._heard.get(uniqueid) or self._begin(uniqueid)
        if len(heard.messages) >= MOST_MESSAGES or heard.size >= MOST_BYTES:
            heard.dropped += 1
            self._counts.dropped += 1
            return
        self._serial += 1
        heard.messages.append((self._serial, raw))
        size = len(raw)
        heard.size += size
        self._counts.bytes_held += size
        if self._counts.bytes_held > self._most_bytes:
            self._make_room()

    def keep_everywhere(self, raw: bytes) -> None:
        """A message of the PBX itself, such as that it was started: it concerns every live call."""
        self._serial += 1
        for heard in self._heard.values():
            heard.messages.append((self._serial, raw))

    def of_ended(self, events: Iterable[CallEvent]) -> list[JournalPart]:
        """What was kept of the calls that have ended now, and late messages of earlier ones."""
        ended = {event.call.id: event.call for event in events if not event.call.live}
        parts = [part for call in ended.values() if (part := self._take(call)) is not None]
        if self._clock() >= self._sweep_at:
            self._sweep()
        return parts + self._late_parts() if self._late else parts

    def _begin(self, uniqueid: str) -> _Heard:
        now = self._clock()
        ended = self._ended.get(uniqueid)
        if ended is not None and now - ended.at < _STILL_LATE_SECONDS:
            self._late[uniqueid] = now
        heard = self._heard[uniqueid] = _Heard(now)
        return heard

    def _take(self, call: CallRecord) -> JournalPart | None:
        ended = _Ended(call.id, call.pbx, call.started_at, self._clock())
        for uniqueid in call.uniqueids:
            self._ended[uniqueid] = ended
        while len(self._ended) > _REMEMBERED:
            self._late.pop(self._ended.popitem(last=False)[0], None)
        return self._part(ended, call.uniqueids, _guests(call))

    def _late_parts(self) -> list[JournalPart]:
        """Of calls whose last late message has had time to be followed by others."""
        now = self._clock()
        waiting: dict[_Ended, list[str]] = {}
        for uniqueid, since in self._late.items():
            if now - since >= _LATE_SECONDS:
                waiting.setdefault(self._ended[uniqueid], []).append(uniqueid)
        parts = [self._part(ended, uniqueids) for ended, uniqueids in waiting.items()]
        return [part for part in parts if part is not None]

    def _part(
        self, ended: _Ended, uniqueids: Sequence[str], guests: Sequence[str] = ()
    ) -> JournalPart | None:
        found = [self._heard.pop(one) for one in uniqueids if one in self._heard]
        for uniqueid in uniqueids:
            self._late.pop(uniqueid, None)
        self._counts.bytes_held -= sum(heard.size for heard in found)
        if found:
            found += [self._heard[one] for one in guests if one in self._heard]
        by_place = dict(chain.from_iterable(heard.messages for heard in found))
        messages = [by_place[place] for place in sorted(by_place)]
        kept = _bounded(messages)
        self._counts.dropped += len(messages) - len(kept)
        dropped = sum(heard.dropped for heard in found) + len(messages) - len(kept)
        if self._lost:
            dropped += sum(self._lost.pop(one, 0) for one in uniqueids)
        if not messages and not dropped:
            return None
        return JournalPart(
            call_id=ended.call_id,
            pbx=ended.pbx,
            source="live",
            started_at=ended.started_at,
            events=len(kept),
            data=_text(kept, dropped),
        )

    def _sweep(self) -> None:
        """Channels that no call has claimed in a day: of a spy, or of what is no call at all."""
        now = self._clock()
        self._sweep_at = now + _SWEEP_SECONDS
        for uniqueid, heard in list(self._heard.items()):
            if now - heard.since < _FORGOTTEN_SECONDS:
                break  # they stand in the order in which they began
            del self._heard[uniqueid]
            self._late.pop(uniqueid, None)
            self._counts.bytes_held -= heard.size

    def _make_room(self) -> None:
        """The channels that began first lose what they have; that they did is remembered."""
        while self._counts.bytes_held > self._most_bytes:
            oldest = next(iter(self._heard))
            heard = self._heard.pop(oldest)
            lost = len(heard.messages) + heard.dropped
            self._lost[oldest] = self._lost.pop(oldest, 0) + lost
            self._counts.dropped += len(heard.messages)
            self._counts.bytes_held -= heard.size
        while len(self._lost) > _REMEMBERED:
            self._lost.popitem(last=False)


def _guests(call: CallRecord) -> list[str]:
    """Channels that listened in: they may go on to other calls, so that each gets a copy."""
    return [leg.uniqueid for leg in call.legs if leg.uniqueid not in call.uniqueids]


def stamped(raw: bytes, at: datetime | None) -> bytes:
    """The message with the time it came, where the PBX writes none (timestampevents is off)."""
    return raw if at is None else raw + b"\r\nTimestamp: %.6f" % at.timestamp()


def _bounded(messages: Sequence[bytes]) -> list[bytes]:
    """The first of them, as many as a call may have."""
    kept: list[bytes] = []
    size = 0
    for raw in messages[:MOST_MESSAGES]:
        size += len(raw)
        if size > MOST_BYTES:
            break
        kept.append(raw)
    return kept


def _text(messages: Sequence[bytes], dropped: int) -> bytes:
    if dropped:
        messages = [*messages, b"Event: JournalIncomplete\r\nDropped: %d" % dropped]
    return b"\r\n\r\n".join((*messages, b""))
