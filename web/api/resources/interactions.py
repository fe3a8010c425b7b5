"""/interactions: the log of contacts; notes on them; whose contact it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import Response

from callcenter.calls.journal import JournalPart
from callcenter.customers.phone import parse_number
from callcenter.interactions.logged import LoggedCall
from callcenter.queries import explanations, surveys
from callcenter.queries import interactions as queries
from callcenter.queries.explanations import ExplanationView
from callcenter.queries.views import InteractionView
from callcenter.services import customers as customer_services
from callcenter.services import logged_calls
from callcenter.services import notes as note_services
from callcenter.services.evidence import note_recording_taken
from callcenter.services.survey_answers import payload
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, the_viewer, today
from web.api.explanation import explanation_of
from web.api.idempotency import idempotent
from web.api.operation import area, file_response, operation
from web.api.problems import ProblemError, invalid, not_found
from web.api.shapes import interactions as shapes
from web.api.shapes.explanations import Explanation, RecordingQuery
from web.explain.retelling import RECORDING, read, recording
from web.explain.rights import may_see

api = area("interactions", "/interactions", "Every contact, exactly once.")


@operation(api, "get", "", shapes.InteractionPage)
def list_interactions(query: shapes.InteractionQuery) -> Response:
    """The log, newest first"""
    if query.since and query.until and query.since >= query.until:
        raise invalid([("until", "must be after since")])
    values = query.model_dump(exclude={"phone", "cursor", "limit"})
    filters = queries.InteractionFilters(**values, phone=_e164(query.phone))
    with the_runtime().reader() as connection:
        page = queries.page(
            connection, filters, query.cursor, query.limit, today(), viewer=the_viewer()
        )
    return answer(shapes.InteractionPage, page)


@operation(api, "post", "", shapes.Interaction, status=201, also=(200,))
@idempotent
def log_interaction(body: shapes.InteractionNew) -> Response:
    """Log a call of another system

    It stands on the card of whoever has the number, as calls of the PBX do. A known `external_id`
    changes nothing: the answer is the call as it was logged first.
    """
    runtime, caller = the_runtime(), the_caller()
    values = body.model_dump(exclude={"note", "operator_id", "started_at"})
    spent = timedelta(seconds=(body.wait_seconds or 0.0) + body.talk_seconds)
    interaction_id, is_new = logged_calls.log_call(
        LoggedCall(**values, started_at=body.started_at or runtime.clock.now() - spent),
        body.note,
        operator_id=caller.user_id if body.operator_id is None else body.operator_id,
        user_id=caller.user_id,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        plan=runtime.settings.number_plan,
    )
    headers = {"Location": f"/api/v1/interactions/{interaction_id}"}
    status = 201 if is_new else 200
    return answer(shapes.Interaction, _read(interaction_id), status=status, headers=headers)


@operation(api, "get", "/<interaction_id>", shapes.Interaction)
def get_interaction(path: shapes.InteractionPath) -> Response:
    """One contact: participants, notes, and why it was matched and routed as it was"""
    return answer(shapes.Interaction, _read(path.interaction_id))


@operation(api, "get", "/<interaction_id>/explanation", Explanation)
def explain_interaction(path: shapes.InteractionPath) -> Response:
    """Why it is as it is: who did what when, the ledger's word, the number, the route

    Operators are told of calls that they took part in.
    """
    return answer(Explanation, explanation_of(*_explained(path.interaction_id)))


@operation(api, "get", "/<interaction_id>/recording", file_response(RECORDING))
def get_recording(path: shapes.InteractionPath, query: RecordingQuery) -> Response:
    """The events that made it, as one file that `callcenter replay` reads

    JSON lines, one manager event each, ledger lines as `CEL` events. No sound. Each download is
    written down. 404 when the events are not kept any more.
    """
    runtime, caller = the_runtime(), the_caller()
    _, parts = _explained(path.interaction_id)
    events = read(parts)
    if not events:
        raise not_found(f"recording of interaction {path.interaction_id}")
    note_recording_taken(
        path.interaction_id,
        caller.user_id,
        hidden=query.masked,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
    )
    return Response(recording(events, hide=query.masked), mimetype=RECORDING)


@operation(api, "post", "/<interaction_id>/notes", shapes.Note, status=201)
@idempotent
def save_interaction_note(path: shapes.InteractionPath, body: shapes.NoteNew) -> Response:
    """Write your note

    Each user has one note on an interaction: writing again replaces its text.
    """
    runtime, caller = the_runtime(), the_caller()
    _read(path.interaction_id)
    note_services.save_note(
        interaction_id=path.interaction_id,
        author_id=caller.user_id,
        text=body.text,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
    )
    notes = _read(path.interaction_id).notes
    note = next(note for note in notes if note.author.id == caller.user_id)
    return answer(shapes.Note, note, status=201)


@operation(api, "patch", "/<interaction_id>", shapes.Interaction)
def link_interaction(path: shapes.InteractionPath, body: shapes.InteractionPatch) -> Response:
    """Say whose contact it was

    Operators may do so for contacts of their own and for those that nobody spoke on.
    """
    runtime, caller = the_runtime(), the_caller()
    customer_services.link_interaction(
        path.interaction_id,
        body.customer_id,
        user_id=caller.user_id,
        unit_of_work=runtime.unit_of_work,
        publisher=runtime.bus,
        clock=runtime.clock,
    )
    return answer(shapes.Interaction, _read(path.interaction_id))


def _e164(text: str | None) -> str | None:
    if text is None:
        return None
    number = parse_number(text, the_runtime().settings.number_plan)
    if not number.e164:
        raise invalid([("phone", f"is no outside telephone number ({number.kind})")])
    return number.e164


def _explained(interaction_id: int) -> tuple[ExplanationView, tuple[JournalPart, ...]]:
    caller = the_caller()
    with the_runtime().reader() as connection:
        found = explanations.get(connection, interaction_id, today())
        if found is None:
            raise not_found(f"interaction {interaction_id}")
        if not may_see(found.interaction, the_viewer(), leads=caller.leads):
            detail = "Operators are told of calls that they took part in; this is none of yours."
            raise ProblemError(403, "forbidden", detail)
        call_id = found.interaction.call_id
        parts = explanations.journal(connection, call_id) if call_id is not None else ()
    return found, parts


def _read(interaction_id: int) -> InteractionView:
    with the_runtime().reader() as connection:
        found = queries.get(connection, interaction_id, today())
        answers = surveys.of_interactions(connection, [interaction_id], the_viewer())
    if found is None:
        raise not_found(f"interaction {interaction_id}")
    said = answers.get(interaction_id)
    return found if said is None else replace(found, survey=payload(said.answer, said.survey))
