"""What a recorded stream may look like: AMI text, JSON of AMI events, CEL tables. Text in, signals
out; what cannot be read comes out as words, with the rest unharmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ami.cel import parse_time, translate_cel
from ami.recording_beginnings import Beginnings
from ami.recording_events import (
    RECEIVED,
    AnyCase,
    EventDict,
    json_events,
    looks_like_ami,
    raw_messages,
)
from ami.recording_names import with_uniqueids
from ami.recording_old import OldEvents
from ami.recording_order import in_order
from ami.recording_rows import EVENT_TYPES, column, names_a_row, row_of, told_time
from ami.recording_tables import rows_of
from ami.recording_text import decoded, lines_of
from ami.translate import WANTED_EVENTS, translate
from callcenter.calls.signals import Signal
from callcenter.pbx.ledger_headers import LEDGER_EVENT, LEDGER_NAME

__all__ = ["Item", "UnreadableError", "decoded", "signals_of", "system_of"]

Item = Signal | str
"""A signal, or words about a record that could not be read."""

_EVENT_NAMES = {name.lower(): name for name in (*WANTED_EVENTS, LEDGER_EVENT)}
_TELLING = {name.upper() for name in _EVENT_NAMES} | EVENT_TYPES
_TIMES = ("timestamp", "@timestamp", "datereceived", "received_at", "datetime", "time", RECEIVED)
_OLDEST_YEAR = 2000
_SYSTEM = re.compile(r"(.+)-\d{9,10}\.\d+")


class UnreadableError(ValueError):
    """The file is none of the formats that replay reads."""


def signals_of(text: str) -> Iterator[Item]:
    """In file order. Raises UnreadableError when the file holds nothing that can be read."""
    text = text.removeprefix("\ufeff")
    head = re.sub(r"\s+", "", text.lstrip()[:40])
    if not head:
        return
    yield from with_uniqueids(in_order(list(_read(text, head))))


def _read(text: str, head: str) -> Iterator[Item]:
    if head[0] == "{" or head[:2] in ("[{", "[[", "[]", '["') or re.match(r"\[\d+,", head):
        yield from _from_json(text)
    elif looks_like_ami(text):
        yield from _from_events(raw_messages(text))
    else:
        yield from _from_table(text)


def system_of(uniqueid: str) -> str:
    """A Uniqueid begins with the PBX's systemname, where it has one: `pbx1-1795314690.0`."""
    match = _SYSTEM.fullmatch(uniqueid)
    return match.group(1) if match else "pbx"


def _from_json(text: str) -> Iterator[Item]:
    items = list(json_events(text))
    if "{" not in text and text.strip() != "[]":
        raise UnreadableError(f"not a JSON list of AMI events: {text.strip()[:80]!r}")
    yield from _from_events(items)


# -- events --------------------------------------------------------------------------------------


def _from_events(items: Iterable[EventDict | str]) -> Iterator[Item]:
    events: list[AnyCase | str] = []
    met: set[str] = set()
    for item in OldEvents().modern(items):
        if isinstance(item, str):
            events.append(item)
            continue
        uniqueid = str(item.get("Uniqueid", ""))
        if _may_tell(item) or uniqueid not in met:
            events.append(_event(item))
        met.add(uniqueid)
    told = [event for event in events if isinstance(event, AnyCase)]
    systems, beginnings = _Systems(told), Beginnings(told)
    understood = False
    for event in events:
        if isinstance(event, str):
            yield event
            continue
        pbx = systems.of(event)
        yield from beginnings.of(event, pbx)
        signal = _signal(event, pbx)
        if signal is not None:
            understood = True
            yield signal
    if events and not understood:
        yield "no event that tells of a call was found; are these AMI events with their headers?"


def _may_tell(item: EventDict) -> bool:
    """Most events of a busy PBX tell nothing of a call: they are not worth their headers."""
    name = item.get("Event", "")
    return not name or not isinstance(name, str) or name.upper() in _TELLING


def _event(item: EventDict) -> AnyCase:
    event = AnyCase(item)
    name = event.text("Event")
    event["event"] = _EVENT_NAMES.get(name.lower(), name)
    event["timestamp"] = _stamp(event)
    return event


def _stamp(event: AnyCase) -> str:
    """Epoch seconds, from whichever header holds a time that can be read."""
    for name in _TIMES:
        value = event.text(name)
        moment = parse_time(told_time(value)) if value else None
        if moment is not None and moment.year >= _OLDEST_YEAR:
            return f"{moment.timestamp():.6f}"
    return ""


def _signal(event: AnyCase, pbx: str) -> Signal | None:
    """Rows of the ledger may stand among manager events, or be objects by themselves."""
    name = event.text("Event")
    if name == LEDGER_EVENT and event.text(LEDGER_NAME):
        return translate_cel(_ledger_row(event), pbx)
    if name in WANTED_EVENTS:
        return translate(event, pbx)
    names = {column(key) for key in event}
    if name.upper() in EVENT_TYPES or (not name and names_a_row(names)):
        return translate_cel(_ledger_row(event), pbx)
    return None


def _ledger_row(event: Mapping[str, Any]) -> dict[str, str]:
    """The manager tells the type as EventName, beside Event: CEL."""
    rest = {k: v for k, v in event.items() if k != "event" or v != LEDGER_EVENT}
    if "timestamp" in rest and not (rest.get("eventtime") or rest.get("time")):
        rest["eventtime"] = rest["timestamp"]
    return row_of({k: v for k, v in rest.items() if v != ""} | {"timestamp": ""})


class _Systems:
    """Which PBX an event is of: by its SystemName, else by its Uniqueid, else as the one before."""

    def __init__(self, events: list[AnyCase]) -> None:
        named = {name for event in events if (name := event.text("SystemName"))}
        prefixes = dict.fromkeys(map(_prefix, events))
        prefixes.pop("", None)
        self._by_prefix = len(named) != 1 and len(prefixes) > 1
        only = named if len(named) == 1 else prefixes
        self._pbx = next(iter(only), "pbx")

    def of(self, event: AnyCase) -> str:
        prefix = _prefix(event) if self._by_prefix else ""
        self._pbx = event.text("SystemName") or prefix or self._pbx
        return self._pbx


def _prefix(event: AnyCase) -> str:
    for name in ("Uniqueid", "DestUniqueid", "Linkedid", "LocalOneUniqueid", "TransfererUniqueid"):
        system = system_of(event.text(name))
        if system != "pbx":
            return system
    return ""


# -- tables --------------------------------------------------------------------------------------


def _from_table(text: str) -> Iterator[Item]:
    rows = rows_of(text)
    if rows is None:
        first = " / ".join(line for line in lines_of(text) if line.strip())[:120]
        raise UnreadableError(
            "neither AMI text, nor JSON, nor a CEL table: a row must name CEL fields (eventtype, "
            f"eventtime, uniqueid, linkedid, channame, …); it begins {first!r}"
        )
    understood = False
    for row in rows:
        if isinstance(row, str):
            yield row
            continue
        pbx = row.get("systemname") or system_of(row.get("uniqueid", ""))
        signal = translate_cel(row, pbx)
        if signal is not None:
            understood = True
            yield signal
    if not understood:
        yield "no row of a known event type (CHAN_START, ANSWER, BRIDGE_ENTER, HANGUP, …)"
