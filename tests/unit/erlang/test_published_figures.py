"""The formulas against figures that others have published."""

from __future__ import annotations

import pytest

from callcenter.erlang.blocking import erlang_b
from callcenter.erlang.outlook import outlook
from callcenter.erlang.staffing import Goal, agents_needed, stream_of


@pytest.mark.parametrize(
    ("lines", "erlangs", "blocked"),
    [
        # D. Collins, "Carrier Grade Voice over IP", 2nd edition, appendix A: Erlang B, two digits.
        (5, 1.36, 0.01),
        (10, 4.46, 0.01),
        (20, 12.0, 0.01),
        (50, 37.9, 0.01),
        (100, 84.1, 0.01),
        (10, 5.08, 0.02),
        (20, 13.2, 0.02),
        # erlang.com, manual of the calculator, "How much traffic can a trunk group handle?"
        (15, 8.108, 0.01),
    ],
)
def test_lines_of_the_table_block_as_many_calls_as_it_says(
    lines: int, erlangs: float, blocked: float
) -> None:
    assert erlang_b(lines, erlangs) == pytest.approx(blocked, rel=0.03)


def test_the_example_of_call_centre_helper_comes_out_as_printed() -> None:
    """ "Erlang C formula – made simple with an easy worked example": 100 calls a half hour of three
    minutes, 80 % within 20 seconds."""
    need = agents_needed(stream_of(100, 180), Goal(percent=80, seconds=20, shrinkage_percent=30))
    assert (need.agents, need.scheduled) == (14, 20)
    assert need.outlook.waiting == pytest.approx(0.174, abs=0.0005)
    assert need.outlook.service_level == pytest.approx(0.888, abs=0.0005)
    assert need.outlook.asa == pytest.approx(7.8, abs=0.05)
    assert need.outlook.occupancy == pytest.approx(0.714, abs=0.0005)


def test_the_example_of_angus_comes_out_as_printed() -> None:
    """I. Angus, "An introduction to Erlang B and Erlang C", Telemanagement 187, 2001: 360 calls a
    half hour of four minutes, 55 agents, within 15 seconds."""
    found = outlook(55, stream_of(360, 240), 15)
    assert found.waiting == pytest.approx(0.239, abs=0.0005)
    assert found.asa == pytest.approx(8.2, abs=0.05)
    assert found.service_level == pytest.approx(0.846, abs=0.0005)


def test_patience_changes_the_table_of_garnett_mandelbaum_and_reiman_as_printed() -> None:
    """ "Designing a call center with impatient customers", M&SOM 4(3), 2002: 50 agents, 48 calls a
    minute of one minute each, callers who wait for ever or two minutes on average."""
    patient = outlook(50, stream_of(48, 60, interval=60), 58.1)
    assert patient.mean_wait == pytest.approx(20.8, abs=0.05)
    assert patient.service_level == pytest.approx(0.90, abs=0.001)
    assert patient.occupancy == pytest.approx(0.96)
    impatient = outlook(50, stream_of(48, 60, patience=120, interval=60), 12.5)
    assert impatient.abandonment == pytest.approx(0.031, abs=0.0005)
    assert impatient.mean_wait == pytest.approx(3.7, abs=0.05)
    assert impatient.occupancy == pytest.approx(0.93, abs=0.0005)
