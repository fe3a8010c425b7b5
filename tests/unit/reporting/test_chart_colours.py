"""Colours of charts: whose is which, and that everybody's eyes tell any two of them apart."""

from __future__ import annotations

import math
import re
from itertools import combinations
from pathlib import Path

import pytest

from callcenter.reporting import address, charts, tables
from callcenter.reporting.catalog import REPORTS
from callcenter.reporting.charts import COLOURS, colours_of
from callcenter.reporting.drawing import COLOURS as ON_PAPER
from callcenter.reporting.drawing import drawing
from callcenter.reports.question import Answer, Row
from tests.unit.reporting.test_charts import NOW, WORDS

SOURCES = Path(__file__).parents[3] / "web" / "frontend" / "src"
QUEUES = [f"queue-{letter}" for letter in "abcdefgh"]
# What the eye sees without one kind of cone (Machado, Oliveira and Fernandes, 2009), of linear RGB.
EYES = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
TOLD_APART = 0.07
"""In OKLab, where 0.02 is the least that people see when two colours touch."""


def _looks() -> dict[str, tuple[list[str], str]]:
    """The chart's colours and the paper under them, in the light look and in the dark one."""
    series = re.findall(r"--chart-\d: (#\w+);", (SOURCES / "reports.css").read_text())
    papers = re.findall(r"--paper: (#\w+);", (SOURCES / "base.css").read_text())
    half = len(series) // 2
    return {"light": (series[:half], papers[0]), "dark": (series[half:], papers[1])}


def _linear(colour: str) -> tuple[float, ...]:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * one for one in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    return tuple(x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)


def _mixed(matrix: tuple[tuple[float, ...], ...], parts: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sum(a * b for a, b in zip(row, parts, strict=True)) for row in matrix)


def _seen(colour: str, eye: str) -> tuple[float, ...]:
    """In OKLab, whose distances are those that people see."""
    shown = tuple(min(1.0, max(0.0, part)) for part in _mixed(EYES[eye], _linear(colour)))
    cones = _mixed(
        (
            (0.4122214708, 0.5363325363, 0.0514459929),
            (0.2119034982, 0.6806995451, 0.1073969566),
            (0.0883024619, 0.2817188376, 0.6299787005),
        ),
        shown,
    )
    return _mixed(
        (
            (0.2104542553, 0.7936177850, -0.0040720468),
            (1.9779984951, -2.4285922050, 0.4505937099),
            (0.0259040371, 0.7827717662, -0.8086757660),
        ),
        tuple(math.cbrt(part) for part in cones),
    )


def _light(colour: str) -> float:
    return sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), _linear(colour), strict=True))


@pytest.mark.parametrize("look", ["light", "dark"])
def test_eight_colours_are_told_apart_with_any_colour_blindness(look: str) -> None:
    series, _paper = _looks()[look]
    assert len(series) == COLOURS == 8
    near = [
        (eye, one, other)
        for eye in EYES
        for one, other in combinations(series, 2)
        if math.dist(_seen(one, eye), _seen(other, eye)) < TOLD_APART
    ]
    assert near == []


@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_colour_stands_out_from_the_paper(look: str) -> None:
    series, paper = _looks()[look]
    for colour in series:
        low, high = sorted((_light(colour), _light(paper)))
        assert (high + 0.05) / (low + 0.05) >= 3, colour


def test_screen_and_paper_have_the_same_colours() -> None:
    series, _paper = _looks()["light"]
    assert list(ON_PAPER) == series
    written = (SOURCES / "reports" / "colours.js").read_text()
    assert (
        re.findall(r'"(#\w{6})"', written.partition("FALLBACK = ")[2].partition(";")[0]) == series
    )


def test_no_two_of_eight_queues_share_a_colour_not_even_with_what_is_none_of_ours() -> None:
    shown = ["", "gone", *QUEUES[:6]]
    found = colours_of(shown, QUEUES)
    assert len(set(found.values())) == 8
    assert [found[name] for name in QUEUES[:6]] == [0, 1, 2, 3, 4, 5]


def test_a_queue_keeps_its_colour_whichever_others_are_shown() -> None:
    for several in (QUEUES, QUEUES[3:], [QUEUES[4], "", QUEUES[7]]):
        assert colours_of(several, QUEUES).get("queue-e") == 4


def test_of_more_queues_than_colours_those_of_one_chart_still_differ() -> None:
    many = [f"q{number:02}" for number in range(20)]
    shown = ["q01", "q09", "q17", "q02"]
    found = colours_of(shown, many)
    assert len(set(found.values())) == 4
    assert found["q01"] == 1


def test_lines_and_bars_of_a_queue_have_its_colour_on_screen_and_on_paper() -> None:
    asked = address.read(
        REPORTS["speed"],
        address.parse("from=2026-11-20&to=2026-11-21&by=day&by=queue"),
        now=NOW,
        zone="UTC",
    )
    rows = [
        Row((day, name), {"service_level": share})
        for day in ("2026-11-20", "2026-11-21")
        for name, share in (("queue-h", 0.9), ("queue-c", 0.4))
    ]
    lines = charts.chart(asked, Answer(rows=tuple(rows), totals={}), WORDS, queues=QUEUES)
    assert lines is not None
    assert [(one["name"], one["colour"]) for one in lines["series"]] == [
        ("queue-h", 7),
        ("queue-c", 2),
    ]
    drawn = drawing(lines, tables.told)
    assert [one.colour for one in drawn.lines] == [ON_PAPER[7], ON_PAPER[2]]
    assert drawn.legend == [(ON_PAPER[7], "queue-h"), (ON_PAPER[2], "queue-c")]

    by_queue = address.read(
        REPORTS["speed"],
        address.parse("from=2026-11-20&to=2026-11-21&by=queue&kpi=service_level"),
        now=NOW,
        zone="UTC",
    )
    bars = [Row((name,), {"service_level": 0.5}) for name in ("", "queue-a", "queue-f")]
    chart = charts.chart(by_queue, Answer(rows=tuple(bars), totals={}), WORDS, queues=QUEUES)
    assert chart is not None
    (series,) = chart["series"]
    own = dict(zip(chart["x"], series["colours"], strict=True))
    assert own == {"none": 1, "queue-a": 0, "queue-f": 5}
    assert {box.colour for box in drawing(chart, tables.told).boxes} == {
        ON_PAPER[place] for place in own.values()
    }
