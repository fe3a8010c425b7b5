"""Why a call is as it is: the page, its picture, its events, and the file that replays to it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from ami.replay import replay_file
from callcenter.calls.repair import Repair
from tests.support.evidence import RECORDINGS, tell_recording
from tests.support.web import Browser, World

MISSED = "queue-tries-a-second-operator-when-the-first-does-not-answer"
ANSWERED = "inbound-call-is-answered-through-the-queue"


@dataclass(frozen=True)
class Told:
    interaction: int
    call_id: str


@pytest.fixture
def told(world: World) -> Told:
    return Told(*tell_recording(world, MISSED))


def test_the_page_tells_the_story_the_figures_and_the_reasons(
    supervisor: Browser, told: Told
) -> None:
    text = supervisor.text(f"/interactions/{told.interaction}/explain")
    for shown in (
        "What happened",
        "in the queue support",
        "was rung 1 time, for 0:03: missed",
        "answered after",
        "hung up: normal end of the call (Q.850: 16)",
        "While any two people could hear each other",
        "+48600100101",
        "Read by the numbers of",
        "No routing decision was asked",
        "spoke last",
    ):
        assert shown in text, shown


def test_the_picture_has_a_lane_for_each_participant_and_a_table_with_the_same_facts(
    supervisor: Browser, told: Told
) -> None:
    text = supervisor.text(f"/interactions/{told.interaction}/explain")
    assert text.count('class="chart-name"') == 3
    for doing in ("queue", "ringing", "talking"):
        assert f'class="doing-{doing}"' in text
    assert "The picture as a table" in text
    assert "style=" not in text  # the content policy lets no inline style in
    assert "Drawn from the record" not in text


def test_a_call_whose_events_are_gone_is_still_drawn_and_says_so(
    supervisor: Browser, world: World
) -> None:
    interaction, call_id = tell_recording(world, ANSWERED)
    with world.runtime.unit_of_work() as uow:
        uow.journal.forget([call_id])
        uow.commit()
    text = supervisor.text(f"/interactions/{interaction}/explain")
    assert "Drawn from the record" in text
    assert "The events of this call are not kept" in text
    assert supervisor.get(f"/interactions/{interaction}/recording").status_code == 404


@pytest.mark.parametrize("name", [MISSED, ANSWERED])
@pytest.mark.parametrize("hide", ["", "?hide=yes"])
def test_the_download_replays_to_the_call_as_it_is_stored(
    supervisor: Browser, world: World, tmp_path: Path, name: str, hide: str
) -> None:
    interaction, call_id = tell_recording(world, name)
    answer = supervisor.get(f"/interactions/{interaction}/recording{hide}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    path = tmp_path / "call.jsonl"
    path.write_bytes(answer.data)
    (again,) = replay_file(path)["calls"]
    stored = world.calls[call_id]
    assert again["result"] == stored.result
    assert again["talk_seconds"] == stored.talk_seconds
    assert [leg["channel"] for leg in again["legs"]] == [leg.channel for leg in stored.legs]
    assert [leg["result"] for leg in again["legs"]] == [leg.result for leg in stored.legs]
    assert (stored.caller_number in answer.text) == (not hide)


def test_the_file_holds_live_events_and_ledger_lines_in_one_form(
    supervisor: Browser, told: Told
) -> None:
    lines = supervisor.text(f"/interactions/{told.interaction}/recording").splitlines()
    names = {json.loads(line).get("Event") for line in lines}
    assert {"CEL", "Newchannel", "Hangup"} <= names


def test_a_download_is_written_down(supervisor: Browser, admin: Browser, told: Told) -> None:
    supervisor.get(f"/interactions/{told.interaction}/recording?hide=yes")
    assert "Recording of a call downloaded" in admin.text("/users")


def test_events_are_filtered_and_paged(supervisor: Browser, told: Told) -> None:
    path = f"/interactions/{told.interaction}/explain"
    headers = {"HX-Request": "true", "HX-Target": "events"}
    ledger = supervisor.text(f"{path}?source=ledger", headers=headers)
    assert "CHAN_START" in ledger
    assert "Newchannel" not in ledger
    assert "<h1" not in ledger
    assert "HangupRequest" not in supervisor.text(f"{path}?find=CHAN_START", headers=headers)
    first = supervisor.text(path, headers=headers)
    assert "Show more events" in first
    assert "from=100" in first
    assert "No event fits" in supervisor.text(f"{path}?find=nothing+like+it", headers=headers)


def test_repairs_are_shown_field_by_field(supervisor: Browser, world: World, told: Told) -> None:
    at = world.runtime.clock.now()
    with world.runtime.unit_of_work() as uow:
        for field, before, after in (
            ("result", "missed", "answered"),
            ("talk_seconds", "0", "12.5"),
            ("ended_at", "", at.isoformat()),
        ):
            uow.repairs.record(
                [
                    Repair(
                        call_id=told.call_id, at=at, cause="corrected",
                        field=field, before=before, after=after,
                    )
                ]
            )  # fmt: skip
        uow.calls.settled([told.call_id], at + timedelta(seconds=1))
        uow.commit()
    text = supervisor.text(f"/interactions/{told.interaction}/explain")
    for shown in ("Corrected from the PBX's ledger: 3 fields", "<del>Missed</del>", "12.5 s"):
        assert shown in text, shown
    listed = supervisor.text("/interactions?corrected=yes")
    assert f"/interactions/{told.interaction}" in listed
    assert "No interaction fits" in supervisor.text("/interactions?corrected=no")


def test_operators_are_told_of_their_own_calls_only(
    app, operator: Browser, supervisor: Browser, world: World, told: Told
) -> None:
    for tail in ("explain", "recording"):
        assert operator.get(f"/interactions/{told.interaction}/{tail}").status_code == 200
        assert supervisor.get(f"/interactions/{told.interaction}/{tail}").status_code == 200
    other = Browser(app)
    other.log_in("operator3")
    for tail in ("explain", "recording"):
        assert other.get(f"/interactions/{told.interaction}/{tail}").status_code == 403
    assert "/explain" not in other.text(f"/interactions/{told.interaction}")
    assert "/explain" in operator.text(f"/interactions/{told.interaction}")


def test_nothing_a_caller_can_say_becomes_markup(supervisor: Browser, world: World) -> None:
    interaction, _ = tell_recording(
        world, ANSWERED, replacing={b"Anna": b"<img src=x onerror=alert(1)>"}
    )
    text = supervisor.text(f"/interactions/{interaction}/explain")
    assert "<img" not in text


def test_what_is_not_there_is_not_found(supervisor: Browser) -> None:
    assert supervisor.get("/interactions/999/explain").status_code == 404
    assert supervisor.get("/interactions/999/recording").status_code == 404


def test_recordings_are_there() -> None:
    assert (RECORDINGS / MISSED / "ami.txt").exists()
