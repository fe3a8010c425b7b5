"""From manager events to signals: the only place that knows AMI header names.

Pure. Events of Asterisk 13 to 22 in their `Key: value` form as a mapping; repeated headers may be
lists. An event that means nothing to a call gives None; a broken one too, never an exception
(counted by the caller as untranslated).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from callcenter.calls import signals as s

Event = Mapping[str, str | list[str]]

_IDENTITY = ("Channel", "Uniqueid", "Linkedid")
_STATUS: dict[str, s.DialStatus] = {
    "ANSWER": "answer",
    "BUSY": "busy",
    "NOANSWER": "no_answer",
    "CANCEL": "cancel",
    "ABORT": "cancel",
    "CONGESTION": "congestion",
    "CHANUNAVAIL": "unavailable",
}
_PHASE: dict[str, s.ChannelPhase] = {
    "0": "down",
    "1": "down",
    "2": "down",
    "3": "down",
    "4": "ring",
    "5": "ringing",
    "6": "up",
    "7": "busy",
}
_UNKNOWN_TEXT = frozenset({"<unknown>", "<none>", "unknown", "<no name>"})

Common = dict[str, Any]


def text(event: Event, *names: str) -> str:
    """The first non-empty of these headers, as one string."""
    for name in names:
        value = event.get(name)
        if value:
            return value if isinstance(value, str) else value[-1]
    return ""


def _party(event: Event, *names: str) -> str:
    value = text(event, *names)
    return "" if value in _UNKNOWN_TEXT else value


def _time(event: Event) -> datetime | None:
    stamp = event.get("Timestamp")
    if not stamp:
        return None
    try:
        return datetime.fromtimestamp(float(cast("str", stamp)), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _number(event: Event, name: str) -> int | None:
    value = text(event, name)
    return int(value) if value.isdecimal() and len(value) < 9 else None


def _channel(event: Event, prefix: str = "") -> Common:
    return {
        "uniqueid": text(event, prefix + "Uniqueid", prefix + "UniqueID"),
        "channel": text(event, prefix + "Channel"),
        "linkedid": text(event, prefix + "Linkedid", prefix + "LinkedID"),
    }


def _newchannel(event: Event, base: Common) -> s.Signal:
    return s.ChannelSeen(
        **base,
        **_channel(event),
        phase=_PHASE.get(text(event, "ChannelState"), "other"),
        number=_party(event, "CallerIDNum"),
        name=_party(event, "CallerIDName"),
        exten=text(event, "Exten"),
        context=text(event, "Context"),
    )


def _newstate(event: Event, base: Common) -> s.Signal:
    return s.ChannelPhaseChanged(
        **base,
        **_channel(event),
        phase=_PHASE.get(text(event, "ChannelState"), "other"),
        number=_party(event, "CallerIDNum"),
        name=_party(event, "CallerIDName"),
    )


def _newcallerid(event: Event, base: Common) -> s.Signal:
    return s.CallerIdentified(
        **base,
        **_channel(event),
        number=_party(event, "CallerIDNum"),
        name=_party(event, "CallerIDName"),
    )


def _rename(event: Event, base: Common) -> s.Signal:
    return s.ChannelRenamed(**base, **_channel(event), new_name=text(event, "Newname"))


def _newexten(event: Event, base: Common) -> s.Signal | None:
    app = text(event, "Application")
    if app.lower() != "voicemail":
        return None
    return s.AppEntered(**base, **_channel(event), app=app, data=text(event, "AppData"))


def _varset(event: Event, base: Common) -> s.Signal | None:
    """Set on a channel; Asterisk names the channel of a global variable "none"."""
    name = text(event, "Variable")
    if name == "MIXMONITOR_FILENAME":  # MixMonitorStart itself does not name the file
        return s.SoundKept(**base, **_channel(event), file=text(event, "Value"))
    if not name.startswith("CRM_") or text(event, "Uniqueid") in ("", "none"):
        return None
    return s.VariableSet(**base, **_channel(event), name=name, value=text(event, "Value"))


def _dial_begin(event: Event, base: Common) -> s.Signal:
    return s.DialBegun(
        **base,
        **_channel(event, "Dest"),
        caller_uniqueid=text(event, "Uniqueid"),
        caller_channel=text(event, "Channel"),
        caller_linkedid=text(event, "Linkedid"),
        dial_string=text(event, "DialString"),
    )


def _dial_end(event: Event, base: Common) -> s.Signal:
    return s.DialEnded(
        **base,
        **_channel(event, "Dest"),
        caller_uniqueid=text(event, "Uniqueid"),
        caller_channel=text(event, "Channel"),
        caller_linkedid=text(event, "Linkedid"),
        status=_STATUS.get(text(event, "DialStatus"), "other"),
        forwarded_to=text(event, "Forward"),
    )


def _bridge_enter(event: Event, base: Common) -> s.Signal:
    technology = text(event, "BridgeTechnology")
    return s.BridgeEntered(
        **base,
        **_channel(event),
        bridge=text(event, "BridgeUniqueid"),
        holding=technology.startswith("holding"),
        conference=technology.startswith("softmix"),
    )


def _bridge_leave(event: Event, base: Common) -> s.Signal:
    return s.BridgeLeft(**base, **_channel(event), bridge=text(event, "BridgeUniqueid"))


def _meetme_join(event: Event, base: Common) -> s.Signal:
    """A MeetMe room (until Asterisk 18) is mixed outside Asterisk's bridges."""
    room = f"meetme {text(event, 'Meetme')}"
    return s.BridgeEntered(**base, **_channel(event), bridge=room, conference=True)


