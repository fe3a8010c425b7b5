"""The harness's own reading of CDR and CEL, against what people in recordings really did."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from ami.lab.scenarios.everyday import EVERYDAY
from ami.lab.scenarios.everyday_desks import DESKS
from tests.faults.witness import TrueCall, true_calls

_RECORDINGS = Path(__file__).parents[1] / "scenarios/recordings"
_NAMES = sorted(s.name for s in (*EVERYDAY, *DESKS) if (_RECORDINGS / s.name / "cel.csv").exists())


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _calls(name: str) -> list[TrueCall]:
    folder = _RECORDINGS / name
    return true_calls(_table(folder / "cdr.csv"), _table(folder / "cel.csv"), [])


# A phone that refuses as unavailable looks in both tables like one that rang out: the harness has
# no such phone.
@pytest.mark.parametrize("name", [n for n in _NAMES if "unavailable" not in n])
def test_the_witness_tells_what_the_people_in_a_recording_did(name: str) -> None:
    truths = json.loads((_RECORDINGS / name / "scenario.json").read_text("utf-8"))["calls"]
    calls = _calls(name)
    assert [call.result for call in calls] == [truth["result"] for truth in truths]
    for call, truth in zip(calls, truths, strict=True):
        assert call.disagreement() == ""
        assert call.operator == _operator(truth)
        assert call.talk_seconds == pytest.approx(truth["talk_seconds"], abs=0.5)
        assert call.wait_seconds == pytest.approx(truth["wait_seconds"], abs=0.5)


def _operator(truth: dict) -> str:
    """Who answered of ours; the desk that dialled, where only the far end did."""
    ours = [d.removeprefix("PJSIP/") for d in truth["answered_by"] if not d.endswith("trunk")]
    if ours:
        return ours[-1]
    return "" if truth["direction"] == "inbound" else truth["number"]


def test_a_call_under_which_the_pbx_died_tells_only_whether_they_spoke() -> None:
    folder = _RECORDINGS / "caller-gives-up-in-the-queue"
    cel = _table(folder / "cel.csv")
    cut = [row for row in cel if row["eventtype"] not in ("HANGUP", "CHAN_END", "LINKEDID_END")]
    (call,) = true_calls([], cut, [float(cut[-1]["eventtime"]) + 1])
    assert call.died_at is not None
    assert "answered" not in call.possible_results
    assert {"missed", "unknown"} <= call.possible_results
