"""Which events are parsed at all."""

from __future__ import annotations

import pytest

from ami.client.wanted import Wanted
from ami.selection import wanted_events


def _wants(raw: bytes) -> bool:
    name = raw.split(b"\r\n")[0].removeprefix(b"Event: ")
    test = wanted_events().test_for(name)
    return test is not None and test(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"Event: Hangup\r\nUniqueid: 1", True),
        (b"Event: hangup\r\nUniqueid: 1", True),
        (b"Event: RTCPSent\r\nUniqueid: 1", False),
        (b"Event: VarSet\r\nVariable: CRM_ROUTE\r\nValue: blocked", True),
        (b"Event: VarSet\r\nUniqueid: none\r\nVariable: CRM_CHECK\r\nValue: 1", False),
        (b"Event: VarSet\r\nVariable: RTPAUDIOQOS\r\nValue: Variable: CRM_X", False),
        (b"Event: Newexten\r\nApplication: voicemail\r\nAppData: 1", True),
        (b"Event: Newexten\r\nApplication: Set\r\nAppData: VoiceMail", False),
    ],
)
def test_events_are_chosen_by_name_in_any_case_and_some_by_content(
    raw: bytes, expected: bool
) -> None:
    """P18."""
    assert _wants(raw) is expected


def test_a_peer_that_invents_names_does_not_fill_the_memory() -> None:
    wanted = Wanted(["Hangup"])
    for n in range(10_000):
        assert wanted.test_for(b"Name%d" % n) is None
    assert len(wanted._seen) <= 2_000
    assert wanted.test_for(b"Hangup") is not None
