"""/customers: find, read, create and change cards; who calls; what has happened."""

from __future__ import annotations

from flask import Response
from sqlalchemy import Connection

from callcenter.customers.customer import CustomerBrief, CustomerChanges, CustomerDraft, PhoneDraft
from callcenter.customers.phone import parse_number
from callcenter.errors import Conflict
from callcenter.queries import customers as queries
from callcenter.queries import interactions as interaction_queries
from callcenter.queries.paging import LARGEST_PAGE, Page
from callcenter.queries.views import CustomerCard
from callcenter.services import customers as services
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, today
from web.api.fields import PageQuery
from web.api.idempotency import idempotent
from web.api.operation import area, operation
from web.api.problems import invalid, not_found
from web.api.shapes import customers as shapes
from web.api.shapes.interactions import InteractionPage
from web.api.versions import version_mismatch, wanted_version

api = area("customers", "/customers", "People who call, and what we know of them.")


@operation(api, "get", "", shapes.CustomerPage)
def list_customers(query: shapes.CustomerQuery) -> Response:
    """Customers by name

    With `q` the best matches, names and numbers, in one page.
    """
    with the_runtime().reader() as connection:
        if query.q:
            page = _search(connection, query)
        else:
            filters = queries.CustomerFilters(**query.model_dump(exclude={"q", "cursor", "limit"}))
            page = queries.page(connection, filters, query.cursor, query.limit, today())
    return answer(shapes.CustomerPage, page)


def _search(connection: Connection, query: shapes.CustomerQuery) -> Page[CustomerBrief]:
    """The best matches that pass the filters, in one page."""
    apart = [
        (name, "cannot be combined with q")
        for name in ("cursor", "organization_id", "owner_id")
        if getattr(query, name) is not None
    ]
    if apart:
        raise invalid(apart)
    plan = the_runtime().settings.number_plan
    found = queries.search(connection, query.q, plan, LARGEST_PAGE, today())
    return Page(tuple(brief for brief in found if _passes(brief, query))[: query.limit])


def _passes(brief: CustomerBrief, query: shapes.CustomerQuery) -> bool:
    facts = (
        (query.vip, brief.vip_level > 0),
        (query.blocked, brief.blocked),
        (query.debtor, brief.overdue_minor > 0),
        (query.confirmed, brief.confirmed),
    )
    return all(wanted in (None, fact) for wanted, fact in facts)


@operation(api, "get", "/by-phone", shapes.WhoCalls)
def find_customers_by_phone(query: shapes.ByPhoneQuery) -> Response:
    """Who calls from this number

    Only E.164 = E.164 matches; nothing is guessed.
    """
    runtime = the_runtime()
    number = parse_number(query.number, runtime.settings.number_plan)
    found: tuple[CustomerBrief, ...] = ()
    if number.e164:
        with runtime.reader() as connection:
            found = queries.briefs_by_number(connection, number.e164, today())
    match = number.kind if number.kind in ("withheld", "internal") else _match(len(found))
    who = {"number": number.e164, "kind": number.kind, "match": match, "customers": found}
    return answer(shapes.WhoCalls, who)


@operation(api, "get", "/<customer_id>", shapes.Customer)
def get_customer(path: shapes.CustomerPath) -> Response:
    """A whole card"""
    return _card(path.customer_id)


@operation(api, "get", "/<customer_id>/timeline", InteractionPage)
def get_customer_timeline(path: shapes.CustomerPath, query: PageQuery) -> Response:
    """What has happened with this customer, newest first"""
    with the_runtime().reader() as connection:
        if queries.card(connection, path.customer_id, today()) is None:
            raise not_found(f"customer {path.customer_id}")
        page = interaction_queries.timeline(
            connection, path.customer_id, query.cursor, query.limit, today()
        )
    return answer(InteractionPage, page)


@operation(api, "post", "", shapes.Customer, status=201)
@idempotent
def create_customer(body: shapes.CustomerNew) -> Response:
    """A new card"""
    runtime = the_runtime()
    values = body.model_dump(exclude={"phones"})
    draft = CustomerDraft(**values, phones=_phones(body.phones))
    customer_id = services.create_customer(
        draft,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        plan=runtime.settings.number_plan,
        user_id=the_caller().user_id,
    )
    return _card(customer_id, status=201)


@operation(api, "patch", "/<customer_id>", shapes.Customer, problems=(412, 428))
def change_customer(path: shapes.CustomerPath, body: shapes.CustomerPatch) -> Response:
    """Change a card

    The version changed must be named: `If-Match` with the ETag read, or `version` in the body.
    """
    runtime = the_runtime()
    named = body.model_fields_set - {"version", "phones"}
    changes = CustomerChanges(
        fields=body.model_dump(include=named),
        phones=_phones(body.phones) if "phones" in body.model_fields_set else None,
    )
    version = wanted_version(_read(path.customer_id).version, body.version)
    try:
        services.update_customer(
            path.customer_id,
            changes,
            version=version,
            unit_of_work=runtime.unit_of_work,
            clock=runtime.clock,
            plan=runtime.settings.number_plan,
            user_id=the_caller().user_id,
        )
    except Conflict as conflict:
        if conflict.field != "version":
            raise
        raise version_mismatch(_read(path.customer_id).version) from conflict
    return _card(path.customer_id)


def _match(count: int) -> str:
    return "none" if not count else "one" if count == 1 else "several"


def _phones(phones: list[shapes.PhoneIn]) -> tuple[PhoneDraft, ...]:
    return tuple(PhoneDraft(**phone.model_dump()) for phone in phones)


def _read(customer_id: int) -> CustomerCard:
    with the_runtime().reader() as connection:
        card = queries.card(connection, customer_id, today())
    if card is None:
        raise not_found(f"customer {customer_id}")
    return card


def _card(customer_id: int, status: int = 200) -> Response:
    card = _read(customer_id)
    headers = {"ETag": f'"{card.version}"'}
    if status == 201:
        headers["Location"] = f"/api/v1/customers/{customer_id}"
    return answer(shapes.Customer, card, status=status, headers=headers)
