"""/assessments: what contacts were found to be by score cards. Read alone: people assess."""

from __future__ import annotations

from typing import Any

from flask import Response

from callcenter.queries import assessments as queries
from callcenter.queries.assessments import AssessmentFilters, AssessmentView, Shown
from callcenter.services.assessment_replies import ReplyDesk
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, the_viewer
from web.api.operation import area, operation
from web.api.problems import not_found
from web.api.shapes import quality as shapes

api = area("assessments", "/assessments", "What contacts were found to be by score cards.")


@operation(api, "get", "", shapes.AssessmentPage)
def list_assessments(query: shapes.AssessmentQuery) -> Response:
    """Assessments that the caller may read, the latest contacts first"""
    asked = query.model_dump(exclude={"cursor", "limit"})
    filters = AssessmentFilters(**asked | {"state": query.state or "", "viewer": the_viewer()})
    with the_runtime().reader() as connection:
        page = queries.page(connection, filters, query.cursor, query.limit)
    items = [_told(one) for one in page.items]
    return answer(shapes.AssessmentPage, {"items": items, "next_cursor": page.next_cursor})


@operation(api, "get", "/<assessment_id>", shapes.AssessmentDetail)
def get_assessment(path: shapes.AssessmentPath) -> Response:
    """One assessment with its answers; that it was read is in the audit log"""
    runtime = the_runtime()
    with runtime.reader() as connection:
        found = queries.one(connection, path.assessment_id, the_viewer())
    if found is None or found.assessment.calibration_id is not None:
        raise not_found(f"assessment {path.assessment_id}")
    ReplyDesk(
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        publisher=runtime.bus,
        user_id=the_caller().user_id,
    ).note_opened(path.assessment_id)
    return answer(shapes.AssessmentDetail, _whole(found))


def _told(view: AssessmentView) -> dict[str, Any]:
    one = view.assessment
    return {name: getattr(one, name) for name in one.__slots__} | {
        "card": {"id": one.card_id, "title": view.card},
        "operator": {"id": one.operator_id, "display_name": view.operator},
        "assessor": {"id": one.assessor_id, "display_name": view.assessor},
        "score": None if one.score is None else one.score / 100,
    }


def _whole(shown: Shown) -> dict[str, Any]:
    answers = [
        {
            "question": question,
            "section": section.title,
            "value": given.value if given is not None else None,
            "not_applicable": given is not None and given.not_applicable,
            "comment": given.comment if given is not None else "",
            "recording": given.recording if given is not None else None,
            "at_seconds": given.at_seconds if given is not None else None,
        }
        for section in shown.card.sections
        for question in section.questions
        for given in (shown.answers.get(question.key),)
    ]
    return _told(shown.view) | {"card_number": shown.card.number, "answers": answers}
