"""/payments: What customers paid, of an invoice or by itself."""

from __future__ import annotations

from flask import Response

from web.api import records
from web.api.idempotency import idempotent
from web.api.operation import area, operation
from web.api.shapes import trade as shapes

api = area("payments", "/payments", "What customers paid, of an invoice or by itself.")


@operation(api, "get", "", shapes.PaymentPage)
def list_payments(query: shapes.PaymentQuery) -> Response:
    """Payments, the latest told first"""
    return records.page("payment", query, shapes.PaymentPage)


@operation(api, "get", "/<record_id>", shapes.Payment)
def get_payment(path: shapes.RecordPath) -> Response:
    """One payment"""
    return records.one("payment", path.record_id, shapes.Payment)


@operation(api, "post", "", shapes.Payment, status=201, also=(200,))
@idempotent
def save_payment(body: shapes.PaymentNew) -> Response:
    """A new payment, or one that is known made so

    Number and source say which it is; a repeat answers 200.
    """
    return records.create("payment", body, shapes.Payment)


@operation(api, "patch", "/<record_id>", shapes.Payment)
def change_payment(path: shapes.RecordPath, body: shapes.PaymentPatch) -> Response:
    """Change a payment

    Only what is named changes.
    """
    return records.change("payment", path.record_id, body, shapes.Payment)


@operation(api, "delete", "/<record_id>", shapes.Payment)
def cancel_payment(path: shapes.RecordPath) -> Response:
    """Cancel a payment

    It stays, and counts no more. Cancelling it twice is the same as once.
    """
    return records.cancel("payment", path.record_id, shapes.Payment)
