"""What assessors and operators wrote of a person's contacts, for the copy of that person's data.

How a colleague did is that colleague's, and no part of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, or_, select

from callcenter.store.repositories.base import chunks
from callcenter.store.sets import among
from callcenter.store.tables import assessment_answers, assessments, sample_items

Rows = list[dict[str, Any]]


def written_of(connection: Connection, interaction_ids: Sequence[int]) -> dict[str, Rows]:
    """`assessments`: on the whole, and what was answered; `assessment_comments`: to single
    questions, `at_seconds` from the beginning of the recording; `set_aside`: why it was not
    assessed."""
    found: dict[str, Rows] = {"assessments": [], "assessment_comments": [], "set_aside": []}
    for part in chunks(interaction_ids):
        whole, answer, drawn = assessments.c, assessment_answers.c, sample_items.c
        theirs = among(connection, whole.interaction_id, part)
        queries = {
            "assessments": select(
                whole.interaction_id, whole.created_at, whole.comment, whole.reply, whole.closing
            ).where(theirs, or_(whole.comment != "", whole.reply != "", whole.closing != "")),
            "assessment_comments": select(
                whole.interaction_id, answer.comment, answer.recording, answer.at_seconds
            )
            .join_from(assessments, assessment_answers)
            .where(theirs, answer.comment != ""),
            "set_aside": select(drawn.interaction_id, drawn.reason).where(
                among(connection, drawn.interaction_id, part), drawn.reason != ""
            ),
        }
        for name, query in queries.items():
            found[name] += [_ready(row._mapping) for row in connection.execute(query)]
    return found


def _ready(row: Any) -> dict[str, Any]:
    told = {name: value for name, value in row.items() if value not in (None, "")}
    if "created_at" in told:
        told["created_at"] = told["created_at"].isoformat()
    return told
