"""Which manager events a PBX sends us: the server-side filter, event by event.

`ami.translate` understands these and no others; a test holds the two together. The names are
configuration here (they stand in `manager.conf`), not something this room reads.
"""

from __future__ import annotations

KEPT_EVENTS = (
    # the life of a channel
    "Newchannel",
    "Newstate",
    "NewCallerid",
    "Rename",
    "HangupRequest",
    "SoftHangupRequest",
    "Hangup",
    # who rings whom
    "DialBegin",
    "DialState",
    "DialEnd",
    "OriginateResponse",
    # who talks with whom
    "BridgeCreate",
    "BridgeDestroy",
    "BridgeEnter",
    "BridgeLeave",
    "BridgeMerge",
    "LocalBridge",
    "LocalOptimizationBegin",
    "LocalOptimizationEnd",
    "Hold",
    "Unhold",
    # queues and their members
    "QueueCallerJoin",
    "QueueCallerLeave",
    "QueueCallerAbandon",
    "QueueMemberAdded",
    "QueueMemberRemoved",
    "QueueMemberPause",
    "QueueMemberStatus",
    "AgentCalled",
    "AgentConnect",
    "AgentComplete",
    "AgentDump",
    "AgentRingNoAnswer",
    # moving calls about
    "BlindTransfer",
    "AttendedTransfer",
    "Pickup",
    "ParkedCall",
    "ParkedCallGiveUp",
    "ParkedCallSwap",
    "ParkedCallTimeOut",
    "UnParkedCall",
    "ChanSpyStart",
    "ChanSpyStop",
    "MixMonitorStop",
    "MixMonitorMute",
    # the PBX itself
    "FullyBooted",
    "Reload",
    "Shutdown",
)
OUTCOME_EVENTS = (
    "OriginateResponse",
    "Hold",
    "Unhold",
    "ParkedCall",
    "AttendedTransfer",
    "ChanSpyStart",
    "Hangup",
)
"""What the user that acts for operators hears: how its own actions ended."""

KEPT_VARIABLES = ("CRM_", "MIXMONITOR_FILENAME")
"""VarSet is kept for variables that begin so."""

KEPT_APPLICATIONS = ("VoiceMail",)
"""Newexten is kept for these dialplan applications."""

READ_RIGHTS = ("system", "call", "agent", "dialplan")
WRITE_RIGHTS = ("reporting", "agent", "call")
