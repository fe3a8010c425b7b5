"""The page of one assessment: written beside the recording, or read."""

from __future__ import annotations

from flask import abort, render_template

from callcenter.assessments.life import may_be_corrected
from callcenter.errors import ProductError
from callcenter.queries import assessments as queries
from callcenter.queries import conversations as conversation_queries
from callcenter.queries import interactions as interaction_queries
from callcenter.queries.assessments import Shown
from callcenter.queries.visibility import seen_records
from callcenter.services.assessment_replies import ReplyDesk
from web.context import reading
from web.service_words import words_of
from web.viewer import the_viewer


def assessment_page(
    assessment_id: int, desk: ReplyDesk, refused: ProductError | None = None
) -> str:
    viewer = the_viewer()
    with reading() as connection:
        shown = queries.one(connection, assessment_id, viewer)
        if shown is None:
            abort(404)
        found = shown.assessment
        seen = seen_records(connection, viewer, "interaction", [found.interaction_id])
        contact = interaction_queries.get(connection, found.interaction_id) if seen else None
        conversation = conversation_queries.id_of(connection, found.interaction_id)
    desk.note_opened(assessment_id)
    return render_template(
        "assessments/one.html",
        shown=shown,
        one=found,
        contact=contact,
        conversation_id=conversation,
        writes=_writes(shown),
        leads=viewer.may("quality", "change") and found.operator_id != viewer.user_id,
        mine=found.operator_id == viewer.user_id,
        problem=words_of(refused) if refused is not None else "",
        problem_field=refused.field if refused is not None else "",
    )


def _writes(shown: Shown) -> bool:
    found, viewer = shown.assessment, the_viewer()
    if not may_be_corrected(found.state) or found.operator_id == viewer.user_id:
        return False
    if found.state == "draft":
        return found.assessor_id == viewer.user_id
    return viewer.may("quality", "change")