def _meetme_leave(event: Event, base: Common) -> s.Signal:
    room = f"meetme {text(event, 'Meetme')}"
    return s.BridgeLeft(**base, **_channel(event), bridge=room)


def _local_bridge(event: Event, base: Common) -> s.Signal:
    return s.LocalPaired(
        **base,
        **_channel(event, "LocalOne"),
        other_uniqueid=text(event, "LocalTwoUniqueid"),
        other_channel=text(event, "LocalTwoChannel"),
        other_linkedid=text(event, "LocalTwoLinkedid"),
    )


def _hold(event: Event, base: Common) -> s.Signal:
    return s.Held(**base, **_channel(event))


def _unhold(event: Event, base: Common) -> s.Signal:
    return s.Unheld(**base, **_channel(event))


def _queue_join(event: Event, base: Common) -> s.Signal:
    return s.QueueJoined(
        **base, **_channel(event), queue=text(event, "Queue"), position=_number(event, "Position")
    )


def _queue_leave(event: Event, base: Common) -> s.Signal:
    return s.QueueLeft(**base, **_channel(event), queue=text(event, "Queue"))


def _queue_abandon(event: Event, base: Common) -> s.Signal:
    return s.QueueLeft(**base, **_channel(event), queue=text(event, "Queue"), abandoned=True)


def _agent_called(event: Event, base: Common) -> s.Signal:
    return s.MemberRung(
        **base,
        **_channel(event),
        queue=text(event, "Queue"),
        member=text(event, "Interface", "MemberName"),
        member_uniqueid=text(event, "DestUniqueid"),
        member_channel=text(event, "DestChannel"),
    )


def _agent_connect(event: Event, base: Common) -> s.Signal:
    return s.MemberConnected(
        **base,
        **_channel(event),
        queue=text(event, "Queue"),
        member=text(event, "Interface", "MemberName"),
        member_uniqueid=text(event, "DestUniqueid"),
        member_channel=text(event, "DestChannel"),
    )


def _member_rules(event: Event, base: Common) -> s.Signal | None:
    seconds = _number(event, "Wrapuptime")
    if seconds is None:
        return None
    return s.MemberRules(
        **base,
        queue=text(event, "Queue"),
        member=text(event, "Interface", "StateInterface"),
        wrap_up_seconds=float(seconds),
    )


def _parked(event: Event, base: Common) -> s.Signal:
    return s.Parked(**base, **_channel(event, "Parkee"), space=text(event, "ParkingSpace"))


def _unparked(event: Event, base: Common) -> s.Signal:
    return s.Unparked(
        **base,
        **_channel(event, "Parkee"),
        retriever_uniqueid=text(event, "RetrieverUniqueid"),
        retriever_channel=text(event, "RetrieverChannel"),
    )


def _booted(event: Event, base: Common) -> s.Signal | None:
    """Also said at every log-in, with how long ago it was; never with a time of its own."""
    uptime = _number(event, "Uptime")
    return s.PbxStarted(**base, uptime_seconds=uptime) if uptime is not None else None


def _stopped(_event: Event, base: Common) -> s.Signal:
    return s.PbxStopped(**base)


def _failed(event: Event) -> bool:
    """`Fail`, `Invalid` (a number that leads nowhere) or `Not Permitted`: nobody went anywhere."""
    return text(event, "Result") not in ("", "Success")


def _blind_transfer(event: Event, base: Common) -> s.Signal | None:
    if _failed(event):
        return None
    return s.Transferred(
        **base,
        **_channel(event, "Transferer"),
        kind="blind",
        to=text(event, "Extension"),
        transferee_uniqueid=text(event, "TransfereeUniqueid"),
        transferee_channel=text(event, "TransfereeChannel"),
    )


