"""A chart as shapes on paper: what the template of a PDF page writes as SVG. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, log10
from typing import Any, Final

WIDTH: Final = 680.0
HEIGHT: Final = 240.0
_LEFT, _BOTTOM, _TOP = 52.0, 28.0, 12.0
COLOURS: Final = (
    "#0072b2", "#d55e00", "#009e73", "#a473ee", "#ab2974", "#341f97", "#38612f", "#632532",
)  # fmt: skip
"""As screens have them on white (`reports.css`): told apart with any kind of colour blindness."""
_LOW, _HIGH = (234, 242, 250), (8, 69, 126)
_MOST_LABELS: Final = 12
_BAR, _BETWEEN = 12.0, 6.0
_LETTER: Final = 5.6
_LONGEST_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Line:
    points: str
    colour: str
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """Words at a place; `anchor` as SVG calls it."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(slots=True)
class Drawing:
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    grid: list[float] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    legend: list[tuple[str, str]] = field(default_factory=list)
    width: float = WIDTH
    height: float = HEIGHT


def drawing(chart: Mapping[str, Any], write: Any) -> Drawing:
    """`write(value, unit)`: how a number on the axis is told."""
    if chart["kind"] == "heatmap":
        return _heat(chart, write)
    return _lying(chart, write) if chart.get("lying") else _axes(chart, write)


def _axes(chart: Mapping[str, Any], write: Any) -> Drawing:
    made = Drawing()
    series: Sequence[Mapping[str, Any]] = chart["series"]
    top = _top(chart)
    bottom, high = HEIGHT - _BOTTOM, HEIGHT - _BOTTOM - _TOP

    def at(value: float) -> float:
        return round(bottom - high * min(value, top) / top, 2)

    for step in range(5):
        value = top * step / 4
        made.grid.append(at(value))
        made.marks.append(Mark(_LEFT - 6, at(value) + 3, write(value, chart["unit"]), "end"))
    _label_x(made, chart["x"])
    draw = _draw_bars if chart["kind"] == "bar" else _draw_lines
    draw(made, chart, at)
    made.legend = [(_colour(one, n), one["name"]) for n, one in enumerate(series)]
    if chart.get("goal") is not None:
        height = at(chart["goal"])
        made.lines.append(Line(f"{_LEFT},{height} {WIDTH},{height}", "#1b2430", dashed=True))
    return made


def _top(chart: Mapping[str, Any]) -> float:
    told = [
        value
        for one in chart["series"]
        for value in [*one["values"], *one.get("before", ())]
        if value is not None
    ]
    if chart["unit"] == "percent":
        return 100.0
    # Quarters of less than four seconds would be told as the same.
    least = 4 if chart["unit"] == "seconds" else 1
    return _round_up(max([*told, chart.get("goal") or 0, least]))


def _lying(chart: Mapping[str, Any], write: Any) -> Drawing:
    """Bars from left to right, each with its name before it and its number behind it."""
    series: Sequence[Mapping[str, Any]] = chart["series"]
    thick = _BAR * len(series)
    made = Drawing(height=(thick + _BETWEEN) * len(chart["x"]) + _TOP)
    top, left = _top(chart), max(_LEFT, _width_of(chart["x"]))
    room = WIDTH - left - _LEFT
    for place, name in enumerate(chart["x"]):
        y = round(_TOP / 2 + place * (thick + _BETWEEN), 2)
        made.marks.append(Mark(left - 6, round(y + thick / 2 + 3, 2), _short(name), "end"))
        for n, one in enumerate(series):
            value, at = one["values"][place], round(y + n * _BAR, 2)
            wide = round(room * min(value or 0, top) / top, 2)
            made.boxes.append(Box(left, at, wide, _BAR - 1, _colour(one, n, place)))
            told = write(value, chart["unit"])
            made.marks.append(Mark(round(left + wide + 4, 2), at + _BAR - 3, told, "start"))
    made.legend = [(_colour(one, n), one["name"]) for n, one in enumerate(series)]
    return made


def _colour(series: Mapping[str, Any], number: int, place: int = 0) -> str:
    """Of a bar at this place, of a line, or of the series by its number."""
    own = series["colours"][place] if "colours" in series else series.get("colour", number)
    return COLOURS[own % len(COLOURS)]


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _width_of(names: Sequence[str]) -> float:
    """Of the longest as it is written, with the room beside it."""
    return _LETTER * max((len(_short(name)) for name in names), default=0) + 12


