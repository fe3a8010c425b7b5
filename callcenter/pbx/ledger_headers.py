"""What the ledger's columns are called where the manager interface tells the same (`Event: CEL`),
and which headers of any kept event hold what: so that a call's journal can be one file of events.

Names only; what they mean for a call is known to the manager door alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

EVENT = "Event"
LEDGER_EVENT = "CEL"
LEDGER_NAME = "EventName"
TIMES = ("Timestamp", "EventTime")
"""The first of these that is there says when."""

# (column of the ledger's file, header of the manager's event)
_HEADERS = (
    ("eventtype", LEDGER_NAME),
    ("eventtime", "EventTime"),
    ("cid_name", "CallerIDname"),
    ("cid_num", "CallerIDnum"),
    ("cid_ani", "CallerIDani"),
    ("cid_rdnis", "CallerIDrdnis"),
    ("cid_dnid", "CallerIDdnid"),
    ("exten", "Exten"),
    ("context", "Context"),
    ("channame", "Channel"),
    ("appname", "Application"),
    ("appdata", "AppData"),
    ("amaflags", "AMAFlags"),
    ("accountcode", "AccountCode"),
    ("uniqueid", "UniqueID"),
    ("linkedid", "LinkedID"),
    ("userfield", "Userfield"),
    ("peer", "Peer"),
    ("peeraccount", "PeerAccount"),
    ("userdeftype", "UserDefType"),
    ("extra", "Extra"),
)
LEDGER_HEADERS: Mapping[str, str] = MappingProxyType(dict(_HEADERS))

# By the end of their names, small letters: one rule for Uniqueid, DestUniqueid, LocalOneUniqueid …
UNIQUEIDS = "uniqueid"
LINKEDIDS = "linkedid"
CHANNELS = "channel"
NUMBERS = (
    "num",
    "ani",
    "rdnis",
    "dnid",
    "exten",
    "extension",
    "dialstring",
    "appdata",
    "value",
    "extra",
    "destination",
)
NAMES = ("calleridname", "connectedlinename", "membername", "callername")
