"""From Asterisk's channel event log (CEL) to signals: the only place that knows its fields.

Pure. A row is a mapping of lower-case CEL field names to text. What CEL does not say (ringing,
dial attempts) is left out; what only it says (who hung up, the dial status of the caller's side)
comes in the `extra` JSON of HANGUP.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from callcenter.calls import signals as s

Row = Mapping[str, str]

LEDGER_ALIVE = "LEDGER_ALIVE"
LEDGER_SILENT = "LEDGER_SILENT"
"""Rows that our own reader adds where Asterisk died: until when it was heard of, and that what was
open then ended, unseen."""

_ALIASES = {
    "event": "eventtype",
    "eventname": "eventtype",
    "time": "eventtime",
    "channel": "channame",
    "app": "appname",
    "cid_number": "cid_num",
    "calleridnum": "cid_num",
    "calleridname": "cid_name",
    "eventextra": "extra",
    "uniqueid": "uniqueid",
    "linkedid": "linkedid",
}
_STATUS: dict[str, s.DialStatus] = {
    "ANSWER": "answer",
    "BUSY": "busy",
    "NOANSWER": "no_answer",
    "CANCEL": "cancel",
    "CONGESTION": "congestion",
    "CHANUNAVAIL": "unavailable",
}


# What the dialplans of XiVO and Wazo note of a call's way.
_OUR_NOTES = (
    *("CRM_ROUTE", "CRM_FORWARD", "CRM_MENU", "CRM_MESSAGE", "CRM_PREFERRED"),
    "CRM_OUTCOME",
)
_SIDES: dict[str, s.ToldSide] = {
    "XIVO_INCALL": "comes_in",
    "WAZO_INCALL": "comes_in",
    "XIVO_OUTCALL": "goes_out",
    "WAZO_OUTCALL": "goes_out",
}
_PAIR = re.compile(r'"(\w+)"\s*:\s*"*([^",}]*)')


def field_name(header: str) -> str:
    """A column title as the CEL field it means (`EventName` → `eventtype`)."""
    name = header.strip().strip('"').lower()
    return _ALIASES.get(name, name)


def parse_time(value: str) -> datetime | None:
    """Epoch seconds, or a date and time which is UTC unless it carries an offset."""
    value = value.strip()
    try:
        return datetime.fromtimestamp(float(value), UTC)
    except (ValueError, OverflowError, OSError):
        pass
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _extra(row: Row) -> dict[str, Any]:
    text = row.get("extra") or "{}"
    try:
        extra = json.loads(text)
    except ValueError:
        # Cut or badly quoted on its way here: the pairs that can still be told apart.
        return dict(_PAIR.findall(text))
    return extra if isinstance(extra, dict) else {}


def _channel(row: Row) -> dict[str, Any]:
    return {
        "uniqueid": row.get("uniqueid", ""),
        "channel": row.get("channame", ""),
        "linkedid": row.get("linkedid", ""),
    }


def _chan_start(row: Row, base: dict[str, Any]) -> s.Signal:
    return s.ChannelSeen(
        **base,
        **_channel(row),
        number=row.get("cid_num", ""),
        name=row.get("cid_name", ""),
        exten=row.get("exten", ""),
        context=row.get("context", ""),
    )


def _answer(row: Row, base: dict[str, Any]) -> s.Signal:
    return s.ChannelPhaseChanged(
        **base,
        **_channel(row),
        phase="up",
        number=row.get("cid_num", ""),
        name=row.get("cid_name", ""),
    )


def _app_start(row: Row, base: dict[str, Any]) -> s.Signal:
    app, data = row.get("appname", ""), row.get("appdata", "")
    if app.lower() == "queue":
        return s.QueueJoined(**base, **_channel(row), queue=data.split(",", 1)[0])
    if app.lower() == "mixmonitor":
        return s.SoundKept(**base, **_channel(row), file=data.split(",", 1)[0])
    if app.lower() == "stopmixmonitor":
        return s.SoundStopped(**base, **_channel(row))
    if app.lower() in ("chanspy", "extenspy"):
        return s.SpyStarted(**base, **_channel(row))
    return s.AppEntered(
        **base,
        **_channel(row),
        app=app,
        data=data,
        number=row.get("cid_num", ""),
        name=row.get("cid_name", ""),
        exten=row.get("exten", ""),
        context=row.get("context", ""),
    )


def _app_end(row: Row, base: dict[str, Any]) -> s.Signal | None:
    if row.get("appname", "").lower() != "queue":
        return None
    queue = row.get("appdata", "").split(",", 1)[0]
    return s.QueueLeft(**base, **_channel(row), queue=queue)


def _bridge_enter(row: Row, base: dict[str, Any]) -> s.Signal:
    extra = _extra(row)
    technology = str(extra.get("bridge_technology", ""))
    return s.BridgeEntered(
        **base,
        **_channel(row),
        bridge=_bridge(row, extra),
        holding=technology.startswith("holding"),
        conference=technology.startswith("softmix"),
    )


def _bridge_exit(row: Row, base: dict[str, Any]) -> s.Signal:
    return s.BridgeLeft(**base, **_channel(row), bridge=_bridge(row, _extra(row)))


def _bridge(row: Row, extra: Row) -> str:
    """A row without its `extra` names no bridge: the call thread stands for it, no stranger's."""
    thread = row.get("linkedid") or row.get("uniqueid", "")
    return str(extra.get("bridge_id") or f"of thread {thread}")


