"""From manager events to signals: the only place that knows AMI header names.

Pure. Events of Asterisk 13 to 22 in their `Key: value` form as a mapping; repeated headers may be
lists. An event that means nothing to a call gives None; a broken one too, never an exception
(counted by the caller as untranslated).
"""

from __future__ import annotations

from collections.abc import Callable

from ami import headers
from ami.headers import Common, Event
from callcenter.calls import signals as s

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


def _newchannel(event: Event, base: Common) -> s.Signal:
    return s.ChannelSeen(
        **base,
        **headers.channel(event),
        phase=_PHASE.get(headers.text(event, "ChannelState"), "other"),
        number=headers.party(event, "CallerIDNum"),
        name=headers.party(event, "CallerIDName"),
        exten=headers.text(event, "Exten"),
        context=headers.text(event, "Context"),
    )


def _newstate(event: Event, base: Common) -> s.Signal:
    return s.ChannelPhaseChanged(
        **base,
        **headers.channel(event),
        phase=_PHASE.get(headers.text(event, "ChannelState"), "other"),
        number=headers.party(event, "CallerIDNum"),
        name=headers.party(event, "CallerIDName"),
    )


def _newcallerid(event: Event, base: Common) -> s.Signal:
    return s.CallerIdentified(
        **base,
        **headers.channel(event),
        number=headers.party(event, "CallerIDNum"),
        name=headers.party(event, "CallerIDName"),
    )


def _rename(event: Event, base: Common) -> s.Signal:
    return s.ChannelRenamed(
        **base, **headers.channel(event), new_name=headers.text(event, "Newname")
    )


def _newexten(event: Event, base: Common) -> s.Signal | None:
    app = headers.text(event, "Application")
    if app.lower() != "voicemail":
        return None
    return s.AppEntered(
        **base, **headers.channel(event), app=app, data=headers.text(event, "AppData")
    )


def _varset(event: Event, base: Common) -> s.Signal | None:
    """Set on a channel; Asterisk names the channel of a global variable "none"."""
    name = headers.text(event, "Variable")
    if name == "MIXMONITOR_FILENAME":  # MixMonitorStart itself does not name the file
        return s.SoundKept(**base, **headers.channel(event), file=headers.text(event, "Value"))
    if not name.startswith("CRM_") or headers.text(event, "Uniqueid") in ("", "none"):
        return None
    return s.VariableSet(
        **base, **headers.channel(event), name=name, value=headers.text(event, "Value")
    )


def _dial_begin(event: Event, base: Common) -> s.Signal:
    return s.DialBegun(
        **base,
        **headers.channel(event, "Dest"),
        caller_uniqueid=headers.text(event, "Uniqueid"),
        caller_channel=headers.text(event, "Channel"),
        caller_linkedid=headers.text(event, "Linkedid"),
        dial_string=headers.text(event, "DialString"),
    )


def _dial_end(event: Event, base: Common) -> s.Signal:
    return s.DialEnded(
        **base,
        **headers.channel(event, "Dest"),
        caller_uniqueid=headers.text(event, "Uniqueid"),
        caller_channel=headers.text(event, "Channel"),
        caller_linkedid=headers.text(event, "Linkedid"),
        status=_STATUS.get(headers.text(event, "DialStatus"), "other"),
        forwarded_to=headers.text(event, "Forward"),
    )


def _bridge_enter(event: Event, base: Common) -> s.Signal:
    technology = headers.text(event, "BridgeTechnology")
    return s.BridgeEntered(
        **base,
        **headers.channel(event),
        bridge=headers.text(event, "BridgeUniqueid"),
        holding=technology.startswith("holding"),
        conference=technology.startswith("softmix"),
    )


def _bridge_leave(event: Event, base: Common) -> s.Signal:
    return s.BridgeLeft(
        **base, **headers.channel(event), bridge=headers.text(event, "BridgeUniqueid")
    )


def _meetme_join(event: Event, base: Common) -> s.Signal:
    """A MeetMe room (until Asterisk 18) is mixed outside Asterisk's bridges."""
    room = f"meetme {headers.text(event, 'Meetme')}"
    return s.BridgeEntered(**base, **headers.channel(event), bridge=room, conference=True)


def _meetme_leave(event: Event, base: Common) -> s.Signal:
    room = f"meetme {headers.text(event, 'Meetme')}"
    return s.BridgeLeft(**base, **headers.channel(event), bridge=room)


def _local_bridge(event: Event, base: Common) -> s.Signal:
    return s.LocalPaired(
        **base,
        **headers.channel(event, "LocalOne"),
        other_uniqueid=headers.text(event, "LocalTwoUniqueid"),
        other_channel=headers.text(event, "LocalTwoChannel"),
        other_linkedid=headers.text(event, "LocalTwoLinkedid"),
    )


def _hold(event: Event, base: Common) -> s.Signal:
    return s.Held(**base, **headers.channel(event))


def _unhold(event: Event, base: Common) -> s.Signal:
    return s.Unheld(**base, **headers.channel(event))


def _queue_join(event: Event, base: Common) -> s.Signal:
    return s.QueueJoined(
        **base,
        **headers.channel(event),
        queue=headers.text(event, "Queue"),
        position=headers.number(event, "Position"),
    )


def _queue_leave(event: Event, base: Common) -> s.Signal:
    return s.QueueLeft(**base, **headers.channel(event), queue=headers.text(event, "Queue"))


