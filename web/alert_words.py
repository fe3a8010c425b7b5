"""Alerts, thresholds and goals in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel import numbers
from flask import Flask
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from callcenter.alerts.checks import Problem
from callcenter.alerts.metrics import GOAL_KINDS, KINDS, GoalMetric, Metric, Unit
from callcenter.alerts.threshold import Alert, Threshold
from web.alert_links import behind
from web.presentation import duration

METRICS: Mapping[Metric, Any] = {
    "waiting": _l("Callers who wait"),
    "longest_wait": _l("Longest wait"),
    "ready": _l("Operators who are ready"),
    "service_level_now": _l("Service level, last 30 minutes"),
    "service_level_today": _l("Service level, today"),
    "abandoned_today": _l("Abandoned today"),
    "abandonment_today": _l("Abandonment today"),
    "callbacks_waiting": _l("Call-backs that wait"),
    "paused_over": _l("Operators paused beyond the limit"),
    "pbx_down": _l("PBXs that cannot be reached"),
    "default_way": _l("Calls that took the default way, last hour"),
    "wrong_pins": _l("Wrong PINs of callers, last hour"),
}
GOALS: Mapping[GoalMetric, Any] = {
    "service_level": _l("Service level"),
    "answered": _l("Answered calls"),
    "abandonment": _l("Abandonment"),
    "asa": _l("Average speed of answer"),
    "aht": _l("Average handling time"),
}
UNITS: Mapping[Unit, Any] = {
    "count": _l("how many"),
    "seconds": _l("seconds"),
    "percent": _l("percent"),
}
COMPARISONS: Mapping[str, Any] = {
    "at_least": _l("rises to or above"),
    "at_most": _l("falls to or below"),
}
LEVELS: Mapping[str, Any] = {"amber": _l("Amber"), "red": _l("Red")}
TONES: Mapping[str, str] = {"amber": "warn", "red": "bad"}
WHYS: Mapping[str, Any] = {
    "cleared": _l("The figure was back"),
    "nothing_to_measure": _l("Nothing to measure any more"),
    "out_of_hours": _l("Its hours were over"),
    "switched_off": _l("The threshold was switched off"),
    "changed": _l("The threshold was changed"),
    "deleted": _l("The threshold was deleted"),
    "gone": _l("Its queue or team is no longer there"),
}
_PROBLEMS: Mapping[str, Any] = {
    "metric_unknown": _l("Choose a figure of the list."),
    "title_long": _l("At most %(most)s characters."),
    "minutes_range": _l("From 0 (at once) to %(most)s minutes."),
    "calendar_unknown": _l("These hours are not there any more."),
    "scope_not_of_metric": _l("This figure cannot be watched there."),
    "queues_missing": _l("Choose at least one queue."),
    "queues_many": _l("At most %(most)s queues."),
    "queue_unknown": _l("There is no queue “%(queue)s” any more."),
    "team_unknown": _l("Choose a team."),
    "bound_missing": _l("Give amber, red, or both."),
    "out_of_range": _l("From 0 to %(most)s."),
    "amber_beyond_red": _l("Amber comes before red: between what is well and red."),
    "never_clears": _l("This would never be over: no figure can be that far back."),
    "mails_many": _l("At most %(most)s addresses."),
    "mail_invalid": _l("“%(mail)s” is no mail address."),
    "mail_unsent": _l("Sending mail is not set up (MAIL_SMTP_URL): nothing goes out."),
    "nobody_told": _l("Nobody is told: it stands on the wallboard and in the history alone."),
    "scope_of_centre": _l(
        "What is watched over the whole centre is set by whoever may do so for all of it."
    ),
    "queues_of_others": _l("These are queues of other teams: take them away."),
    "team_of_others": _l("Choose one of your teams."),
    "goal_of_centre": _l("Choose a queue: goals of the whole centre are not your teams'."),
    "crossed_always": _l(
        "In the last week this was crossed in %(percent)s %% of the time: people stop looking at "
        "what is always on."
    ),
}


def problem_words(problem: Problem) -> str:
    text = str(_PROBLEMS.get(problem.code, problem.code))
    return text % problem.params if problem.params else text


def value_words(unit: Unit, value: float | None) -> str:
    if value is None:
        return "–"
    if unit == "seconds":
        return duration(value)
    number = str(numbers.format_decimal(round(value, 1), locale=get_locale()))
    return f"{number}\u00a0%" if unit == "percent" else number


def unit_of(metric: Metric) -> Unit:
    return KINDS[metric].unit


def alert_value(alert: Alert, name: str = "value") -> str:
    return value_words(KINDS[alert.metric].unit, getattr(alert, name))


def threshold_value(threshold: Threshold, level: str) -> str:
    return value_words(KINDS[threshold.metric].unit, getattr(threshold, level))


def goal_value(metric: GoalMetric, value: float | None) -> str:
    return value_words(GOAL_KINDS[metric][0], value)


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        alert_behind=behind,
        alert_problem=problem_words,
        alert_value=alert_value,
        alert_unit=unit_of,
        threshold_value=threshold_value,
        goal_value=goal_value,
        ALERT_METRICS=METRICS,
        ALERT_KINDS=KINDS,
        ALERT_UNITS=UNITS,
        ALERT_COMPARISONS=COMPARISONS,
        ALERT_LEVELS=LEVELS,
        ALERT_TONES=TONES,
        ALERT_WHYS=WHYS,
        GOAL_METRICS=GOALS,
        GOAL_KINDS=GOAL_KINDS,
    )
