"""What the four kinds of trade records have in common as resources of the API."""

from __future__ import annotations

from typing import Any

from flask import Response
from pydantic import BaseModel

from callcenter.errors import Invalid
from callcenter.queries import trade as queries
from callcenter.queries.trade import RecordFilters, RecordView
from callcenter.services import trade as services
from callcenter.trade.records import Kind
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, the_viewer, today
from web.api.problems import invalid, not_found
from web.api.shapes.trade import RecordQuery


def page(kind: Kind, query: RecordQuery, shape: type[BaseModel]) -> Response:
    filters = RecordFilters(**query.model_dump(exclude={"cursor", "limit"}))
    with the_runtime().reader() as connection:
        found = queries.page(
            connection, kind, filters, query.cursor, query.limit, today(), the_viewer()
        )
    return answer(shape, found)


def one(kind: Kind, record_id: int, shape: type[BaseModel], *, status: int = 200) -> Response:
    view = read(kind, record_id)
    headers = {"Location": f"/api/v1/{kind}s/{record_id}"} if status == 201 else {}
    return answer(shape, view, status=status, headers=headers)


def read(kind: Kind, record_id: int) -> RecordView:
    """A record of a customer who is out of reach does not exist."""
    with the_runtime().reader() as connection:
        found = queries.get(connection, kind, record_id, today(), the_viewer())
    if found is None:
        raise not_found(f"{kind} {record_id}")
    return found


def create(kind: Kind, body: BaseModel, shape: type[BaseModel]) -> Response:
    """201 for a new record, 200 for one that was there under its number."""
    runtime = the_runtime()
    values = body.model_dump()
    customer_id = values.pop("customer_id")
    record_id, new = services.save_record(
        kind,
        customer_id,
        {name: value for name, value in values.items() if value is not None},
        user_id=the_caller().user_id,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
    )
    return one(kind, record_id, shape, status=201 if new else 200)


def change(kind: Kind, record_id: int, body: BaseModel, shape: type[BaseModel]) -> Response:
    runtime = the_runtime()
    read(kind, record_id)
    changes: dict[str, Any] = body.model_dump(include=set(body.model_fields_set))
    nulls = [name for name, value in changes.items() if value is None and name != "issued_on"]
    if nulls:
        raise invalid([(name, "must not be null") for name in sorted(nulls)])
    if not changes:
        raise Invalid("", "nothing is named that should change")
    services.change_record(
        kind,
        record_id,
        changes,
        user_id=the_caller().user_id,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
    )
    return one(kind, record_id, shape)


def cancel(kind: Kind, record_id: int, shape: type[BaseModel]) -> Response:
    runtime = the_runtime()
    read(kind, record_id)
    services.cancel_record(
        kind,
        record_id,
        user_id=the_caller().user_id,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
    )
    return one(kind, record_id, shape)
