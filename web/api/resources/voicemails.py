"""/voicemails: messages that callers left for a queue."""

from __future__ import annotations

from typing import Any

from flask import Response

from callcenter.queries import voicemails as queries
from callcenter.services import voicemails as services
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, the_viewer, today
from web.api.operation import area, operation
from web.api.problems import ProblemError, not_found
from web.api.shapes import callbacks as shapes

api = area("voicemails", "/voicemails", "Messages that callers left for a queue.")


@operation(api, "get", "", shapes.VoicemailPage)
def list_voicemails(query: shapes.VoicemailQuery) -> Response:
    """Messages: what is to be heard by when it is due, what is done the newest first"""
    caller = the_caller()
    filters = queries.VoicemailFilters(
        state=query.state,
        queue=query.queue,
        of_user=None if caller.leads else caller.user_id,
        viewer=the_viewer(),
    )
    with the_runtime().reader() as connection:
        page = queries.page(connection, filters, query.cursor, query.limit, today())
    return answer(shapes.VoicemailPage, page)


@operation(api, "get", "/<voicemail_id>", shapes.Voicemail)
def get_voicemail(path: shapes.VoicemailPath) -> Response:
    """One message"""
    return answer(shapes.Voicemail, _read(path.voicemail_id))


@operation(api, "patch", "/<voicemail_id>", shapes.Voicemail)
def change_voicemail(path: shapes.VoicemailPath, body: shapes.VoicemailPatch) -> Response:
    """Give a message to somebody, say what came of it, or open it again"""
    _read(path.voicemail_id)
    caller = the_caller()
    if "assigned_to" in body.model_fields_set:
        if not caller.leads:
            raise ProblemError(403, "forbidden", "Only supervisors give messages to somebody.")
        _act(path.voicemail_id, "assign", to=body.assigned_to)
    if body.state is not None:
        step = "done" if body.state == "done" else "reopen"
        _act(path.voicemail_id, step, result=body.result)
    return answer(shapes.Voicemail, _read(path.voicemail_id))


def _act(voicemail_id: int, step: str, **more: Any) -> None:
    runtime = the_runtime()
    services.act(
        voicemail_id,
        step,
        user_id=the_caller().user_id,
        unit_of_work=runtime.unit_of_work,
        publisher=runtime.bus,
        clock=runtime.clock,
        **more,
    )


def _read(voicemail_id: int) -> queries.VoicemailView:
    with the_runtime().reader() as connection:
        found = queries.get(connection, voicemail_id, today(), viewer=the_viewer())
    if found is None:
        raise not_found(f"message {voicemail_id}")
    return found
