"""/consents: what customers allowed or forbade, for each way of reaching them."""

from __future__ import annotations

from flask import Response

from callcenter.customers.consents import ConsentDraft
from callcenter.queries import consents as queries
from callcenter.services import consents as services
from web.api.answers import answer
from web.api.context import the_caller, the_runtime
from web.api.fields import PageQuery
from web.api.idempotency import idempotent
from web.api.lists import page_of
from web.api.operation import area, operation
from web.api.problems import not_found
from web.api.shapes import about as shapes

api = area("consents", "/customers/<customer_id>/consents", "What customers allowed or forbade.")


@operation(api, "get", "", shapes.ConsentPage)
def list_consents(path: shapes.CustomerPath, query: PageQuery) -> Response:
    """All that was said; the latest of each channel counts"""
    with the_runtime().reader() as connection:
        found = queries.of_customer(connection, path.customer_id)
    return answer(shapes.ConsentPage, page_of(found, lambda one: one.id, query))


@operation(api, "post", "", shapes.Consent, status=201)
@idempotent
def add_consent(path: shapes.CustomerPath, body: shapes.ConsentIn) -> Response:
    """Write down a consent or a refusal"""
    runtime = the_runtime()
    consent_id = services.add_consent(
        path.customer_id,
        ConsentDraft(**body.model_dump()),
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        user_id=the_caller().user_id,
        actor="token",
    )
    with runtime.reader() as connection:
        found = queries.of_customer(connection, path.customer_id)
    made = next((one for one in found if one.id == consent_id), None)
    if made is None:
        raise not_found(f"consent {consent_id}")
    return answer(shapes.Consent, made, status=201)
