"""`callcenter replay FILE`: fold a recorded stream with the live code and print what it makes.

Reads raw AMI text, a JSON list or JSON lines of AMI events, and CEL tables (CSV, or separated by
`|` with an optional ruler line). No database, no network. A record that cannot be read becomes an
anomaly with its position, never an end to the rest.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from ami.cel import field_name, translate_cel
from ami.translate import translate
from callcenter.calls.events import Anomaly
from callcenter.calls.record import CallRecord, Leg
from callcenter.calls.signals import Signal
from callcenter.calls.topology import Topology
from callcenter.calls.tracker import Tracker

EventDict = dict[str, str | list[str]]


class UnreadableError(ValueError):
    """The file is none of the formats that replay reads."""


def read_signals(path: Path) -> Iterator[Signal | str]:
    """The signals of a recording in file order; a text where a record could not be read."""
    text = path.read_bytes().decode("utf-8", errors="replace")
    return _signals(text.removeprefix("\ufeff"))


def replay_file(path: Path, topology: Topology | None = None) -> dict[str, Any]:
    """The calls and anomalies of a recording, JSON-ready (docs/architecture.md).

    Raises UnreadableError when the file holds no record of any known format.
    """
    anomalies: list[dict[str, Any]] = []
    trackers: dict[str, Tracker] = {}
    for position, item in enumerate(read_signals(path), start=1):
        if isinstance(item, str):
            anomalies.append(_unreadable(position, item))
            continue
        tracker = trackers.get(item.pbx)
        if tracker is None:
            tracker = trackers[item.pbx] = Tracker(item.pbx, topology, keep_ended=10**9)
        outputs = tracker.apply(item)
        anomalies += [_anomaly_json(out) for out in outputs if isinstance(out, Anomaly)]
    calls = [call_json(record) for t in trackers.values() for record in t.records()]
    return {"calls": calls, "anomalies": anomalies}


def call_json(call: CallRecord) -> dict[str, Any]:
    """One call as `callcenter replay` prints it: a shape that others build on."""
    return {
        "id": call.id,
        "direction": call.direction,
        "started_at": _iso(call.started_at),
        "answered_at": _iso(call.answered_at),
        "ended_at": _iso(call.ended_at),
        "result": call.result,
        "caller": {"number": call.caller_number, "name": call.caller_name},
        "dialed": call.dialed,
        "queues": list(call.queues),
        "legs": [_leg_json(leg) for leg in call.legs],
        "answered_by": list(call.answered_by),
        "last_speaker": call.last_speaker or None,
        "transfers": [
            {"kind": t.kind, "by": t.by, "to": t.to, "at": _iso(t.at)} for t in call.transfers
        ],
        "wait_seconds": call.wait_seconds,
        "talk_seconds": call.talk_seconds,
        "hold_seconds": call.hold_seconds,
        "hangup": {"by": call.hangup_by or None, "cause": call.hangup_cause},
        "channels": list(call.channels),
        "linkedids": list(call.linkedids),
    }


def _leg_json(leg: Leg) -> dict[str, Any]:
    return {
        "channel": leg.channel,
        "uniqueid": leg.uniqueid,
        "number": leg.number,
        "role": leg.role,
        "ringing_at": _iso(leg.ringing_at),
        "answered_at": _iso(leg.answered_at),
        "ended_at": _iso(leg.ended_at),
        "result": leg.result,
        "talk_seconds": leg.talk_seconds,
        "hold_seconds": leg.hold_seconds,
    }


def _anomaly_json(anomaly: Anomaly) -> dict[str, Any]:
    return {
        "kind": anomaly.kind,
        "pbx": anomaly.pbx,
        "uniqueid": anomaly.uniqueid,
        "detail": anomaly.detail,
        "at": _iso(anomaly.at),
    }


def _unreadable(position: int, detail: str) -> dict[str, Any]:
    return {
        "kind": "unreadable",
        "pbx": "",
        "uniqueid": "",
        "detail": f"record {position}: {detail}",
        "at": None,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _signals(text: str) -> Iterator[Signal | str]:
    """Signals in file order; a text where a record could not be read."""
    head = text.lstrip()[:1]
    if not head:
        return
    if head == "[":
        yield from _from_events(_json_list(text))
    elif head == "{":
        yield from _from_events(_json_lines(text))
    elif _looks_like_ami(text):
        yield from _from_events(_raw_messages(text))
    else:
        yield from _from_table(text)


def _looks_like_ami(text: str) -> bool:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.startswith("Asterisk Call Manager"):
        return True
    key, separator, _ = first.partition(":")
    return bool(separator) and "|" not in first and "," not in key and " " not in key.strip()


def _json_list(text: str) -> Iterator[EventDict | str]:
    try:
        items = json.loads(text)
    except ValueError as error:
        raise UnreadableError(f"not a JSON list of AMI events: {error}") from error
    yield from (
        item if isinstance(item, dict) else f"not an object: {item!r:.80}" for item in items
    )


def _json_lines(text: str) -> Iterator[EventDict | str]:
    for line in text.splitlines():
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except ValueError as error:
            yield f"not JSON: {error}"
            continue
        yield item if isinstance(item, dict) else f"not an object: {line[:80]}"


def _raw_messages(text: str) -> Iterator[EventDict | str]:
    message: EventDict = {}
    for line in text.splitlines():
        if not line.strip():
            if message:
                yield message
            message = {}
            continue
        key, separator, value = line.partition(":")
        if not separator:
            continue
        key, value = key.strip(), value.strip()
        known = message.get(key)
        if known is None:
            message[key] = value
        else:
            message[key] = [*(known if isinstance(known, list) else [known]), value]
    if message:
        yield message


def _from_events(items: Iterable[EventDict | str]) -> Iterator[Signal | str]:
    pbx = "pbx"
    for item in items:
        if isinstance(item, str):
            yield item
            continue
        event = {str(k): _as_text(v) for k, v in item.items()}
        name = event.get("SystemName")
        if isinstance(name, str) and name:
            pbx = name
        signal = translate(event, pbx)
        if signal is not None:
            yield signal


def _as_text(value: Any) -> str | list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    return "" if value is None else str(value)


def _from_table(text: str) -> Iterator[Signal | str]:
    lines = [line for line in text.splitlines() if line.strip() and not _is_ruler(line)]
    separator = "|" if "|" in lines[0] else ","
    rows = csv.reader(lines, delimiter=separator) if separator == "," else _pipe_rows(lines)
    header = [field_name(cell) for cell in next(iter(rows))]
    if "eventtype" not in header or not {"uniqueid", "linkedid"} & set(header):
        raise UnreadableError(
            "neither AMI text, nor JSON, nor a CEL table: the first row must name CEL fields "
            f"(eventtype, eventtime, uniqueid, linkedid, channame, …); it is {lines[0][:120]!r}"
        )
    for cells in rows:
        if len(cells) < len(header) // 2:
            yield f"torn ledger row: {str(cells)[:80]}"
            continue
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
        signal = translate_cel(row, _system_of(row.get("uniqueid", "")))
        if signal is not None:
            yield signal


def _system_of(uniqueid: str) -> str:
    """A Uniqueid begins with the PBX's systemname, where it has one: `pbx1-1795314690.0`."""
    match = re.fullmatch(r"(.+)-\d+\.\d+", uniqueid)
    return match.group(1) if match else "pbx"


def _pipe_rows(lines: list[str]) -> Iterator[list[str]]:
    """Cells between pipes; a table may or may not have outer pipes, its header row tells."""
    outer = lines[0].lstrip().startswith("|")
    for line in lines:
        text = line.strip().removeprefix("|").removesuffix("|") if outer else line
        yield [cell.strip() for cell in text.split("|")]


def _is_ruler(line: str) -> bool:
    return not set(line.strip()) - set("-+=| ")
