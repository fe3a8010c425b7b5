"""/interactions: the log of contacts; notes on them; whose contact it was."""

from __future__ import annotations

from flask import Response

from callcenter.customers.phone import parse_number
from callcenter.queries import interactions as queries
from callcenter.queries.views import InteractionView
from callcenter.services import customers as customer_services
from callcenter.services import notes as note_services
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, today
from web.api.idempotency import idempotent
from web.api.operation import area, operation
from web.api.problems import invalid, not_found
from web.api.shapes import interactions as shapes

api = area("interactions", "/interactions", "Every contact, exactly once.")


@operation(api, "get", "", shapes.InteractionPage)
def list_interactions(query: shapes.InteractionQuery) -> Response:
    """The log, newest first"""
    if query.since and query.until and query.since >= query.until:
        raise invalid([("until", "must be after since")])
    values = query.model_dump(exclude={"phone", "cursor", "limit"})
    filters = queries.InteractionFilters(**values, phone=_e164(query.phone))
    with the_runtime().reader() as connection:
        page = queries.page(connection, filters, query.cursor, query.limit, today())
    return answer(shapes.InteractionPage, page)


@operation(api, "get", "/<interaction_id>", shapes.Interaction)
def get_interaction(path: shapes.InteractionPath) -> Response:
    """One contact: participants, notes, and why it was matched and routed as it was"""
    return answer(shapes.Interaction, _read(path.interaction_id))


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


def _read(interaction_id: int) -> InteractionView:
    with the_runtime().reader() as connection:
        found = queries.get(connection, interaction_id, today())
    if found is None:
        raise not_found(f"interaction {interaction_id}")
    return found
