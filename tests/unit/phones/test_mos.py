"""The grade of a call follows the E-model, and never leaves its scale."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.phones.mos import Sound, mos, r_factor

# The browser shows the same grade while the call is up: both are held to this table.
TABLE = Path(__file__).parents[3] / "web" / "frontend" / "test" / "mos.json"
FIGURES = json.loads(TABLE.read_text("utf-8"))
PERFECT = Sound(loss_percent=0, jitter_ms=0, round_trip_ms=0)


@pytest.mark.parametrize("row", FIGURES, ids=str)
def test_the_grade_is_that_of_the_table(row: dict[str, float]) -> None:
    sound = {name: value for name, value in row.items() if name != "mos"}
    assert mos(Sound(**sound)) == pytest.approx(row["mos"], abs=0.005)  # type: ignore[arg-type]


def test_a_perfect_line_is_rated_a_little_under_the_default() -> None:
    assert r_factor(PERFECT) == pytest.approx(93.2 - 0.024 * 20)


@given(
    st.floats(0, 100), st.floats(0, 10_000), st.floats(0, 60_000), st.sampled_from(["opus", "PCMA"])
)
def test_the_grade_stays_on_its_scale(loss: float, jitter: float, trip: float, codec: str) -> None:
    sound = Sound(loss_percent=loss, jitter_ms=jitter, round_trip_ms=trip, codec=codec)
    assert 1.0 <= mos(sound) <= mos(PERFECT) <= 4.5


@given(st.floats(0, 50), st.floats(0.1, 50))
def test_more_loss_never_sounds_better(loss: float, more: float) -> None:
    def graded(percent: float) -> float:
        return mos(Sound(loss_percent=percent, jitter_ms=5, round_trip_ms=40))

    assert graded(loss + more) <= graded(loss)
