"""Laws of the wallboard: what is folded from messages is what the database holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from callcenter.agents.status import STATES
from callcenter.wallboard.board import Board
from callcenter.wallboard.checking import differences, mend
from callcenter.wallboard.counted import Slow
from callcenter.wallboard.figures import figures
from callcenter.wallboard.setup import BoardQueue, Setup
from callcenter.wallboard.tiles import Shown, changed, tiles

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SETUP = Setup(
    queues={
        "sales": BoardQueue(name="sales", title="Sales", people=frozenset({1, 2})),
        "support": BoardQueue(name="support", title="Support"),
    },
    people={1: "Anna", 2: "Jan", 3: "Olga"},
)
Told = tuple[str, dict[str, Any]]

seconds = st.integers(0, 300).map(lambda at: (NOON + timedelta(seconds=at)).isoformat())


def _call(call_id: str, queue: str, state: str, since: str, user: int) -> Told:
    live = state != "ended"
    party = {"user_id": user, "state": "talking" if state == "talking" else "ended"}
    call = {"call_id": call_id, "live": live, "queue": queue, "state": state, "parties": [party]}
    return "call", {"call": {**call, "direction": "inbound", "started_at": since}}


def _agent(user_id: int, state: str, since: str, until: str) -> Told:
    wrap_up = {"call_id": "a", "until": until} if state == "wrap_up" else None
    chosen = {"chosen": "paused", "chosen_reason": "lunch"}
    told = {"user_id": user_id, "state": state, "reason": "", "since": since, "wrap_up": wrap_up}
    return "agent", {**told, **chosen}


messages = st.one_of(
    st.builds(
        _call,
        st.sampled_from("abcd"),
        st.sampled_from(("", "sales", "support", "new")),
        st.sampled_from(("waiting", "ringing", "talking", "ended")),
        seconds,
        st.sampled_from((1, 2, 3)),
    ),
    st.builds(_agent, st.sampled_from((1, 2, 3)), st.sampled_from(STATES), seconds, seconds),
)
streams = st.lists(messages, max_size=24)
moments = st.integers(0, 600).map(lambda at: NOON + timedelta(seconds=at))


def _stored(told: list[Told]) -> Board:
    """What the database holds after these: the last of each call and each operator."""
    calls: dict[str, dict[str, Any]] = {}
    agents: dict[int, dict[str, Any]] = {}
    for kind, payload in told:
        if kind == "call":
            calls[payload["call"]["call_id"]] = payload["call"]
        else:
            agents[payload["user_id"]] = payload
    return Board.of((one for one in calls.values() if one["live"]), agents.values())


def _folded(told: list[Told], onto: Board | None = None) -> Board:
    board = onto or Board.empty()
    for kind, payload in told:
        board.fold(kind, payload)
    return board


@given(streams, st.lists(st.booleans(), min_size=24, max_size=24))
def test_folding_messages_with_repeats_is_the_board_of_the_database(
    told: list[Told], again: list[bool]
) -> None:
    repeated = [one for one, twice in zip(told, again, strict=False) for _ in range(1 + twice)]
    assert _folded(repeated).parts(NOON) == _stored(told).parts(NOON)


@given(streams, st.integers(0, 24), st.integers(0, 24))
def test_a_board_read_in_mid_stream_is_right_once_the_rest_was_heard(
    told: list[Told], read: int, first: int
) -> None:
    """Messages from before the reading that come after it change nothing in the end."""
    heard = told[min(first, read) :]
    board = _folded(heard, onto=_stored(told[:read]))
    assert board.parts(NOON) == _stored(told).parts(NOON)


@given(streams, streams, moments)
def test_after_the_comparison_the_database_has_won(
    mine: list[Told], theirs: list[Told], now: datetime
) -> None:
    board, stored = _folded(mine), _stored(theirs)
    mend(board, stored, differences(board, stored, now))
    assert differences(board, stored, now) == []


@given(streams, streams, moments)
def test_tiles_and_their_changes_make_the_later_tiles(
    first: list[Told], later: list[Told], now: datetime
) -> None:
    def drawn(board: Board) -> dict[str, Any]:
        return tiles(figures(board, SETUP, now), Slow(), SETUP, Shown())

    board = _folded(first)
    before = drawn(board)
    after = drawn(_folded(later, onto=board))
    screen = {**before, **changed(before, after)}
    assert {name: tile for name, tile in screen.items() if tile is not None} == after


@given(streams, moments)
def test_everybody_with_a_phone_who_has_a_state_is_counted_once(
    told: list[Told], now: datetime
) -> None:
    found = figures(_folded(told), SETUP, now)
    assert sum(found.overall.states.values()) == len(found.operators)
    assert len({one.user_id for one in found.operators}) == len(found.operators)
    assert len(found.overall.waiting) == sum(len(row.waiting) for row in found.queues)
