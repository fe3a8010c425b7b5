"""Why an interaction is as it is, over the API: reasons, repairs, and the file that replays."""

from __future__ import annotations

from pathlib import Path

import pytest

from ami.replay import replay_file
from callcenter.calls.journal import JournalPart
from callcenter.calls.repair import Repair
from tests.integration.api.world import NOW, World

RECORDING = Path(
    "tests/scenarios/recordings/queue-tries-a-second-operator-when-the-first-does-not-answer"
)


@pytest.fixture
def call(any_world: World) -> tuple[str, int]:
    call_id, interaction = any_world.add_call("+48600100101")
    with any_world.runtime.unit_of_work() as uow:
        uow.repairs.record(
            [
                Repair(
                    call_id=call_id, at=NOW, cause="corrected",
                    field="talk_seconds", before="0", after="60",
                )
            ]
        )  # fmt: skip
        uow.calls.settled([call_id], NOW)
        uow.journal.add(
            [
                JournalPart(
                    call_id=call_id, pbx="pbx1", source="live", started_at=NOW, events=1,
                    data=(RECORDING / "ami.txt").read_bytes(),
                )
            ]
        )  # fmt: skip
        uow.commit()
    return call_id, interaction


def test_an_explanation_tells_figures_repairs_number_and_who_did_what(
    any_world: World, call: tuple[str, int]
) -> None:
    told = any_world.get(f"/interactions/{call[1]}/explanation").json
    assert told["call_id"] == call[0]
    assert told["settled_at"] == "2026-03-02T09:00:00Z"
    assert told["number"]["e164"] == "+48600100101"
    assert told["region"] == "PL"
    assert told["figures"]["talk_seconds"] == 60.0
    assert told["ending"] == {"by": "", "cause": 16, "seen": True}
    ((field, before, after),) = [
        (one["field"], one["before"], one["after"]) for one in told["repairs"]
    ]
    assert (field, before, after) == ("talk_seconds", "0", "60")
    assert told["events"]["live"] > 100
    doing = [[bar["doing"] for bar in lane["bars"]] for lane in told["timeline"]["lanes"]]
    assert doing == [["queue", "talking"], ["ringing", "talking"]]


def test_lists_and_calls_say_whom_they_rang_and_what_was_corrected(
    any_world: World, call: tuple[str, int]
) -> None:
    any_world.add_call("+48229999999")
    (listed,) = any_world.get("/interactions?corrected=true").json["items"]
    assert (listed["id"], listed["repairs"]) == (call[1], 1)
    assert [(one["endpoint"], one["result"]) for one in listed["rung"]] == [
        ("PJSIP/1001", "answered")
    ]
    assert len(any_world.get("/interactions?corrected=false").json["items"]) == 1
    one = any_world.get(f"/calls/{call[0]}").json
    assert one["settled_at"] == "2026-03-02T09:00:00Z"
    assert [repair["field"] for repair in one["repairs"]] == ["talk_seconds"]
    assert one["rung"] == listed["rung"]


@pytest.mark.parametrize("masked", [False, True])
def test_the_recording_replays(
    any_world: World, call: tuple[str, int], tmp_path: Path, masked: bool
) -> None:
    answer = any_world.get(f"/interactions/{call[1]}/recording?masked={str(masked).lower()}")
    assert answer.mimetype == "application/x-ndjson"
    assert ("+48600100101" in answer.text) == (not masked)
    path = tmp_path / "call.jsonl"
    path.write_bytes(answer.data)
    (again,) = replay_file(path)["calls"]
    (plain,) = replay_file(RECORDING / "ami.txt")["calls"]
    assert again["legs"][0]["talk_seconds"] == plain["legs"][0]["talk_seconds"]
    assert again["result"] == plain["result"]


def test_operators_are_told_of_their_own_calls_only(
    any_world: World, call: tuple[str, int]
) -> None:
    _, other = any_world.add_call("+48229999999", endpoint="PJSIP/1009")
    for tail in ("explanation", "recording"):
        assert any_world.get(f"/interactions/{call[1]}/{tail}", "operator").status_code == 200
        assert any_world.get(f"/interactions/{other}/{tail}", "operator").status_code == 403
    assert any_world.get(f"/interactions/{other}/recording").status_code == 404
    assert any_world.get("/interactions/999/explanation").status_code == 404