def _hangup(row: Row, base: dict[str, Any]) -> s.Signal:
    extra = _extra(row)
    cause = extra.get("hangupcause")
    return s.HungUp(
        **base,
        **_channel(row),
        cause=int(cause) if isinstance(cause, int | str) and str(cause).isdecimal() else None,
        dial_status=_STATUS.get(str(extra.get("dialstatus", ""))),
        ended_by=str(extra.get("hangupsource", "")),
        number=row.get("cid_num", ""),
        originated=row.get("appname", "") == "AppDial2",
    )


def _chan_end(row: Row, base: dict[str, Any]) -> s.Signal:
    """Comes with HANGUP at the same moment, and tells less; a torn HANGUP leaves this one."""
    return s.HungUp(**base, **_channel(row))


def _alive(_row: Row, base: dict[str, Any]) -> s.Signal:
    return s.PbxAlive(**base)


def _silent(_row: Row, base: dict[str, Any]) -> s.Signal:
    """What was made at that very moment ended too."""
    at = base["at"] and base["at"] + timedelta(microseconds=1)
    return s.PbxStarted(**{**base, "at": at})


def _linkedid_end(row: Row, base: dict[str, Any]) -> s.Signal:
    return s.ThreadEnded(**base, linkedid=row.get("linkedid", ""))


def _blind(row: Row, base: dict[str, Any]) -> s.Signal:
    extra = _extra(row)
    return s.Transferred(
        **base,
        **_channel(row),
        kind="blind",
        to=str(extra.get("extension", "")),
        transferee_channel=str(extra.get("transferee_channel_name", "")),
        transferee_uniqueid=str(extra.get("transferee_channel_uniqueid", "")),
    )


def _attended(row: Row, base: dict[str, Any]) -> s.Signal:
    """Without a target channel the transferer left while it rang (a blonde transfer)."""
    target = _named(row, "transfer_target_channel_uniqueid")
    return s.Transferred(
        **base,
        **_channel(row),
        kind="attended" if target else "blonde",
        second_channel=_named(row, "channel2_name"),
        second_uniqueid=_named(row, "channel2_uniqueid"),
        transferee_channel=_named(row, "transferee_channel_name"),
        transferee_uniqueid=_named(row, "transferee_channel_uniqueid"),
        target_channel=_named(row, "transfer_target_channel_name"),
        target_uniqueid=target,
    )


