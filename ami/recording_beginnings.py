"""Channels that were there before a recording began: their first event says who they are.

Every event of a channel repeats its number, name, extension and context. The live listener has a
snapshot for this; a file that begins in mid-call has nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ami.recording_events import AnyCase
from ami.translate import translate
from callcenter.calls.signals import ChannelSeen

_PARTIES = ("", "Dest", "OrigTransferer", "SecondTransferer", "Transferer", "Transferee", "Target")
_HEADERS = (
    *("Uniqueid", "Linkedid", "Channel", "ChannelState", "CallerIDNum", "CallerIDName"),
    *("Exten", "Context"),
)


class Beginnings:
    """Tells of each channel that was made before the file began, at its first event."""

    def __init__(self, events: Iterable[AnyCase]) -> None:
        self._known = {e.text("Uniqueid") for e in events if e.text("Event") == "Newchannel"}

    def of(self, event: AnyCase, pbx: str) -> Iterator[ChannelSeen]:
        for party in _PARTIES:
            uniqueid = event.text(party + "Uniqueid")
            if uniqueid and uniqueid not in self._known and event.text(party + "ChannelState"):
                self._known.add(uniqueid)
                seen = translate(_newchannel(event, party), pbx)
                if isinstance(seen, ChannelSeen):
                    yield replace(seen, created=False)


def _newchannel(event: AnyCase, party: str) -> AnyCase:
    headers: Sequence[tuple[str, str]] = [(name, event.text(party + name)) for name in _HEADERS]
    told = {"Event": "Newchannel", "Timestamp": event.text("Timestamp")}
    return AnyCase({**dict(headers), **{key: value for key, value in told.items() if value}})
