"""/calls: what goes on now, and the record of any call."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any
from uuid import uuid4

from flask import Response

from callcenter.accounts.user import endpoints_of
from callcenter.calls.record import CallRecord
from callcenter.queries import calls as queries
from callcenter.queries import explanations, showing
from callcenter.queries.call_interactions import id_of_call
from callcenter.queries.explanations import CallEvidence
from callcenter.queries.paging import Page
from callcenter.queries.views import LiveCall
from callcenter.queries.visibility import reaches
from callcenter.services import call_control
from callcenter.services.call_control import Door
from web.api.answers import answer
from web.api.context import Caller, the_caller, the_runtime, the_viewer, today
from web.api.idempotency import idempotent
from web.api.operation import area, operation
from web.api.problems import ProblemError, not_found
from web.api.shapes import calls as shapes

api = area("calls", "/calls", "Calls as the PBX tells them.")


@operation(api, "get", "/live", shapes.LiveCallPage)
def list_live_calls() -> Response:
    """Calls that are going on; operators see those of their own phone"""
    caller = the_caller()
    with the_runtime().reader() as connection:
        live = [call for call in queries.live(connection, today()) if _may_see(caller, call)]
    return answer(shapes.LiveCallPage, Page(tuple(live)))


@operation(api, "get", "/<path:call_id>", shapes.Call)
def get_call(path: shapes.CallPath) -> Response:
    """The record of one call: participants, queues, transfers, times

    The id is `<pbx>/<uniqueid>`, as an interaction names it. Operators see a call that is still
    going on only if it is on their own phone.
    """
    with the_runtime().reader() as connection:
        record = queries.get(connection, path.call_id)
        if record is None or (record.live and not _takes_part(the_caller(), record)):
            raise not_found(f"call {path.call_id}")
        evidence = explanations.of_call(connection, record.id)
        interaction_id = id_of_call(connection, record.id)
        viewer = the_viewer()
        if interaction_id and not reaches(
            connection, viewer, "interaction", "read", interaction_id
        ):
            raise not_found(f"call {path.call_id}")
        record = showing.shown(connection, viewer, record)
    if not viewer.sees("interaction", "number"):
        evidence = replace(evidence, repairs=())  # they quote what was mended
    plain = {**_plain(record), **_told(evidence), "interaction_id": interaction_id}
    return answer(shapes.Call, plain)


@operation(api, "post", "", shapes.CallPlaced, status=202)
@idempotent
def place_call(body: shapes.CallNew) -> Response:
    """Call a number for the token's user

    Their own phone rings first; when they lift it, the number is called, under the outbound rights
    of their role. 202 says that the wish was passed on, not that anybody answered.
    """
    runtime, caller = the_runtime(), the_caller()
    if not runtime.settings.ami_originate:
        detail = "No PBX takes calls from here: AMI_ORIGINATE_URL is not set."
        raise ProblemError(409, "conflict", detail)
    command_id = uuid4().hex
    call_control.dial(
        caller.user_id,
        body.number,
        command_id,
        Door(
            unit_of_work=runtime.unit_of_work,
            publisher=runtime.bus,
            clock=runtime.clock,
            plan=runtime.settings.number_plan,
            pbxs=runtime.settings.hand_names,
        ),
    )
    return answer(shapes.CallPlaced, {"id": command_id}, status=202)


def _told(evidence: CallEvidence) -> dict[str, Any]:
    return {field.name: getattr(evidence, field.name) for field in fields(evidence)}


def _plain(record: CallRecord) -> dict[str, Any]:
    plain = {field.name: getattr(record, field.name) for field in fields(record)}
    plain["caller"] = {"number": record.caller_number, "name": record.caller_name}
    plain["hangup"] = {"by": record.hangup_by, "cause": record.hangup_cause}
    return plain


def _takes_part(caller: Caller, record: CallRecord) -> bool:
    own = endpoints_of(caller.endpoint)
    return caller.leads or any(leg.endpoint in own for leg in record.legs)


def _may_see(caller: Caller, call: LiveCall) -> bool:
    own = endpoints_of(caller.endpoint)
    if any(party.endpoint in own for party in call.parties):
        return True
    people = [party.user_id for party in call.parties]
    return caller.leads and the_viewer().reaches("interaction", "read", people)
