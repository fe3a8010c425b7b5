"""/visits: When customers came, or were visited."""

from __future__ import annotations

from flask import Response

from web.api import records
from web.api.idempotency import idempotent
from web.api.operation import area, operation
from web.api.shapes import trade as shapes

api = area("visits", "/visits", "When customers came, or were visited.")


@operation(api, "get", "", shapes.VisitPage)
def list_visits(query: shapes.RecordQuery) -> Response:
    """Visits, the latest told first"""
    return records.page("visit", query, shapes.VisitPage)


@operation(api, "get", "/<record_id>", shapes.Visit)
def get_visit(path: shapes.RecordPath) -> Response:
    """One visit"""
    return records.one("visit", path.record_id, shapes.Visit)


@operation(api, "post", "", shapes.Visit, status=201, also=(200,))
@idempotent
def save_visit(body: shapes.VisitNew) -> Response:
    """A new visit, or one that is known made so

    Number and source (without a number: customer and moment) say which it is; a repeat answers 200.
    """
    return records.create("visit", body, shapes.Visit)


@operation(api, "patch", "/<record_id>", shapes.Visit)
def change_visit(path: shapes.RecordPath, body: shapes.VisitPatch) -> Response:
    """Change a visit

    Only what is named changes.
    """
    return records.change("visit", path.record_id, body, shapes.Visit)


@operation(api, "delete", "/<record_id>", shapes.Visit)
def cancel_visit(path: shapes.RecordPath) -> Response:
    """Cancel a visit

    It stays, and counts no more. Cancelling it twice is the same as once.
    """
    return records.cancel("visit", path.record_id, shapes.Visit)
