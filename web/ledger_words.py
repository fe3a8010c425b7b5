"""What the ledger's page says: how a ledger stands, and what to do about lines set aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from web.presentation import Look

STANDINGS: Mapping[str, Look] = {
    "current": Look("ok", "circle-check", _l("Read to its end")),
    "behind": Look("talking", "loader", _l("Being read")),
    "stuck": Look("bad", "alert-triangle", _l("Stuck")),
    "waiting": Look("calm", "clock", _l("Waiting for the first line")),
    "unreadable": Look("bad", "lock", _l("Cannot be opened")),
}
ADVICE: Mapping[str, Any] = {
    "stuck": _l(
        "There are bytes that nobody reads. Is the ami service running? Its log says why it waits."
    ),
    "unreadable": _l("The user that runs the ami service may not open the file. Let it read it."),
    "waiting": _l(
        "Asterisk writes the first line with the next call. If not: are cel.conf and "
        "cel_custom.conf in place? “callcenter pbx check” tells."
    ),
}
SOURCES: Mapping[str, Any] = {
    "file": _l("a file on this machine"),
    "inbox": _l("sent by a forwarder"),
}
REASONS: Mapping[str, tuple[Any, Any]] = {
    "torn": (
        _l("Half a line"),
        _l("Asterisk was killed, or the disk was full, while it was written. Nothing to do."),
    ),
    "not_cel": (
        _l("No line of this ledger"),
        _l("Something else writes into the file, or its columns differ: compare cel_custom.conf."),
    ),
    "another_pbx": (
        _l("Of another PBX"),
        _l("Its system name is another one. Two PBXs must not write into one file."),
    ),
    "future": (
        _l("From the future"),
        _l("The clock of the PBX was ahead. Let it follow a time server (NTP)."),
    ),
    "too_long": (
        _l("Too long"),
        _l("No real line is so long: the file was damaged, or is no ledger."),
    ),
    "failed": (
        _l("Could not be written"),
        _l("The call it tells of made an error. The log has it; report it, please."),
    ),
}
DAYS: Mapping[str, Any] = {
    "confirmed": _l("Confirmed as they were"),
    "corrected": _l("Corrected"),
    "found": _l("Found by the ledger alone"),
    "waiting": _l("Not yet confirmed"),
}
