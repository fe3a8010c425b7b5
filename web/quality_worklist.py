"""The page of what waits to be assessed, and what all lists of quality choose from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from flask import render_template, request

from callcenter.assessments.sampling import Rules
from callcenter.queries import assessments as queries
from callcenter.queries import calibrations, samples, score_cards
from callcenter.queries import tasks as task_queries
from callcenter.queries.assessments import AssessmentFilters
from web.context import reading, today
from web.viewer import the_viewer

PAGE: Final = 50


def worklist(
    rules: Rules | None = None, week: str = "", problem: str = "", problem_field: str = "",
    refused: str = "",
) -> str:  # fmt: skip
    viewer = the_viewer()
    monday = today() - timedelta(days=today().weekday())
    with reading() as connection:
        found = samples.worklist(connection, viewer, request.args.get("cursor"), PAGE)
        drafts = queries.page(
            connection,
            AssessmentFilters(state="draft", assessor_id=viewer.user_id, viewer=viewer),
            None,
            PAGE,
        )
        disputed = queries.page(
            connection, AssessmentFilters(state="disputed", viewer=viewer), None, PAGE
        )
        rounds = calibrations.waiting_for(connection, viewer)
        mine = queries.to_answer(connection, viewer.user_id)
        draws = samples.lately(connection, viewer)
        told = choices_of(connection)
    return rows_or(
        "assessments/page.html",
        found=found,
        drafts=drafts.items,
        disputed=[one for one in disputed.items if one.assessment.operator_id != viewer.user_id],
        rounds=rounds,
        waiting=mine,
        draws=draws,
        rules=rules or Rules(),
        week=week or f"{(monday - timedelta(days=7)):%G-W%V}",
        problem=problem,
        problem_field=problem_field,
        refused=refused,
        **told,
    )


def choices_of(connection: Any) -> dict[str, Any]:
    theirs = the_viewer().user_ids("quality", "read")
    operators = score_cards.operators(connection)
    return {
        "cards": score_cards.all_cards(connection),
        "queues": task_queries.queues(connection),
        "operators": [one for one in operators if theirs is None or one.id in theirs],
    }


def rows_or(template: str, **told: Any) -> str:
    kept = {name: value for name, value in request.args.items() if value and name != "cursor"}
    more = request.headers.get("HX-Target") == "more"
    name = template.replace(".html", "_rows.html") if more else template
    return render_template(name, kept=kept, **told)