def _pickup(row: Row, base: dict[str, Any]) -> s.Signal | None:
    """The row's channel is the one that rang; whoever picked up stands in the extra."""
    picker = _named(row, "pickup_channel_uniqueid")
    if not picker:
        return None
    return s.Transferred(
        **base,
        uniqueid=picker,
        channel=_named(row, "pickup_channel"),
        kind="pickup",
        target_channel=row.get("channame", ""),
        target_uniqueid=row.get("uniqueid", ""),
    )


def _named(row: Row, name: str) -> str:
    """A field of the extra; Asterisk writes N/A for a channel that there is not."""
    value = str(_extra(row).get(name, ""))
    return "" if value == "N/A" else value


def _stream(row: Row, base: dict[str, Any]) -> s.Signal | None:
    """Music has a class, a sound that is played a name; an end says neither."""
    begins = row.get("eventtype", "").strip().upper() == "STREAM_BEGIN"
    if begins and not _named(row, "class"):
        return None
    return s.MusicPlayed(**base, **_channel(row), on=begins)


def _park_start(row: Row, base: dict[str, Any]) -> s.Signal:
    return s.Parked(**base, **_channel(row), space=str(_extra(row).get("parking_space", "")))


def _park_end(row: Row, base: dict[str, Any]) -> s.Signal:
    return s.Unparked(**base, **_channel(row), retriever_channel=_named(row, "retriever"))


def _local_optimize(row: Row, base: dict[str, Any]) -> s.Signal:
    extra = _extra(row)
    return s.LocalPaired(**base, **_channel(row), other_uniqueid=str(extra.get("local_two_id", "")))


def _forward(row: Row, base: dict[str, Any]) -> s.Signal:
    return s.Transferred(
        **base, **_channel(row), kind="forward", to=str(_extra(row).get("forward", ""))
    )


def _user_defined(row: Row, base: dict[str, Any]) -> s.Signal | None:
    """Our dialplan notes routes, keys that were pressed, messages: CELGenUserEvent(CRM_ROUTE,…).

    cel_custom writes the user's own name where the event type stands, databases USER_DEFINED.
    """
    name = row.get("userdeftype") or row.get("eventtype", "")
    side = _SIDES.get(name.upper())
    if side is not None:
        return s.SideTold(**base, **_channel(row), side=side)
    if name not in _OUR_NOTES:
        return None
    value = str(_extra(row).get("extra", ""))
    return s.VariableSet(**base, **_channel(row), name=name, value=value)


_TABLE: dict[str, Callable[[Row, dict[str, Any]], s.Signal | None]] = {
    "CHAN_START": _chan_start,
    "ANSWER": _answer,
    "APP_START": _app_start,
    "APP_END": _app_end,
    "BRIDGE_ENTER": _bridge_enter,
    "BRIDGE_EXIT": _bridge_exit,
    "HANGUP": _hangup,
    "CHAN_END": _chan_end,
    LEDGER_ALIVE: _alive,
    LEDGER_SILENT: _silent,
    "LINKEDID_END": _linkedid_end,
    "BLINDTRANSFER": _blind,
    "ATTENDEDTRANSFER": _attended,
    "PICKUP": _pickup,
    "STREAM_BEGIN": _stream,
    "STREAM_END": _stream,
    "PARK_START": _park_start,
    "PARK_END": _park_end,
    "LOCAL_OPTIMIZE": _local_optimize,
    "LOCAL_OPTIMIZE_BEGIN": _local_optimize,
    "FORWARD": _forward,
    "USER_DEFINED": _user_defined,
    **dict.fromkeys(_OUR_NOTES, _user_defined),
    **dict.fromkeys(_SIDES, _user_defined),
}


def translate_cel(row: Row, pbx: str) -> s.Signal | None:
    """The signal that this ledger row is, or None if it says nothing about a call."""
    make = _TABLE.get(row.get("eventtype", "").strip().upper())
    if make is None:
        return None
    at = parse_time(row.get("eventtime", ""))
    return make(row, {"pbx": pbx, "at": at, "source": "ledger"})
