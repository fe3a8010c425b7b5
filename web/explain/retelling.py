"""The events of one call: read once for the page, the picture and the download.

Whatever the manager door knows of its events it knows there: it offers its reader as an entry
point, and this module hands it the very file that people download. So the picture shows what
`callcenter replay` would say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import Any

import structlog

from callcenter.calls.facts import CallFacts
from callcenter.calls.journal import JournalPart
from callcenter.calls.record import CallRecord
from callcenter.calls.tracker import Tracker
from callcenter.pbx.journal_text import RawEvent, events_of, json_lines
from callcenter.pbx.masking import masked

log = structlog.get_logger(__name__)
RECORDING = "application/x-ndjson"
_GROUP = "callcenter.recordings"


@dataclass(frozen=True, slots=True)
class EventFilter:
    """`source` is live, ledger or '' for both; `text` is part of any header's value."""

    source: str = ""
    text: str = ""

    def keeps(self, event: RawEvent) -> bool:
        if self.source and event.source != self.source:
            return False
        wanted = self.text.casefold()
        return not wanted or wanted in event.name.casefold() or _holds(event, wanted)


def read(parts: Sequence[JournalPart]) -> list[RawEvent]:
    return events_of(parts)


def recording(events: Sequence[RawEvent], *, hide: bool) -> str:
    """The file that `callcenter replay` reads; with `hide` it tells nobody's number or name."""
    return "".join(json_lines(masked(events) if hide else events))


def facts_of(record: CallRecord, events: Sequence[RawEvent]) -> CallFacts | None:
    """What the events say of this call, folded by the live code; None without events."""
    reader = _reader()
    if reader is None or not events:
        return None
    tracker = Tracker(keep_ended=1000)
    try:
        tracker.fold(one for one in reader(recording(events, hide=False)) if _is_signal(one))
    except Exception as error:  # noqa: BLE001 (a page about a call must not fail for its journal)
        log.warning("explain.journal_unreadable", call=record.id, error=type(error).__name__)
        return None
    found = (tracker.facts(uniqueid) for uniqueid in record.uniqueids)
    return next((facts for facts in found if facts is not None and facts.channels), None)


@cache
def _reader() -> Callable[[str], Iterable[Any]] | None:
    for entry in entry_points(group=_GROUP):
        reader: Callable[[str], Iterable[Any]] = entry.load()
        return reader
    return None


def _is_signal(item: object) -> bool:
    return not isinstance(item, str)


def _holds(event: RawEvent, wanted: str) -> bool:
    return any(
        wanted in one.casefold()
        for value in event.headers.values()
        for one in (value if isinstance(value, list) else (value,))
    )
