"""A caller who leaves a message for a queue, as the live stream and as the ledger tells it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from ami.cel import translate_cel
from ami.translate import translate
from callcenter.calls.record import CallRecord
from callcenter.calls.signals import Signal
from callcenter.calls.topology import Topology
from callcenter.calls.tracker import Tracker
from tests.support.store import NOW

UNIQUEID = f"{int(NOW.timestamp())}.1"
FILE = f"{UNIQUEID}-message-support.wav"
_CHANNEL, _NUMBER = "PJSIP/trunk-00000001", "+48221234567"
_ROUTE, _GREETED, _TALK, _END = 1.0, 7.0, 8.0, 20.0


def live() -> list[Signal]:
    told = [
        _event("Newchannel", 0, ChannelState="0", Exten="+48221000001", Context="from-trunk"),
        _event("Newstate", 0.1, ChannelState="6"),
        _event("VarSet", _ROUTE, Variable="CRM_ROUTE", Value="voicemail"),
        _event("VarSet", _GREETED, Variable="CRM_OUTCOME", Value="voicemail"),
        _event("VarSet", _TALK, Variable="CRM_MESSAGE", Value=FILE),
        _event("Hangup", _END, Cause="16"),
    ]
    return [one for event in told if (one := translate(event, "pbx")) is not None]


def ledger() -> list[Signal]:
    route = {"eventtype": "USER_DEFINED", "userdeftype": "CRM_ROUTE", "extra": _note("voicemail")}
    message = {"eventtype": "CRM_MESSAGE", "extra": _note(FILE)}
    ending = json.dumps({"hangupcause": 16, "hangupsource": _CHANNEL, "dialstatus": ""})
    rows = [
        _row(0, eventtype="CHAN_START", exten="+48221000001", context="from-trunk"),
        _row(0.1, eventtype="ANSWER"),
        _row(_ROUTE, **route),
        _row(_GREETED, eventtype="CRM_OUTCOME", extra=_note("voicemail")),
        _row(_TALK, **message),
        _row(_END, eventtype="HANGUP", extra=ending),
        _row(_END, eventtype="CHAN_END"),
        _row(_END, eventtype="LINKEDID_END"),
    ]
    return [one for row in rows if (one := translate_cel(row, "pbx")) is not None]


def fold(signals: Iterable[Signal]) -> CallRecord:
    tracker = Tracker("pbx", Topology(trunks=("PJSIP/trunk*",)))
    tracker.fold(signals)
    (record,) = tracker.records()
    return record


def _event(name: str, second: float, **more: str) -> dict[str, str]:
    about = {"Channel": _CHANNEL, "Uniqueid": UNIQUEID, "Linkedid": UNIQUEID}
    at = {"Timestamp": f"{NOW.timestamp() + second:.6f}", "CallerIDNum": _NUMBER}
    return {"Event": name, **at, **about, **more}


def _row(second: float, **more: str) -> dict[str, str]:
    about = {"channame": _CHANNEL, "uniqueid": UNIQUEID, "linkedid": UNIQUEID}
    at = {"eventtime": f"{NOW.timestamp() + second:.6f}", "cid_num": _NUMBER}
    return {**at, **about, **more}


def _note(value: str) -> str:
    return json.dumps({"extra": value})


def messages_of(record: CallRecord) -> list[tuple[str, datetime | None, datetime | None]]:
    return [
        (sound.file, sound.started_at, sound.stopped_at)
        for leg in record.legs
        for sound in leg.recordings
    ]
