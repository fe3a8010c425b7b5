"""The comparison finds what it is there to find."""

from __future__ import annotations

from typing import Any

import pytest

from tests.faults.comparison import compare
from tests.faults.report import details, tables, verdict
from tests.faults.witness import TrueCall, true_calls

_CALLER, _PHONE = "PJSIP/trunk-00000001", "PJSIP/1001-00000002"


def _row(kind: str, at: float, channel: str, uniqueid: str, **more: str) -> dict[str, str]:
    row = dict.fromkeys(("appname", "context", "exten", "cid_num", "cid_dnid", "extra"), "")
    row |= {"eventtype": kind, "eventtime": str(at), "channame": channel, "uniqueid": uniqueid}
    return {**row, "linkedid": "pbx1-100.1", **more}


def _answered() -> list[TrueCall]:
    bridge = '{"bridge_id": "b", "bridge_technology": "simple_bridge"}'
    rows = [
        _row("CHAN_START", 100.0, _CALLER, "pbx1-100.1", cid_num="+48500100001"),
        _row("CHAN_START", 100.1, _PHONE, "pbx1-100.2"),
        _row("BRIDGE_ENTER", 102.0, _PHONE, "pbx1-100.2", extra=bridge),
        _row("BRIDGE_ENTER", 102.0, _CALLER, "pbx1-100.1", extra=bridge),
        _row("BRIDGE_EXIT", 105.0, _PHONE, "pbx1-100.2", extra=bridge),
        _row("BRIDGE_EXIT", 105.0, _CALLER, "pbx1-100.1", extra=bridge),
        _row("LINKEDID_END", 105.0, _CALLER, "pbx1-100.1"),
    ]
    return true_calls([], rows, [])


def _ours(number: int = 1, /, **changes: Any) -> dict[str, Any]:
    row = {"id": number, "call_id": f"c{number}", "result": "answered", "live": False}
    row |= {"dialed": "", "record": {"transfers": []}}
    row |= {"operator": "1001", "number": "+48500100001"}
    return {**row, "talk_seconds": 3.0, "wait_seconds": 2.0, **changes}


_BOTH = {"pbx1-100.1": ("c1",), "pbx1-100.2": ("c1",)}


def _kinds(interactions: list[dict[str, Any]], channels: dict[str, tuple[str, ...]]) -> list[str]:
    return [one.kind for one in compare(_answered(), interactions, channels)]


def test_a_true_record_has_no_difference() -> None:
    assert _kinds([_ours()], _BOTH) == []


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"result": "missed"}, "wrong result"),
        ({"operator": "1002"}, "wrong operator"),
        ({"operator": None}, "wrong operator"),
        ({"live": True}, "still live"),
        ({"record": '{"transfers": [{"kind": "blind"}]}'}, "wrong transfers"),
        ({"number": ""}, "wrong number"),
        ({"talk_seconds": 4.5}, "seconds off"),
        ({"wait_seconds": None}, "seconds off"),
    ],
)
def test_a_wrong_record_is_found(changes: dict[str, Any], kind: str) -> None:
    assert _kinds([_ours(**changes)], _BOTH) == [kind]


def test_a_missing_call_is_found() -> None:
    assert _kinds([], {}) == ["missing"]


def test_a_call_in_two_interactions_is_found() -> None:
    channels = {"pbx1-100.1": ("c1",), "pbx1-100.2": ("c2",)}
    assert _kinds([_ours(1), _ours(2)], channels) == ["twice"]


def test_an_interaction_that_no_call_left_is_found() -> None:
    assert _kinds([_ours(), _ours(9)], _BOTH) == ["invented"]


def test_two_calls_in_one_interaction_are_found() -> None:
    calls = _answered()
    rows = [{**row} for row in calls[0].cel]
    for row in rows:
        row["uniqueid"] = row["uniqueid"].replace("100.", "200.")
        row["linkedid"] = "pbx1-200.1"
    channels = {**_BOTH, "pbx1-200.1": ("c1",)}
    found = compare([*calls, *true_calls([], rows, [])], [_ours()], channels)
    assert [one.kind for one in found] == ["joined with another"]


def test_a_run_prints_counts_and_the_rows_behind_each_difference() -> None:
    calls = _answered()
    found = compare(calls, [], {})
    assert verdict(found)["missing"] == 1
    assert "listener killed" in tables(["listener killed"], calls, found)
    assert "BRIDGE_ENTER" in details(found)
