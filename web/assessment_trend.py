"""The page of how assessments go over time: which lines, which table, what callers said beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from flask_babel import gettext as _

from callcenter.queries import assessments as queries
from callcenter.queries import score_cards
from callcenter.queries import surveys as survey_queries
from callcenter.queries import tasks as task_queries
from callcenter.queries.assessments import ScoreFilters, ScoreGroup
from callcenter.queries.surveys import AnswerFilters
from callcenter.surveys.answering import Figures
from web import assessment_forms as forms
from web.context import me, reading, today
from web.queue_names import queue_title
from web.report_words import week_day
from web.viewer import the_viewer

_LINES: Final = 5


def trend_of(args: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows, for who is asked in `args`."""
    asked, viewer = forms.read_asked(args, today(), me().zone), the_viewer()
    theirs = viewer.user_ids("quality", "read")
    with reading() as connection:
        cards = score_cards.all_cards(connection)
        card_id = asked.card_id
        if asked.by == "question" and card_id is None and cards:
            card_id = cards[0].id
        filters = ScoreFilters(
            operator_id=asked.operator_id, queue=asked.queue, card_id=card_id, viewer=viewer
        )
        (whole,) = queries.scores(connection, asked.period, "all", filters)
        weeks = queries.scores(connection, asked.period, "week", filters)
        by: Any = asked.by
        groups = queries.scores(connection, asked.period, by, filters)
        lines = queries.lines(connection, asked.period, "week", by, filters)
        people = [
            one for one in score_cards.operators(connection) if theirs is None or one.id in theirs
        ]
        queues = task_queries.queues(connection)
        said = _said(connection, asked, viewer)
    names = {group.key: _name(asked.by, group) for group in groups}
    drawn = sorted(groups, key=lambda one: -one.scores.scored)[:_LINES]
    rows = [(names[one.key], lines[one.key]) for one in drawn if one.key in lines]
    return {
        "asked": asked,
        "card_id": card_id,
        "cards": cards,
        "operators": people,
        "queues": queues,
        "whole": whole.scores,
        "weeks": weeks,
        "groups": groups,
        "names": names,
        "lines": lines,
        "said": said,
        "week_day": week_day,
        "chart": chart_of(rows if len(rows) > 1 else [(str(_("Mean")), weeks)]),
    }


def chart_of(rows: Sequence[tuple[str, Sequence[ScoreGroup]]]) -> dict[str, Any] | None:
    """Lines over the weeks; None where nothing is known of any."""
    drawn = [one for one in rows if any(group.scores.scored for group in one[1])]
    if not drawn:
        return None
    return {
        "kind": "line",
        "unit": "percent",
        "x": [week_day(group.key) for group in drawn[0][1]],
        "series": [
            {"name": name, "values": [_value(group.scores.mean) for group in groups]}
            for name, groups in drawn
        ],
    }


def _said(connection: Any, asked: forms.Asked, viewer: Any) -> dict[Any, Figures]:
    """What callers answered of the same operators or queues in the same time."""
    if asked.by == "question" or not viewer.may("survey", "read"):
        return {}
    filters = AnswerFilters(
        since=asked.period.start, until=asked.period.end, queue=asked.queue,
        operator_id=asked.operator_id, viewer=viewer,
    )  # fmt: skip
    find = survey_queries.by_operator if asked.by == "operator" else survey_queries.by_queue
    return {one.key: one.figures for one in find(connection, filters) if one.figures.n}


def _name(by: str, group: ScoreGroup) -> str:
    return (queue_title(group.key) or str(_("Without a queue"))) if by == "queue" else group.name


def _value(mean: Fraction | None) -> float | None:
    return round(float(mean), 1) if mean is not None else None
