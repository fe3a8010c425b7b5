"""Which manager events are worth parsing at all, told from their bytes.

Belongs to `translate` (it knows header names): what this lets through, `translate` understands.
Forty of the ninety events of a queue call are VarSet, and next to none of them is ours.
"""

from __future__ import annotations

from ami.client.wanted import Wanted
from ami.translate import WANTED_EVENTS

_APPLICATION = b"\r\nApplication: "


def sets_a_variable_that_counts(raw: bytes) -> bool:
    """On a channel: a global variable (such as `pbx check` sets) has `none` for its Uniqueid."""
    ours = b"\r\nVariable: CRM_" in raw or b"\r\nVariable: MIXMONITOR_FILENAME" in raw
    return ours and b"\r\nUniqueid: none\r\n" not in raw


def enters_voicemail(raw: bytes) -> bool:
    """The dialplan's author chose the case of the application's name."""
    start = raw.find(_APPLICATION) + len(_APPLICATION)
    return raw[start : start + 9].lower() == b"voicemail"


def wanted_events() -> Wanted:
    tests = {"VarSet": sets_a_variable_that_counts, "Newexten": enters_voicemail}
    return Wanted(WANTED_EVENTS, tests)
