"""The reports there are: each is a question, with the figures that answer it. Pure.

The first figure is the answer itself: it stands large above the chart. Titles are English; the
doors translate them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from callcenter.reports.question import By

Kind = Literal["line", "bar", "heatmap"]
TIMES: Final[tuple[By, ...]] = (
    "half_hour",
    "hour",
    "time_of_day",
    "weekday",
    "day",
    "week",
    "month",
    "year",
)
_WHOSE: Final[tuple[By, ...]] = ("queue", "operator", "dialed", "trunk", "channel", "direction")
_CONTACTS: Final = (*TIMES, *_WHOSE, "result", "outcome", "segment", "menu_path")
_COUNTING: Final = (
    *("offered", "contacts", "handled", "answered"),
    *("placed", "callbacks", "survey_answers", "assessments"),
)
_STATES: Final = (*TIMES, "operator", "state", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`charted`: the figures of the chart, all of one unit. `groups`: what its rows can stand for.
    `own`: an operator may ask it of themselves."""

    key: str
    title: str
    icon: str
    kpis: tuple[str, ...]
    by: tuple[By, ...] = ("day",)
    groups: tuple[By, ...] = _CONTACTS
    charted: tuple[str, ...] = ()
    chart: Kind = "line"
    own: bool = False

    @property
    def main(self) -> str:
        return self.kpis[0]

    @property
    def counted(self) -> str:
        """The figure whose contacts are all of the report; '' where no contacts stand behind it."""
        last = "handled" if "aht" in self.kpis else ""
        return next((one for one in _COUNTING if one in self.kpis), last)

    @property
    def drawn(self) -> tuple[str, ...]:
        return self.charted or (self.main,)


_ALL: Final = (
    Report(
        key="speed",
        title="How fast did we answer?",
        icon="clock",
        kpis=(
            *("service_level", "asa", "abandonment", "offered", "answered", "abandoned"),
            *("short_abandoned", "wait_longest"),
        ),
    ),
    Report(
        key="traffic",
        title="How much came in?",
        icon="phone-incoming",
        kpis=("offered", "answered", "abandoned", "overflowed", "given_up", "traffic"),
        charted=("offered", "answered", "abandoned"),
    ),
    Report(
        key="hours",
        title="When do they come?",
        icon="calendar",
        kpis=("offered", "answered", "abandoned", "service_level", "asa", "aht"),
        by=("weekday", "time_of_day"),
        groups=("weekday",),
        chart="heatmap",
    ),
    Report(
        key="patience",
        title="Who gave up waiting?",
        icon="phone-x",
        kpis=(
            *("abandonment", "abandoned", "short_abandoned", "abandon_wait", "wait_longest"),
            "offered",
        ),
    ),
    Report(
        key="handling",
        title="How long did a contact take?",
        icon="headset",
        kpis=("aht", "talk_mean", "hold_mean", "wrap_up_mean", "ring_mean", "handled", "traffic"),
        charted=("talk_mean", "hold_mean", "wrap_up_mean"),
        own=True,
    ),
    Report(
        key="sources",
        title="Which way did they come?",
        icon="route",
        kpis=("offered", "answered", "abandonment", "service_level", "asa", "aht"),
        by=("dialed",),
        chart="bar",
    ),
    Report(
        key="outcomes",
        title="How did contacts end?",
        icon="list-check",
        kpis=("contacts", "answered", "aht"),
        by=("outcome",),
        chart="bar",
        own=True,
    ),
    Report(
        key="first_time",
        title="Was it solved the first time?",
        icon="circle-check",
        kpis=("fcr", "repeated", "repeat_rate", "transferred", "transfer_rate", "answered"),
        groups=("day", "week", "month", "weekday", "queue", "operator", "dialed", "trunk"),
    ),
    Report(
        key="operators",
        title="How were operators' hours spent?",
        icon="headphones",
        kpis=(
            *("occupancy", "utilisation", "pause_adherence", "rung", "not_taken", "take_rate"),
            *("aht", "transferred", "logged_in", "ready", "paused", "wrapping_up"),
        ),
        by=("operator",),
        groups=("operator", "half_hour", "hour", "day", "week", "month"),
        charted=("occupancy", "utilisation"),
        chart="bar",
        own=True,
    ),
    Report(
        key="pauses",
        title="What were pauses for?",
        icon="player-pause",
        kpis=("paused", "pause_adherence"),
        by=("reason",),
        groups=_STATES,
        charted=("paused",),
        chart="bar",
        own=True,
    ),
    Report(
        key="outbound",
        title="How many did we reach?",
        icon="phone-outgoing",
        kpis=("reach_rate", "placed", "reached", "talk_mean"),
        own=True,
    ),
    Report(
        key="callbacks",
        title="Did call-backs reach anybody?",
        icon="phone-check",
        kpis=("callback_success", "callbacks"),
        groups=("day", "week", "month", "weekday", "queue"),
    ),
    Report(
        key="surveys",
        title="How satisfied were callers?",
        icon="star",
        kpis=("survey_score", "survey_answers"),
        groups=("day", "week", "month", "weekday", "queue", "operator"),
        own=True,
    ),
    Report(
        key="quality",
        title="How well were contacts handled?",
        icon="clipboard-check",
        kpis=("quality_score", "assessments"),
        groups=("day", "week", "month", "weekday", "queue", "operator", "channel"),
        own=True,
    ),
)
REPORTS: Final[Mapping[str, Report]] = {one.key: one for one in _ALL}
"""Key in the address → report, in the order of the overview."""
MENUS: Final = "menus"
"""What callers chose in voice menus: a page of its own, which no figure of the catalogue says."""
