"""How far a right over alerts goes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.alerts import reach
from callcenter.alerts.metrics import METRICS, Metric
from callcenter.alerts.threshold import Goal, Threshold
from callcenter.rights.objects import OBJECTS, Scope, scopes_of
from callcenter.rights.policy import BUILTIN, Policy
from callcenter.rights.viewer import EVERYTHING, Viewer, built_in

RULE = Threshold(metric="waiting", comparison="at_least", red=1)
SALES = replace(RULE, scope="queues", queues=("sales",))
MIXED = replace(SALES, queues=("sales", "support"))
rules = st.sampled_from([RULE, SALES, MIXED, replace(SALES, queues=())])


def viewer(read: Scope, change: Scope = "none", **more: Any) -> Viewer:
    policy = Policy(
        "made", "supervisor", scopes={("alert", "read"): read, ("alert", "change"): change}
    )
    usual: dict[str, Any] = {"team_ids": frozenset({3}), "team_queues": frozenset({"sales"})}
    return Viewer(1, "made", "supervisor", frozenset({1, 2}), policy, **usual | more)


def test_alerts_are_given_over_all_over_a_teams_or_not_at_all() -> None:
    assert scopes_of("alert", "read") == scopes_of("alert", "change") == ("none", "team", "all")
    assert [one for one in OBJECTS if scopes_of(one, "read") == scopes_of("alert", "read")] == [
        "alert",
        "wallboard",
    ]


@pytest.mark.parametrize("role", ["supervisor", "admin"])
@given(rule=rules)
def test_whoever_leads_the_whole_centre_reaches_everything(role: Any, rule: Threshold) -> None:
    for one in (built_in(1, role), EVERYTHING):
        assert reach.sees_rule(one, rule)
        assert reach.changes_rule(one, rule)
        assert reach.misfits(one, rule) == ()


@given(rule=rules)
def test_without_a_right_nothing_is_reached(rule: Threshold) -> None:
    for one in (viewer("none"), viewer("own", "own"), built_in(1, "operator")):
        assert not reach.sees_rule(one, rule)
        assert not reach.sees_any_of(one, rule)
        assert not reach.changes_rule(one, rule)


def test_a_team_reaches_a_rule_whose_queues_are_all_its_own() -> None:
    lead = viewer("team", "team")
    assert reach.changes_rule(lead, SALES)
    assert reach.sees_any_of(lead, MIXED)
    assert not reach.sees_rule(lead, MIXED)
    assert not reach.changes_rule(lead, replace(SALES, queues=()))
    of_team = replace(RULE, metric="ready", scope="team", team_id=3)
    assert reach.changes_rule(lead, of_team)
    assert not reach.changes_rule(lead, replace(of_team, team_id=4))
    assert not reach.changes_rule(lead, replace(of_team, team_id=None))


@pytest.mark.parametrize("metric", METRICS)
def test_what_is_over_all_is_read_by_whose_teams_have_every_queue(metric: Metric) -> None:
    rule = replace(RULE, metric=metric)
    everywhere = viewer("team", "team", every_queue=True)
    assert reach.sees_rule(everywhere, rule) == (metric in reach.OF_QUEUES)
    assert not reach.sees_rule(viewer("team", "team"), rule)
    assert not reach.changes_rule(everywhere, rule)


def test_a_goal_of_the_centre_is_set_by_the_centre() -> None:
    lead, goal = viewer("team", "team", every_queue=True), Goal(metric="asa", target=20)
    assert reach.sees_goal(lead, goal)
    assert [one.code for one in reach.goal_misfits(lead, goal)] == ["goal_of_centre"]
    assert reach.goal_misfits(lead, replace(goal, queue="sales")) == ()


def test_an_alert_that_says_nothing_of_itself_is_heard_by_the_centre_alone() -> None:
    assert reach.hears(EVERYTHING, {})
    assert not reach.hears(viewer("team", every_queue=True), {})


def test_whoever_sets_for_the_centre_answers_even_when_they_have_left() -> None:
    lead = viewer("team", "team")
    assert reach.answers(BUILTIN["supervisor"], None, MIXED)
    assert reach.answers(lead.policy, lead, SALES)
    assert not reach.answers(lead.policy, lead, MIXED)
    assert not reach.answers(lead.policy, None, SALES)
    assert not reach.answers(None, None, SALES)
    assert reach.answers(BUILTIN["operator"], built_in(1, "operator"), RULE)
