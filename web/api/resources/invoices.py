"""/invoices: what customers were billed, and paid of it."""

from __future__ import annotations

from flask import Response

from web.api import records
from web.api.idempotency import idempotent
from web.api.operation import area, operation
from web.api.shapes import trade as shapes

api = area("invoices", "/invoices", "What customers were billed, and paid of it.")


@operation(api, "get", "", shapes.InvoicePage)
def list_invoices(query: shapes.InvoiceQuery) -> Response:
    """Invoices, the latest told first"""
    return records.page("invoice", query, shapes.InvoicePage)


@operation(api, "get", "/<record_id>", shapes.Invoice)
def get_invoice(path: shapes.RecordPath) -> Response:
    """One invoice"""
    return records.one("invoice", path.record_id, shapes.Invoice)


@operation(api, "post", "", shapes.Invoice, status=201, also=(200,))
@idempotent
def save_invoice(body: shapes.InvoiceNew) -> Response:
    """A new invoice, or one that is known made so

    Number and source say which it is; a repeat answers 200.
    """
    return records.create("invoice", body, shapes.Invoice)


@operation(api, "patch", "/<record_id>", shapes.Invoice)
def change_invoice(path: shapes.RecordPath, body: shapes.InvoicePatch) -> Response:
    """Change an invoice

    Only what is named changes.
    """
    return records.change("invoice", path.record_id, body, shapes.Invoice)


@operation(api, "delete", "/<record_id>", shapes.Invoice)
def cancel_invoice(path: shapes.RecordPath) -> Response:
    """Cancel an invoice

    It stays, and counts no more. Cancelling it twice is the same as once.
    """
    return records.cancel("invoice", path.record_id, shapes.Invoice)