def _slot(chart: Mapping[str, Any]) -> float:
    return (WIDTH - _LEFT) / max(1, len(chart["x"]))


def _draw_bars(made: Drawing, chart: Mapping[str, Any], at: Any) -> None:
    slot, count = _slot(chart), max(1, len(chart["series"]))
    width = min(28.0, slot * 0.8 / count)
    for n, one in enumerate(chart["series"]):
        for place, value in enumerate(one["values"]):
            if value is None:
                continue
            x = _LEFT + slot * (place + 0.5) + (n - count / 2) * width
            y = at(value)
            height, colour = round(HEIGHT - _BOTTOM - y, 2), _colour(one, n, place)
            made.boxes.append(Box(round(x, 2), y, round(width, 2), height, colour))


def _draw_lines(made: Drawing, chart: Mapping[str, Any], at: Any) -> None:
    slot = _slot(chart)
    for n, one in enumerate(chart["series"]):
        for name, colour, dashed in (
            ("before", "#566171", True),
            ("values", _colour(one, n), False),
        ):
            for run in _runs(one.get(name, ())):
                points = " ".join(
                    f"{round(_LEFT + slot * (place + 0.5), 2)},{at(value)}" for place, value in run
                )
                made.lines.append(Line(points, colour, dashed))
                if len(run) == 1:
                    x, y = round(_LEFT + slot * (run[0][0] + 0.5), 2), at(run[0][1])
                    made.boxes.append(Box(x - 2, y - 2, 4, 4, colour))


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """Stretches without a hole."""
    found: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(values):
        if value is not None:
            found[-1].append((place, value))
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


def _label_x(made: Drawing, labels: Sequence[str], left: float = _LEFT) -> None:
    """Each in the middle of its place; those at the ends stay on the paper."""
    slot = (WIDTH - left) / max(1, len(labels))
    every = max(1, ceil(len(labels) / _MOST_LABELS))
    if all(text[:1].isdigit() for text in labels):  # times: fewer of them, each in full
        widest = max((len(text) for text in labels), default=0) * _LETTER + _LETTER
        every = max(every, ceil(widest / slot))
    longest = max(6, int(slot * every / 5.5))
    end = 0.0
    for place, text in enumerate(labels):
        short = text if len(text) <= longest else f"{text[: longest - 1]}…"
        half = len(short) * _LETTER / 2
        x = min(max(left + slot * (place + 0.5), half), WIDTH - half)
        if place % every == 0 and x - half >= end:
            made.marks.append(Mark(round(x, 2), HEIGHT - 10, short))
            end = x + half


def _heat(chart: Mapping[str, Any], write: Any) -> Drawing:
    made = Drawing()
    left = max(_LEFT, _width_of(chart["y"]))
    wide = (WIDTH - left) / max(1, len(chart["x"]))
    tall = (HEIGHT - _BOTTOM - _TOP) / max(1, len(chart["y"]))
    most = max([value or 0 for _, _, value in chart["cells"]] or [1]) or 1
    for x, y, value in chart["cells"]:
        place = round(left + x * wide, 2), round(_TOP + y * tall, 2)
        size = (round(wide - 1, 2), round(tall - 1, 2))
        made.boxes.append(Box(*place, *size, _shade((value or 0) / most)))
    for line, text in enumerate(chart["y"]):
        made.marks.append(Mark(left - 6, round(_TOP + tall * (line + 0.6), 2), _short(text), "end"))
    _label_x(made, chart["x"], left)
    made.legend = [(_shade(0), write(0, chart["unit"])), (_shade(1), write(most, chart["unit"]))]
    return made


def _shade(part: float) -> str:
    mixed = (round(low + (high - low) * part) for low, high in zip(_LOW, _HIGH, strict=True))
    return "#" + "".join(f"{one:02x}" for one in mixed)


def _round_up(value: float) -> float:
    """1, 2, 4 or 8 of a power of ten: quarters of it are short numbers."""
    power = 10.0 ** floor(log10(value))
    return float(next(n * power for n in (1, 2, 4, 8, 10) if value <= n * power))
