"""What holds for every centre, however large."""

from __future__ import annotations

from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.erlang.blocking import erlang_b
from callcenter.erlang.outlook import LONGEST_PATIENCE, Stream, erlang_c, outlook
from callcenter.erlang.staffing import Goal, agents_needed, stream_of, with_shrinkage

SLIGHT = 1e-9
SERVERS = st.integers(1, 3000)
LOADS = st.floats(0.01, 4.0)
"""Of what the operators could just carry."""
PATIENCE = st.one_of(st.just(0.0), st.floats(1.0, 900.0))
FEW = settings(max_examples=60, deadline=None)


def _stream(servers: int, load: float, patience: float) -> Stream:
    return Stream(rate=servers * load / 200, handle=200, patience=patience)


@FEW
@given(SERVERS, LOADS, PATIENCE, st.floats(0, 300))
def test_shares_are_shares_and_times_are_times(
    servers: int, load: float, patience: float, seconds: float
) -> None:
    found = outlook(servers, _stream(servers, load, patience), seconds)
    for share in (found.service_level, found.waiting, found.abandonment, found.occupancy):
        assert 0.0 <= share <= 1.0
    assert found.asa >= 0
    assert found.service_level + found.abandonment <= 1.0 + SLIGHT
    assert isfinite(found.asa) or (patience == 0 and load >= 1 - SLIGHT)


@FEW
@given(SERVERS, LOADS, PATIENCE, st.floats(0, 300))
def test_one_operator_more_is_never_worse(
    servers: int, load: float, patience: float, seconds: float
) -> None:
    stream = _stream(servers, load, patience)
    fewer, more = (outlook(number, stream, seconds) for number in (servers, servers + 1))
    assert more.service_level >= fewer.service_level - SLIGHT
    assert more.abandonment <= fewer.abandonment + SLIGHT
    assert more.asa <= fewer.asa * (1 + SLIGHT) + SLIGHT
    assert more.occupancy <= fewer.occupancy + SLIGHT


@FEW
@given(SERVERS, LOADS, st.floats(1.01, 2), PATIENCE)
def test_more_calls_are_never_easier(
    servers: int, load: float, growth: float, patience: float
) -> None:
    before = outlook(servers, _stream(servers, load, patience), 20)
    after = outlook(servers, _stream(servers, load * growth, patience), 20)
    assert after.service_level <= before.service_level + SLIGHT
    assert after.abandonment >= before.abandonment - SLIGHT
    assert after.occupancy >= before.occupancy - SLIGHT


@FEW
@given(SERVERS, st.floats(0.05, 0.5))
def test_with_ever_more_patience_callers_are_those_of_erlang_c(servers: int, load: float) -> None:
    for_ever = outlook(servers, _stream(servers, load, 0), 20)
    long = outlook(servers, _stream(servers, load, LONGEST_PATIENCE), 20)
    assert long.waiting <= for_ever.waiting + SLIGHT
    assert long.service_level == pytest.approx(for_ever.service_level, abs=0.05)


@FEW
@given(st.integers(1, 5000), st.floats(0.001, 2))
def test_waiting_is_more_likely_than_being_turned_away(servers: int, load: float) -> None:
    offered = servers * load
    assert 0 <= erlang_b(servers, offered) <= erlang_c(servers, offered) + SLIGHT <= 1 + 2 * SLIGHT


@FEW
@given(
    st.floats(0.1, 20_000), st.floats(5, 900), PATIENCE, st.integers(1, 99), st.integers(40, 100)
)
def test_the_number_needed_is_the_smallest_that_reaches_the_goal(
    calls: float, handle: float, patience: float, percent: int, occupancy: int
) -> None:
    stream, goal = (
        stream_of(calls, handle, patience),
        Goal(percent=percent, seconds=20, occupancy_percent=occupancy),
    )
    need = agents_needed(stream, goal)

    def reached(agents: int) -> bool:
        found = outlook(agents, stream, 20)
        return (
            found.service_level >= percent / 100 - SLIGHT
            and found.occupancy <= occupancy / 100 + SLIGHT
        )

    # Beyond the most that are counted the calculator says so instead.
    assert reached(need.agents) == need.reached
    assert not reached(need.agents - 1)


def test_nobody_is_needed_for_no_calls_and_one_for_a_trickle() -> None:
    assert agents_needed(stream_of(0, 180), Goal()).agents == 0
    assert agents_needed(stream_of(0.01, 180), Goal()).agents == 1


def test_who_may_not_be_busier_needs_more_colleagues_and_is_told_why() -> None:
    calm = agents_needed(stream_of(1000, 180), Goal(occupancy_percent=70))
    assert calm.bound == "occupancy"
    assert calm.outlook.occupancy <= 0.7
    assert calm.agents > agents_needed(stream_of(1000, 180), Goal()).agents


def test_an_hour_without_operators_answers_nobody() -> None:
    found = outlook(0, stream_of(10, 180, 60), 20)
    assert (found.service_level, found.abandonment, found.occupancy) == (0, 1, 0)


def test_shrinkage_is_of_the_paid_time() -> None:
    assert with_shrinkage(14, 30) == 20
    assert with_shrinkage(7, 30) == 10
    assert with_shrinkage(0, 30) == 0
    with pytest.raises(ValueError, match="shrinkage"):
        with_shrinkage(1, 100)


@pytest.mark.parametrize(
    ("servers", "stream"),
    [
        (-1, Stream(rate=1, handle=1)),
        (1, Stream(rate=-1, handle=1)),
        (1, Stream(rate=1, handle=0)),
        (1, Stream(rate=1, handle=1, patience=LONGEST_PATIENCE + 1)),
    ],
)
def test_what_cannot_be_is_refused(servers: int, stream: Stream) -> None:
    with pytest.raises(ValueError, match="operators"):
        outlook(servers, stream, 20)
