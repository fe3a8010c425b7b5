"""From a question to its answer."""

from __future__ import annotations

from sqlalchemy import Connection

from callcenter.reports.question import Answer, Question


def answer(connection: Connection, question: Question) -> Answer:
    """The figures, one row for each combination of `question.by` that has any, and the totals.

    Raises Invalid for a figure or a grouping that there is none of, or that does not go with the
    others.
    """
    del connection
    return Answer(rows=(), totals=dict.fromkeys(question.kpis))
