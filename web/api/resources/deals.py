"""/deals: what customers may buy, and the next step towards it."""

from __future__ import annotations

from flask import Response

from callcenter.errors import Conflict
from callcenter.queries import deals as queries
from callcenter.queries.outcome_views import DealView
from callcenter.sales.deal import DealDraft
from callcenter.services import deals as services
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, the_viewer, today
from web.api.idempotency import idempotent
from web.api.operation import area, operation
from web.api.problems import invalid, not_found
from web.api.shapes import deals as shapes
from web.api.versions import version_mismatch, wanted_version

api = area("deals", "/deals", "What customers may buy, and the next step towards it.")
_MAY_BE_NULL = frozenset({"next_step_on", "owner_id"})


@operation(api, "get", "", shapes.DealPage)
def list_deals(query: shapes.DealQuery) -> Response:
    """Deals, newest first"""
    filters = queries.DealFilters(**query.model_dump(exclude={"cursor", "limit"}))
    with the_runtime().reader() as connection:
        page = queries.page(
            connection, filters, query.cursor, query.limit, today(), viewer=the_viewer()
        )
    return answer(shapes.DealPage, page)


@operation(api, "get", "/<deal_id>", shapes.Deal)
def get_deal(path: shapes.DealPath) -> Response:
    """One deal"""
    return _deal(path.deal_id)


@operation(api, "post", "", shapes.Deal, status=201)
@idempotent
def create_deal(body: shapes.DealNew) -> Response:
    """A new deal of a customer"""
    runtime, caller = the_runtime(), the_caller()
    values = body.model_dump()
    if "owner_id" not in body.model_fields_set:
        values["owner_id"] = caller.user_id
    deal_id = services.create_deal(
        DealDraft(**values),
        user_id=caller.user_id,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
    )
    return _deal(deal_id, status=201)


@operation(api, "patch", "/<deal_id>", shapes.Deal, problems=(412, 428))
def change_deal(path: shapes.DealPath, body: shapes.DealPatch) -> Response:
    """Change a deal, or end it

    The version changed must be named: `If-Match` with the ETag read, or `version` in the body.
    """
    runtime = the_runtime()
    version = wanted_version(_read(path.deal_id).version, body.version)
    changes = body.model_dump(include=body.model_fields_set - {"version"})
    nulls = [name for name, value in changes.items() if value is None and name not in _MAY_BE_NULL]
    if nulls:
        raise invalid([(name, "must not be null") for name in sorted(nulls)])
    try:
        services.update_deal(
            path.deal_id,
            changes,
            version=version,
            user_id=the_caller().user_id,
            unit_of_work=runtime.unit_of_work,
            clock=runtime.clock,
        )
    except Conflict as conflict:
        if conflict.field != "version":
            raise
        raise version_mismatch(_read(path.deal_id).version) from conflict
    return _deal(path.deal_id)


def _read(deal_id: int) -> DealView:
    with the_runtime().reader() as connection:
        found = queries.get(connection, deal_id, today())
    if found is None:
        raise not_found(f"deal {deal_id}")
    return found


def _deal(deal_id: int, status: int = 200) -> Response:
    view = _read(deal_id)
    headers = {"ETag": f'"{view.version}"'}
    if status == 201:
        headers["Location"] = f"/api/v1/deals/{deal_id}"
    return answer(shapes.Deal, view, status=status, headers=headers)
