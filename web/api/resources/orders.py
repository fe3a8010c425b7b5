"""/orders: What customers bought: the purchases that turnover and classes follow from."""

from __future__ import annotations

from flask import Response

from web.api import records
from web.api.idempotency import idempotent
from web.api.operation import area, operation
from web.api.shapes import trade as shapes

api = area(
    "orders",
    "/orders",
    "What customers bought; turnover and classes follow.",
)


@operation(api, "get", "", shapes.OrderPage)
def list_orders(query: shapes.OrderQuery) -> Response:
    """Orders, the latest told first"""
    return records.page("order", query, shapes.OrderPage)


@operation(api, "get", "/<record_id>", shapes.Order)
def get_order(path: shapes.RecordPath) -> Response:
    """One order"""
    return records.one("order", path.record_id, shapes.Order)


@operation(api, "post", "", shapes.Order, status=201, also=(200,))
@idempotent
def save_order(body: shapes.OrderNew) -> Response:
    """A new order, or one that is known made so

    Number and source say which it is; a repeat answers 200.
    """
    return records.create("order", body, shapes.Order)


@operation(api, "patch", "/<record_id>", shapes.Order)
def change_order(path: shapes.RecordPath, body: shapes.OrderPatch) -> Response:
    """Change an order

    Only what is named changes.
    """
    return records.change("order", path.record_id, body, shapes.Order)


@operation(api, "delete", "/<record_id>", shapes.Order)
def cancel_order(path: shapes.RecordPath) -> Response:
    """Cancel an order

    It stays, and counts no more. Cancelling it twice is the same as once.
    """
    return records.cancel("order", path.record_id, shapes.Order)
