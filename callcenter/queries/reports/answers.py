"""From a question to its answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from callcenter.queries.reports import belonging, contact_sums, detail_sums, operator_sums, repeats
from callcenter.reports import knowing
from callcenter.reports.definitions import Kpi
from callcenter.reports.folding import Folded, FoldedSums, Ways, answer_of, checked, fold
from callcenter.reports.question import Answer, Question

_Part = tuple[Sequence[str], Callable[[Connection, Question], list[Any]]]
_OTHERS: dict[str, _Part] = {
    "states": (operator_sums.STATE_NAMES, operator_sums.states),
    "repeats": (repeats.NAMES, repeats.rows),
    "callbacks": (detail_sums.CALLBACK_NAMES, detail_sums.callbacks),
    "surveys": (detail_sums.SURVEY_NAMES, detail_sums.surveys),
    "quality": (detail_sums.QUALITY_NAMES, detail_sums.quality),
}


def answer(connection: Connection, question: Question) -> Answer:
    """The figures, one row for each combination of `question.by` that has any, and the totals.

    A figure that knows nothing of a grouping or a filter (occupancy by queue) is None, and
    `unknown` says why. Raises Invalid for a figure or a grouping that there is none of, and for
    more than is shown at once.
    """
    kpis = checked(question)
    told = {kpi.name: why for kpi in kpis if (why := knowing.unknown(kpi, question))}
    known = [kpi for kpi in kpis if kpi.name not in told]
    sums, as_of = _sums(connection, question, known)
    overlap = "segment" in question.by
    whole = _sums(connection, _each_once(question, sums.contacts), known)[0] if overlap else sums
    theirs = {kpi.name for kpi in known if knowing.are_theirs(kpi, question)}
    made = answer_of(sums, Ways(theirs=theirs, unknown=told), kpis, question, whole)
    live = belonging.tells_live(connection, question)
    return replace(made, as_of=as_of, overlap=overlap, live_segments=live)


def _each_once(question: Question, found: Folded) -> Question:
    """Who is in two of the segments counts in both rows, and once in the totals."""
    place = question.by.index("segment")
    told = tuple(sorted({int(key[place]) for key in found})) or (0,)
    return replace(question, by=(), filters=replace(question.filters, segments=told))


def _sums(
    connection: Connection, question: Question, kpis: Sequence[Kpi]
) -> tuple[FoldedSums, datetime | None]:
    sources = {kpi.source for kpi in kpis}
    found = FoldedSums({}, {})
    as_of: datetime | None = None
    theirs = [kpi for kpi in kpis if knowing.are_theirs(kpi, question)]
    if any(kpi.source == "contacts" and kpi not in theirs for kpi in kpis):
        rows, as_of = contact_sums.rows(connection, question)
        fold(rows, contact_sums.NAMES, question, found.contacts)
    if theirs:
        rows = operator_sums.rows(connection, question)
        fold(rows, operator_sums.NAMES, question, found.operators)
    for source, (names, read) in _OTHERS.items():
        if source in sources:
            fold(read(connection, question), names, question, found.contacts)
    return found, as_of
