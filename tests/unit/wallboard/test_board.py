"""What a board shows of calls and people at a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from callcenter.errors import Invalid
from callcenter.wallboard.board import Board
from callcenter.wallboard.checking import differences
from callcenter.wallboard.counted import Counted, Slow, total
from callcenter.wallboard.figures import figures
from callcenter.wallboard.layout import Layout, check, moved
from callcenter.wallboard.setup import BoardPause, BoardQueue, Setup
from callcenter.wallboard.tiles import Shown, tiles

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SETUP = Setup(
    queues={
        "sales": BoardQueue(name="sales", title="Sales", people=frozenset({1})),
        "support": BoardQueue(name="support", title="Support"),
    },
    people={1: "Anna", 2: "Jan"},
    pauses={"lunch": BoardPause(title="Lunch", limit_seconds=1800)},
)
MARIA = {
    "id": 7,
    "display_name": "Maria Kowalska",
    "vip_level": 1,
    "overdue_minor": 124000,
    "confirmed": True,
}


def at(seconds: int) -> str:
    return (NOON + timedelta(seconds=seconds)).isoformat()


def call(call_id: str = "a", **changes: Any) -> dict[str, Any]:
    plain = {
        "call_id": call_id,
        "live": True,
        "queue": "sales",
        "direction": "inbound",
        "state": "waiting",
        "started_at": at(0),
        "queued_at": at(5),
        "number_e164": "+48221234567",
        "match": "one",
        "customers": [MARIA],
        "parties": [],
    }
    return {**plain, **changes}


def agent(user_id: int = 1, state: str = "ready", **changes: Any) -> dict[str, Any]:
    return {"user_id": user_id, "state": state, "reason": "", "since": at(0), **changes}


def shown(
    board: Board, now: int = 60, *, see: Shown | None = None, slow: Slow | None = None
) -> Any:
    found = figures(board, SETUP, NOON + timedelta(seconds=now))
    return tiles(found, slow or Slow(), SETUP, see or Shown())


def test_a_caller_waits_since_they_came_into_the_queue() -> None:
    told = shown(Board.of([call()], []))
    assert told["queue:sales"]["waiting"] == 1
    assert told["queue:sales"]["longest"] == told["sum"]["longest"] == at(5)
    assert told["queue:support"]["waiting"] == 0


def test_who_is_rung_for_waits_still_and_who_is_spoken_with_does_not() -> None:
    ringing, talking = call("a", state="ringing"), call("b", state="talking")
    told = shown(Board.of([ringing, talking], []))["queue:sales"]
    assert (told["waiting"], told["talking"]) == (1, 1)
    assert [one["state"] for one in told["callers"]] == ["ringing"]


def test_calls_that_we_make_wait_for_nobody() -> None:
    assert shown(Board.of([call(direction="outbound")], []))["sum"]["waiting"] == 0


def test_a_queue_without_settings_is_shown_once_it_has_a_caller() -> None:
    told = shown(Board.of([call(queue="new")], []))
    assert told["order"] == ["sales", "support", "new"]


def test_operators_count_in_the_queues_whose_skill_they_have() -> None:
    told = shown(Board.of([], [agent(1), agent(2, "paused", reason="lunch")]))
    assert told["queue:sales"]["states"] == {"ready": 1}
    assert told["queue:support"]["states"] == told["sum"]["states"] == {"paused": 1, "ready": 1}


def test_a_pause_says_when_it_is_too_long() -> None:
    told = shown(Board.of([], [agent(2, "paused", reason="lunch")]))["operator:2"]
    assert (told["reason"], told["late"]) == ("lunch", at(1800))


def test_a_wrap_up_whose_time_is_up_is_over_without_a_message() -> None:
    wrap_up = {"call_id": "a", "until": at(30)}
    board = Board.of([], [agent(1, "wrap_up", chosen="ready", wrap_up=wrap_up)])
    assert shown(board, now=29)["sum"]["states"] == {"wrap_up": 1}
    assert shown(board, now=31)["operator:1"]["state"] == "ready"
    assert shown(board, now=31)["operator:1"]["since"] == at(30)


def test_a_wall_says_no_more_of_people_than_its_board_allows() -> None:
    board = Board.of([call()], [agent(1)])
    nothing = str(shown(board, see=Shown(callers="none", operators=False, linked=False)))
    assert not any(word in nothing for word in ("Maria", "+48", "Anna", "'customer'"))
    named = str(shown(board, see=Shown(callers="name", linked=False)))
    assert "Maria Kowalska" in named
    assert "+48" not in named
    assert "True" not in named, "nobody's debt stands on a wall"


def test_who_is_called_by_their_number_yet_is_not_named_where_no_numbers_are_shown() -> None:
    new = call(customers=[{**MARIA, "display_name": call()["number_e164"]}])
    named = str(shown(Board.of([new], []), see=Shown(callers="name", linked=False)))
    assert "+48" not in named
    caller = shown(Board.of([new], []))["queue:sales"]["callers"][0]
    assert (caller["name"], caller["number"]) == ("", new["number_e164"])


def test_one_of_several_possible_callers_is_not_named() -> None:
    told = shown(Board.of([call(match="several", customers=[MARIA, MARIA])], []))
    assert told["queue:sales"]["callers"][0]["name"] == ""


def test_a_hidden_number_is_said_to_be_hidden_and_not_shown_as_the_pbx_writes_it() -> None:
    hidden = call(match="withheld", customers=[], number_e164="", number="anonymous")
    caller = shown(Board.of([hidden], []))["queue:sales"]["callers"][0]
    assert (caller["number"], caller["withheld"]) == ("", True)


def test_the_service_level_of_all_queues_is_of_all_their_contacts() -> None:
    few, many = Counted(level_in=1, level_of=1), Counted(level_in=1, level_of=3)
    assert total((few, many)).level == 0.5
    told = shown(Board.empty(), slow=Slow(today={"sales": few, "support": many}))
    assert told["sum"]["level_today"] == 0.5


def test_of_nothing_there_is_no_service_level() -> None:
    assert shown(Board.empty())["sum"]["level_now"] is None


def test_what_a_message_has_just_touched_is_no_difference() -> None:
    board, stored = Board.of([call()], []), Board.empty()
    assert differences(board, stored, NOON) == ["call:a"]
    assert differences(board, stored, NOON, {"call:a"}) == []


def test_a_tile_moves_as_far_as_the_list_goes() -> None:
    assert moved(("a", "b", "c"), "a", 1) == ("b", "a", "c")
    assert moved(("a", "b", "c"), "a", -1) == ("a", "b", "c")
    assert moved(("a", "b"), "z", 1) == ("a", "b")


@pytest.mark.parametrize(
    ("field", "layout"),
    [
        ("title", Layout(title=" ")),
        ("tiles", Layout(title="x", tiles=())),
        ("tiles", Layout(title="x", tiles=("nothing",))),
        ("zone", Layout(title="x", zone="Mars/North")),
        ("rotate_seconds", Layout(title="x", rotate_seconds=1)),
    ],
)
def test_a_board_that_makes_no_sense_is_refused_with_its_field(field: str, layout: Layout) -> None:
    with pytest.raises(Invalid) as refused:
        check(layout)
    assert refused.value.field == field


def test_the_tile_of_who_talks_names_the_call_to_who_may_step_into_it() -> None:
    party = {"user_id": 1, "state": "talking"}
    board = Board.of(
        [call(state="talking", parties=[party])], [agent(1, "talking"), agent(2, "ready")]
    )
    assert shown(board)["operator:1"]["call"] == "a"
    assert "call" not in shown(board)["operator:2"]
    assert "call" not in shown(board, see=Shown(linked=False))["operator:1"]