def _queue_abandon(event: Event, base: Common) -> s.Signal:
    return s.QueueLeft(
        **base, **headers.channel(event), queue=headers.text(event, "Queue"), abandoned=True
    )


def _agent_called(event: Event, base: Common) -> s.Signal:
    return s.MemberRung(
        **base,
        **headers.channel(event),
        queue=headers.text(event, "Queue"),
        member=headers.text(event, "Interface", "MemberName"),
        member_uniqueid=headers.text(event, "DestUniqueid"),
        member_channel=headers.text(event, "DestChannel"),
    )


def _agent_connect(event: Event, base: Common) -> s.Signal:
    return s.MemberConnected(
        **base,
        **headers.channel(event),
        queue=headers.text(event, "Queue"),
        member=headers.text(event, "Interface", "MemberName"),
        member_uniqueid=headers.text(event, "DestUniqueid"),
        member_channel=headers.text(event, "DestChannel"),
    )


def _member_rules(event: Event, base: Common) -> s.Signal | None:
    seconds = headers.number(event, "Wrapuptime")
    if seconds is None:
        return None
    return s.MemberRules(
        **base,
        queue=headers.text(event, "Queue"),
        member=headers.text(event, "Interface", "StateInterface"),
        wrap_up_seconds=float(seconds),
    )


def _parked(event: Event, base: Common) -> s.Signal:
    return s.Parked(
        **base, **headers.channel(event, "Parkee"), space=headers.text(event, "ParkingSpace")
    )


def _unparked(event: Event, base: Common) -> s.Signal:
    return s.Unparked(
        **base,
        **headers.channel(event, "Parkee"),
        retriever_uniqueid=headers.text(event, "RetrieverUniqueid"),
        retriever_channel=headers.text(event, "RetrieverChannel"),
    )


def _booted(event: Event, base: Common) -> s.Signal | None:
    """Also said at every log-in, with how long ago it was; never with a time of its own."""
    uptime = headers.number(event, "Uptime")
    return s.PbxStarted(**base, uptime_seconds=uptime) if uptime is not None else None


def _stopped(_event: Event, base: Common) -> s.Signal:
    return s.PbxStopped(**base)


def _failed(event: Event) -> bool:
    """`Fail`, `Invalid` (a number that leads nowhere) or `Not Permitted`: nobody went anywhere."""
    return headers.text(event, "Result") not in ("", "Success")


def _blind_transfer(event: Event, base: Common) -> s.Signal | None:
    if _failed(event):
        return None
    return s.Transferred(
        **base,
        **headers.channel(event, "Transferer"),
        kind="blind",
        to=headers.text(event, "Extension"),
        transferee_uniqueid=headers.text(event, "TransfereeUniqueid"),
        transferee_channel=headers.text(event, "TransfereeChannel"),
    )


def _attended_transfer(event: Event, base: Common) -> s.Signal | None:
    """OrigTransferer is the first call's leg, SecondTransferer the consultation's.

    A "blonde" transfer is one whose target had not answered: there is no target channel yet.
    """
    if _failed(event):
        return None
    target = headers.text(event, "TransferTargetUniqueid")
    dest_type = headers.text(event, "DestType")
    return s.Transferred(
        **base,
        **headers.channel(event, "OrigTransferer"),
        kind="attended" if target or dest_type == "Bridge" else "blonde",
        second_uniqueid=headers.text(event, "SecondTransfererUniqueid"),
        second_channel=headers.text(event, "SecondTransfererChannel"),
        transferee_uniqueid=headers.text(event, "TransfereeUniqueid"),
        transferee_channel=headers.text(event, "TransfereeChannel"),
        target_uniqueid=target,
        target_channel=headers.text(event, "TransferTargetChannel"),
    )


def _pickup(event: Event, base: Common) -> s.Signal:
    return s.Transferred(
        **base,
        **headers.channel(event),
        kind="pickup",
        target_uniqueid=headers.text(event, "TargetUniqueid"),
        target_channel=headers.text(event, "TargetChannel"),
    )


def _spy(event: Event, base: Common) -> s.Signal:
    return s.SpyStarted(
        **base,
        **headers.channel(event, "Spyer"),
        spied_uniqueid=headers.text(event, "SpyeeUniqueid"),
    )


def _spy_stop(event: Event, base: Common) -> s.Signal:
    return s.SpyStopped(
        **base,
        **headers.channel(event, "Spyer"),
        spied_uniqueid=headers.text(event, "SpyeeUniqueid"),
    )


def _sound_stopped(event: Event, base: Common) -> s.Signal:
    return s.SoundStopped(**base, **headers.channel(event))


def _sound_paused(event: Event, base: Common) -> s.Signal:
    return s.SoundPaused(**base, **headers.channel(event), on=headers.text(event, "State") == "1")


def _hangup_request(event: Event, base: Common) -> s.Signal:
    return s.HangupRequested(**base, **headers.channel(event), cause=headers.number(event, "Cause"))


def _hangup(event: Event, base: Common) -> s.Signal:
    return s.HungUp(
        **base,
        **headers.channel(event),
        cause=headers.number(event, "Cause"),
        cause_text=headers.text(event, "Cause-txt"),
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
    make = _TABLE.get(headers.text(event, "Event"))
    if make is None or any(isinstance(event.get(name), list) for name in _IDENTITY):
        return None  # told twice who it is about: no PBX says that, a caller's number may
    return make(event, {"pbx": pbx, "at": headers.moment(event)})
