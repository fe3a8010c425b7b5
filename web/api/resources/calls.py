"""/calls: what goes on now, and the record of any call."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask import Response

from callcenter.accounts.user import endpoints_of
from callcenter.calls.record import CallRecord
from callcenter.queries import calls as queries
from callcenter.queries import explanations
from callcenter.queries.call_interactions import id_of_call
from callcenter.queries.explanations import CallEvidence
from callcenter.queries.paging import Page
from callcenter.queries.views import LiveCall
from web.api.answers import answer
from web.api.context import Caller, the_caller, the_runtime, today
from web.api.operation import area, operation
from web.api.problems import not_found
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
    plain = {**_plain(record), **_told(evidence), "interaction_id": interaction_id}
    return answer(shapes.Call, plain)


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
    return caller.leads or any(party.endpoint in own for party in call.parties)
