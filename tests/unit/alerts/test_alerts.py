"""When a figure that crosses its threshold is told, and when that is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.alerts import machine, told
from callcenter.alerts.checks import Known, check, check_goal
from callcenter.alerts.machine import CALM, State, step, unseen
from callcenter.alerts.metrics import GOAL_METRICS, METRICS
from callcenter.alerts.threshold import LEVELS, Alert, Goal, Threshold
from callcenter.alerts.turn import Change, Scene, look
from callcenter.reporting.language import Language

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TWO = timedelta(seconds=2)
FIVE_RED_TEN = Threshold(id=1, metric="waiting", comparison="at_least", amber=5, red=10)
LOW = Threshold(
    id=1, metric="service_level_now", comparison="at_most", amber=80, red=60, clear_by=5
)
KNOWN = Known(queues=frozenset({"support"}), teams=frozenset({3}), calendars=frozenset({"office"}))


def walk(rule: Threshold, values: list[float], every: timedelta = TWO) -> list[str]:
    """The level after each sample."""
    state = CALM
    found: list[str] = []
    for place, value in enumerate(values):
        state = step(rule, state, value, AT + place * every)
        found.append(state.level)
    return found


def test_an_instant_threshold_is_told_with_the_first_sample_beyond_it() -> None:
    assert walk(FIVE_RED_TEN, [4, 5, 9, 10, 9, 4]) == ["ok", "amber", "amber", "red", "amber", "ok"]


def test_a_figure_that_must_not_fall_is_told_when_it_does() -> None:
    assert walk(LOW, [81, 80, 60, 64, 65, 66, 85, 86]) == [
        *("ok", "amber", "red", "red", "red", "amber", "amber", "ok")
    ]


def test_a_figure_that_swings_within_its_slack_is_told_once() -> None:
    rule = replace(FIVE_RED_TEN, red=None, clear_by=2)
    assert walk(rule, [5, 4, 3, 5, 4, 2.9, 4]) == ["amber"] * 5 + ["ok", "ok"]


def test_a_sustained_threshold_waits_its_minutes_without_a_break() -> None:
    rule = replace(FIVE_RED_TEN, sustained_minutes=5)
    minute = timedelta(minutes=1)
    assert walk(rule, [6, 6, 6, 6, 6, 6], minute)[-2:] == ["ok", "amber"]
    assert set(walk(rule, [6, 6, 6, 4, 6, 6, 6, 6, 6], minute)) == {"ok"}


def test_red_for_a_moment_within_a_sustained_amber_is_amber() -> None:
    rule = replace(FIVE_RED_TEN, sustained_minutes=5)
    assert walk(rule, [6, 6, 12, 6, 6, 6], timedelta(minutes=1))[-1] == "amber"


def test_a_threshold_with_red_alone_never_is_amber() -> None:
    assert walk(replace(FIVE_RED_TEN, amber=None), [9, 10, 9]) == ["ok", "red", "ok"]


_values = st.lists(st.floats(min_value=0, max_value=20), min_size=1, max_size=40)


def _in_order(rule: Threshold) -> bool:
    """Amber before red, as `checks` has it."""
    if rule.amber is None or rule.red is None:
        return True
    return rule.amber < rule.red if rule.comparison == "at_least" else rule.amber > rule.red


_rules = st.builds(
    Threshold,
    id=st.just(1),
    metric=st.just("waiting"),
    comparison=st.sampled_from(["at_least", "at_most"]),
    amber=st.none() | st.integers(1, 9).map(float),
    red=st.none() | st.integers(1, 19).map(float),
    sustained_minutes=st.integers(0, 2),
    clear_by=st.integers(0, 4).map(float),
).filter(_in_order)


@given(_rules, _values)
def test_nothing_opens_that_was_not_beyond_its_bound_all_the_sustained_time(
    rule: Threshold, values: list[float]
) -> None:
    every = timedelta(seconds=20)
    state = CALM
    for place, value in enumerate(values):
        before, state = state, step(rule, state, value, AT + place * every)
        if before.level == "ok" and state.level != "ok":
            bound = rule.bound(state.level)
            back = round(rule.sustained / every)
            assert bound is not None
            assert place >= back
            for seen in values[place - back : place + 1]:
                assert seen >= bound if rule.comparison == "at_least" else seen <= bound


@given(_rules, _values)
def test_an_open_alert_closes_only_with_a_sample_that_is_back(
    rule: Threshold, values: list[float]
) -> None:
    state = CALM
    for place, value in enumerate(values):
        before, state = state, step(rule, state, value, AT + place * TWO)
        bound = rule.bound(before.level)
        if bound is not None and machine.is_worse(before.level, state.level):
            slack = rule.clear_by
            high = rule.comparison == "at_least"
            assert value < bound - slack if high else value > bound + slack


@given(_rules, _values, st.sets(st.integers(0, 39)))
def test_a_gap_opens_and_closes_nothing(
    rule: Threshold, values: list[float], gaps: set[int]
) -> None:
    """Whatever lies in it: what is told stays told, what is waited for begins anew."""
    state = CALM
    for place, value in enumerate(values):
        if place in gaps:
            before, state = state, unseen(state)
            assert state.level == before.level
            assert state.level != "ok" or state == CALM
        state = step(rule, state, value, AT + place * TWO)


@given(_rules, _values)
def test_the_same_sample_again_changes_nothing(rule: Threshold, values: list[float]) -> None:
    state = CALM
    for place, value in enumerate(values):
        now = AT + place * TWO
        state = step(rule, state, value, now)
        assert step(rule, state, value, now) == state


def scene(value: float | None, **changes: Any) -> Scene:
    told: dict[str, Any] = {
        "at": AT,
        "previous": AT - TWO,
        "samples": {("waiting", "", ""): value},
        "states": {},
    }
    return Scene(**told | changes)


def one(rule: Threshold, asked: Scene) -> Change | None:
    found = list(look([rule], asked))
    assert len(found) < 2
    return found[0] if found else None


OPEN = {(1, ""): State("amber", AT - TWO, None)}
WAITS = {(1, ""): State("ok", AT - TWO, None)}


def test_a_look_tells_what_opens_and_keeps_quiet_of_what_is_well() -> None:
    assert one(FIVE_RED_TEN, scene(4)) is None
    change = one(FIVE_RED_TEN, scene(5))
    assert change is not None
    assert (change.kind, change.value, change.after.level) == ("opened", 5, "amber")


@pytest.mark.parametrize(
    ("rule", "changes", "why"),
    [
        (FIVE_RED_TEN, {"samples": {("waiting", "", ""): 2.0}}, "cleared"),
        (FIVE_RED_TEN, {"samples": {("waiting", "", ""): None}}, "nothing_to_measure"),
        (replace(FIVE_RED_TEN, active=False), {}, "switched_off"),
        (
            replace(FIVE_RED_TEN, calendar="office"),
            {"closed": frozenset({"office"})},
            "out_of_hours",
        ),
        (replace(FIVE_RED_TEN, scope="queues", queues=("support",)), {}, "changed"),
    ],
)
def test_what_is_over_says_why(rule: Threshold, changes: dict[str, Any], why: str) -> None:
    change = one(rule, scene(7, states=OPEN, queues=frozenset({"support"}), **changes))
    assert change is not None
    assert (change.kind, change.why, change.after) == ("closed", why, CALM)


def test_a_queue_that_is_deleted_closes_its_alert() -> None:
    rule = replace(FIVE_RED_TEN, scope="queues", queues=("gone",))
    states = {(1, "gone"): State("red", AT, AT)}
    samples = {("waiting", "", "gone"): 12.0}
    change = one(rule, scene(None, states=states, samples=samples))
    assert change is not None
    assert (change.kind, change.why) == ("closed", "gone")


def test_an_unknown_figure_leaves_an_alert_open_and_lets_a_wait_begin_anew() -> None:
    assert one(FIVE_RED_TEN, scene(None, samples={}, states=OPEN)) is None
    change = one(replace(FIVE_RED_TEN, sustained_minutes=5), scene(None, samples={}, states=WAITS))
    assert change is not None
    assert (change.kind, change.after) == ("waits", CALM)


@pytest.mark.parametrize(
    "previous", [None, AT - timedelta(minutes=10), AT + timedelta(hours=1)], ids=str
)
def test_after_a_gap_or_a_jump_of_the_clock_a_wait_begins_anew(previous: datetime | None) -> None:
    rule = replace(FIVE_RED_TEN, sustained_minutes=5)
    states = {(1, ""): State("ok", AT - timedelta(minutes=9), None)}
    change = one(rule, scene(7, states=states, previous=previous))
    assert change is not None
    assert (change.kind, change.after) == ("waits", State("ok", AT, None))
    assert one(rule, scene(7, states=states)).kind == "opened"  # type: ignore[union-attr]


def test_each_queue_of_a_threshold_is_told_by_itself() -> None:
    rule = replace(FIVE_RED_TEN, scope="queues", queues=("a", "b"))
    samples = {("waiting", "", "a"): 7.0, ("waiting", "", "b"): 1.0}
    told_of = list(look([rule], scene(None, samples=samples, queues=frozenset({"a", "b"}))))
    assert [(one.subject, one.kind) for one in told_of] == [("a", "opened")]


def codes(threshold: Threshold, known: Known = KNOWN) -> dict[str, str]:
    return {one.field: one.code for one in check(threshold, known)}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, {}),
        ({"amber": 12.0}, {"amber": "amber_beyond_red"}),
        ({"comparison": "at_most"}, {"amber": "amber_beyond_red"}),
        ({"amber": None, "red": None}, {"amber": "bound_missing"}),
        ({"amber": 0.0}, {"amber": "never_clears"}),
        ({"clear_by": 5.0}, {"clear_by": "never_clears"}),
        ({"amber": float("nan")}, {"amber": "out_of_range"}),
        ({"red": 1e9}, {"red": "out_of_range"}),
        ({"sustained_minutes": -1}, {"sustained_minutes": "minutes_range"}),
        ({"scope": "team", "team_id": 3}, {"scope": "scope_not_of_metric"}),
        ({"metric": "ready", "scope": "team", "team_id": 9}, {"team_id": "team_unknown"}),
        ({"scope": "queues"}, {"queues": "queues_missing"}),
        ({"scope": "queues", "queues": ("gone",)}, {"queues": "queue_unknown"}),
        ({"calendar": "moon"}, {"calendar": "calendar_unknown"}),
        ({"mails": ("a@example.com", "nobody")}, {"mails": "mail_invalid"}),
        ({"browser": False}, {"browser": "nobody_told"}),
        ({"metric": "weather"}, {"metric": "metric_unknown"}),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_threshold_is_said_at_its_field(
    changes: dict[str, Any], found: dict[str, str]
) -> None:
    assert codes(replace(FIVE_RED_TEN, **changes)) == found


def test_a_threshold_that_is_crossed_all_the_time_is_warned_of() -> None:
    (problem,) = check(FIVE_RED_TEN, replace(KNOWN, crossed=0.75))
    assert (problem.code, problem.severity, problem.params) == (
        *("crossed_always", "warning"),
        {"percent": "75"},
    )
    assert codes(FIVE_RED_TEN, replace(KNOWN, crossed=0.2)) == {}


def test_a_goal_needs_a_target_that_can_be_reached_and_a_queue_that_is_there() -> None:
    good = Goal(metric="service_level", target=80, queue="support")
    assert check_goal(good, KNOWN.queues) == ()
    for goal in (replace(good, target=0), replace(good, target=101), replace(good, queue="x")):
        assert len(check_goal(goal, KNOWN.queues)) == 1


def alert(**changes: Any) -> Alert:
    values: dict[str, Any] = {
        "id": 5,
        "metric": "longest_wait",
        "comparison": "at_least",
        "bound": 120,
        "level": "red",
        "value": 185,
        "worst_level": "red",
        "worst_value": 190,
        "opened_at": AT,
        "level_at": AT,
        "subject": "support",
        "subject_title": "Support",
    }
    return Alert(**values | changes)


def test_a_mail_says_what_where_since_when_and_that_it_is_over() -> None:
    warsaw = ZoneInfo("Europe/Warsaw")
    assert told.subject_line(alert()) == "Red: Longest wait (Support) 3:05 min"
    text = told.mail_text(alert(sustained_minutes=5), warsaw, "https://desk.example.com/")
    assert "at least 2:00 min for 5 min" in text
    assert "2026-03-02 10:00 CET" in text
    assert "https://desk.example.com/alerts" in text
    over = alert(closed_at=AT + timedelta(minutes=3), why="cleared", value=20)
    assert told.subject_line(over).startswith("Over: ")
    text = told.mail_text(over, warsaw, "")
    assert "Over since: 2026-03-02 10:03 CET\nOver because: The figure was back\n" in text


def test_a_mail_speaks_the_language_that_is_kept_for_it() -> None:
    kept = {text: f"<{text}>" for text in told.TEXTS}
    language = Language(texts=kept, decimal=",")
    share = alert(
        metric="service_level_now", value=62.5, bound=80, comparison="at_most",
        sustained_minutes=5, closed_at=AT, why="cleared",
    )  # fmt: skip
    subject = told.subject_line(share, language)
    assert subject == "<Over>: <Service level, last 30 minutes> (Support) 62,5 %"
    lines = told.mail_text(share, ZoneInfo("UTC"), "", language).splitlines()
    assert all(line.startswith("<") for line in lines), lines
    assert lines[2] == "<Told when it is at most 80 %> <for 5 min>"


def test_every_figure_has_words_and_a_level_an_order() -> None:
    assert set(told.WORDS) == set(METRICS)
    assert len(GOAL_METRICS) == len(set(GOAL_METRICS))
    assert LEVELS == ("ok", "amber", "red")
