"""`callcenter replay FILE`: fold a recorded stream with the live code and print what it makes.

Reads raw AMI text (also behind a log's times), JSON of AMI events or of CEL rows in lists or lines,
CEL events among others, and CEL tables: CSV of any separator, tables drawn with `|`, Asterisk's own
files without titles. No database, no network. A record that cannot be read becomes an anomaly with
its position, never an end to the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from ami.ledger.restarts import Lives
from ami.recording_formats import Item, UnreadableError, decoded, signals_of
from callcenter.calls.events import Anomaly
from callcenter.calls.record import CallRecord, Leg
from callcenter.calls.signals import Signal
from callcenter.calls.topology import Topology
from callcenter.calls.tracker import Tracker

__all__ = ["UnreadableError", "call_json", "read_signals", "replay_file"]


def read_signals(path: Path) -> Iterator[Item]:
    """The signals of a recording in file order; a text where a record could not be read."""
    return signals_of(decoded(path.read_bytes()))


def replay_file(path: Path, topology: Topology | None = None) -> dict[str, Any]:
    """The calls and anomalies of a recording, JSON-ready (docs/architecture.md).

    Raises UnreadableError when the file holds no record of any known format.
    """
    anomalies: list[dict[str, Any]] = []
    trackers: dict[str, Tracker] = {}
    lives: dict[str, Lives] = defaultdict(Lives)
    for position, item in enumerate(read_signals(path), start=1):
        if isinstance(item, str):
            anomalies.append(_unreadable(position, item))
            continue
        tracker = trackers.get(item.pbx)
        if tracker is None:
            tracker = trackers[item.pbx] = Tracker(item.pbx, topology, keep_ended=10**9)
        outputs = [out for one in _with_restart(item, lives) for out in tracker.apply(one)]
        anomalies += [_anomaly_json(out) for out in outputs if isinstance(out, Anomaly)]
    calls = [call_json(record) for t in trackers.values() for record in t.records()]
    return {"calls": calls, "anomalies": anomalies}


def _with_restart(item: Signal, lives: Mapping[str, Lives]) -> Iterator[Signal]:
    """The ledger does not say that Asterisk began anew: its channel counter does."""
    if item.source == "ledger":
        yield from lives[item.pbx].look_ahead(item)
    yield item


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
        "menu": list(call.menu),
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
        "ring_seconds": leg.ring_seconds,
        "wrap_up_seconds": leg.wrap_up_seconds,
        "recordings": [
            {
                "file": sound.file,
                "started_at": _iso(sound.started_at),
                "stopped_at": _iso(sound.stopped_at),
                "pauses": [[_iso(start), _iso(end)] for start, end in sound.pauses],
            }
            for sound in leg.recordings
        ],
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
