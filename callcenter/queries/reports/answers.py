"""From a question to its answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from callcenter.queries.reports import contact_sums, detail_sums, operator_sums
from callcenter.reports.folding import Folded, add, answer_of, checked, fold
from callcenter.reports.question import Answer, Question

_Part = tuple[Sequence[str], Callable[[Connection, Question], list[Any]]]
_OTHERS: dict[str, _Part] = {
    "states": (operator_sums.STATE_NAMES, operator_sums.states),
    "repeats": (detail_sums.REPEAT_NAMES, detail_sums.repeats),
    "callbacks": (detail_sums.CALLBACK_NAMES, detail_sums.callbacks),
    "surveys": (detail_sums.SURVEY_NAMES, detail_sums.surveys),
}
_ONLY_VISITS = frozenset(
    {
        "service_level",
        "asa",
        "abandoned",
        "abandonment",
        "abandon_wait",
        "wait_longest",
        "offered",
        "contacts",
        "overflowed",
        "short_abandoned",
        "given_up",
        "waiting",
    }
)


def answer(connection: Connection, question: Question) -> Answer:
    """The figures, one row for each combination of `question.by` that has any, and the totals.

    A figure that knows nothing of a grouping (occupancy by queue) is None in its rows. Raises
    Invalid for a figure or a grouping that there is none of, and for more than is shown at once.
    """
    kpis = checked(question)
    sources = {kpi.source for kpi in kpis}
    folded: Folded = {}
    as_of: datetime | None = None
    by_operator = "operator" in question.by or question.filters.operators is not None
    if "contacts" in sources and (not by_operator or _ONLY_VISITS & set(question.kpis)):
        found, as_of = contact_sums.rows(connection, question)
        fold(found, contact_sums.NAMES, question, folded)
    if "operators" in sources or ("contacts" in sources and by_operator):
        mine: Folded = {}
        fold(operator_sums.rows(connection, question), operator_sums.NAMES, question, mine)
        for key, sums in mine.items():  # each operator's own talk, also of calls taken over
            folded.setdefault(key, {}).update(sums)
    for source, (names, read) in _OTHERS.items():
        if source in sources:
            fold(read(connection, question), names, question, folded)
    totals: dict[str, float] = {}
    for sums in folded.values():
        add(totals, sums)
    made = answer_of(folded, totals, kpis, question)
    return replace(made, as_of=as_of)
