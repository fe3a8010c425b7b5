"""When Asterisk started anew, by the ledger alone: its channel counter begins at nought again.

A Uniqueid is `[system-]second.counter`. Within one life of Asterisk both only grow; a channel with
a counter that was there before and a second that was not is the first of another life. Every
channel of the life before ended then, and no row tells of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from ami.ledger.rows import Origin, Row, origin_of
from callcenter.calls.signals import ChannelSeen, ChannelSignal, PbxStarted, Signal

_CLEARLY_LATER = 2
"""Seconds: rows of channels born together may stand in any order."""


class Lives:
    """Look at every row, in the order of the file."""

    def __init__(self) -> None:
        self._newest: Origin | None = None
        self._before: Origin | None = None
        """The newest channel of the life before."""
        self._last_at: datetime | None = None

    def look(self, row: Row) -> datetime | None:
        """When the life before was heard of last, if this row is the first of another."""
        return self.look_at(row.uniqueid, row.at, begins=row.event == "CHAN_START")

    def look_at(self, uniqueid: str, at: datetime, *, begins: bool) -> datetime | None:
        last, self._last_at = self._last_at, at
        origin = origin_of(uniqueid)
        if origin is None or not begins:
            return None
        newest = self._newest
        if newest is None or _newer(origin, newest):
            self._newest = origin
            return None
        if origin.system == newest.system and origin.epoch < newest.epoch + _CLEARLY_LATER:
            return None
        if origin.system != newest.system and origin.epoch < newest.epoch:
            return None
        self._before, self._newest = newest, origin
        return last

    def look_ahead(self, signal: Signal) -> Iterator[PbxStarted]:
        """What comes before this signal if it is the first of another life."""
        if isinstance(signal, ChannelSignal) and signal.at is not None:
            begins = isinstance(signal, ChannelSeen)
            last = self.look_at(signal.uniqueid, signal.at, begins=begins)
            if last is not None:
                yield PbxStarted(pbx=signal.pbx, at=last, source="ledger")

    def of_this_life(self, uniqueid: str) -> bool:
        """To be asked after `look` found a new life: was this channel born in it?

        The first ones may come so soon after the last of the old life that only the next shows it.
        """
        origin, before = origin_of(uniqueid), self._before
        if origin is None or before is None:
            return False
        if origin.system != before.system:
            return origin.epoch >= before.epoch
        return origin.epoch > before.epoch and origin.counter <= before.counter


def _newer(origin: Origin, than: Origin) -> bool:
    """Of the same life, later."""
    if origin.system != than.system:
        return False
    return origin.counter > than.counter and origin.epoch >= than.epoch


def with_restarts(signals: Iterable[Signal]) -> Iterator[Signal]:
    """Signals of one ledger in the order of its file, and where Asterisk began anew, that too."""
    lives = Lives()
    for signal in signals:
        yield from lives.look_ahead(signal)
        yield signal