def _attended_transfer(event: Event, base: Common) -> s.Signal | None:
    """OrigTransferer is the first call's leg, SecondTransferer the consultation's.

    A "blonde" transfer is one whose target had not answered: there is no target channel yet.
    """
    if _failed(event):
        return None
    target = text(event, "TransferTargetUniqueid")
    dest_type = text(event, "DestType")
    return s.Transferred(
        **base,
        **_channel(event, "OrigTransferer"),
        kind="attended" if target or dest_type == "Bridge" else "blonde",
        second_uniqueid=text(event, "SecondTransfererUniqueid"),
        second_channel=text(event, "SecondTransfererChannel"),
        transferee_uniqueid=text(event, "TransfereeUniqueid"),
        transferee_channel=text(event, "TransfereeChannel"),
        target_uniqueid=target,
        target_channel=text(event, "TransferTargetChannel"),
    )


def _pickup(event: Event, base: Common) -> s.Signal:
    return s.Transferred(
        **base,
        **_channel(event),
        kind="pickup",
        target_uniqueid=text(event, "TargetUniqueid"),
        target_channel=text(event, "TargetChannel"),
    )


def _spy(event: Event, base: Common) -> s.Signal:
    return s.SpyStarted(
        **base,
        **_channel(event, "Spyer"),
        spied_uniqueid=text(event, "SpyeeUniqueid"),
    )


def _spy_stop(event: Event, base: Common) -> s.Signal:
    return s.SpyStopped(
        **base,
        **_channel(event, "Spyer"),
        spied_uniqueid=text(event, "SpyeeUniqueid"),
    )


def _sound_stopped(event: Event, base: Common) -> s.Signal:
    return s.SoundStopped(**base, **_channel(event))


def _sound_paused(event: Event, base: Common) -> s.Signal:
    return s.SoundPaused(**base, **_channel(event), on=text(event, "State") == "1")


def _hangup_request(event: Event, base: Common) -> s.Signal:
    return s.HangupRequested(**base, **_channel(event), cause=_number(event, "Cause"))


def _hangup(event: Event, base: Common) -> s.Signal:
    return s.HungUp(
        **base,
        **_channel(event),
        cause=_number(event, "Cause"),
        cause_text=text(event, "Cause-txt"),
    )


_TABLE: dict[str, Callable[[Event, Common], s.Signal | None]] = {
    "Newchannel": _newchannel,
    "Newstate": _newstate,
    "NewCallerid": _newcallerid,
    "Rename": _rename,
    "Newexten": _newexten,
    "VarSet": _varset,
    "DialBegin": _dial_begin,
    "DialEnd": _dial_end,
    "BridgeEnter": _bridge_enter,
    "BridgeLeave": _bridge_leave,
    "LocalBridge": _local_bridge,
    "Hold": _hold,
    "Unhold": _unhold,
    "QueueCallerJoin": _queue_join,
    "QueueCallerLeave": _queue_leave,
    "QueueCallerAbandon": _queue_abandon,
    "AgentCalled": _agent_called,
    "AgentConnect": _agent_connect,
    "QueueMemberAdded": _member_rules,
    "QueueMemberStatus": _member_rules,
    "QueueMemberPause": _member_rules,
    "ParkedCall": _parked,
    "UnParkedCall": _unparked,
    "ParkedCallTimeOut": _unparked,
    "ParkedCallGiveUp": _unparked,
    "FullyBooted": _booted,
    "Shutdown": _stopped,
    "BlindTransfer": _blind_transfer,
    "AttendedTransfer": _attended_transfer,
    "Pickup": _pickup,
    "ChanSpyStart": _spy,
    "ChanSpyStop": _spy_stop,
    "MixMonitorStop": _sound_stopped,
    "MixMonitorMute": _sound_paused,
    "MeetmeJoin": _meetme_join,
    "MeetmeLeave": _meetme_leave,
    "HangupRequest": _hangup_request,
    "Hangup": _hangup,
}

WANTED_EVENTS: frozenset[str] = frozenset(_TABLE)
"""Events worth parsing. VarSet counts only for CRM_ variables, Newexten only for VoiceMail."""


def translate(event: Event, pbx: str) -> s.Signal | None:
    """The signal that this manager event is, or None if it says nothing about a call."""
    make = _TABLE.get(text(event, "Event"))
    if make is None or any(isinstance(event.get(name), list) for name in _IDENTITY):
        return None  # told twice who it is about: no PBX says that, a caller's number may
    return make(event, {"pbx": pbx, "at": _time(event)})
