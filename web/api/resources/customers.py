"""/customers: find, read, create and change cards; who calls; what has happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flask import Response
from sqlalchemy import Connection

from callcenter.customers.customer import CustomerBrief, CustomerDraft, NumberOwners
from callcenter.customers.matching import match_number
from callcenter.customers.phone import parse_number
from callcenter.errors import Conflict
from callcenter.queries import customer_list
from callcenter.queries import customers as queries
from callcenter.queries import interactions as interaction_queries
from callcenter.queries import segments as segment_queries
from callcenter.queries.paging import LARGEST_PAGE, Page
from callcenter.queries.views import CustomerCard
from callcenter.segments.columns import read_sort, sorts
from callcenter.segments.tree import Condition, Group, parse_text
from callcenter.services import customers as services
from callcenter.services.customer_input import LISTS
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, the_viewer, today
from web.api.customer_bodies import changes_of, seen_custom
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

    With `q` the best matches, names and numbers, in one page. `filter` and `segment_id` narrow
    the list as `/segments` do; `sort` is the order of such a list.
    """
    with the_runtime().reader() as connection:
        _check_asked(connection, query)
        page = _search(connection, query) if query.q else _filtered(connection, query)
    return answer(shapes.CustomerPage, page)


def _filtered(connection: Connection, query: shapes.CustomerQuery) -> Page[CustomerBrief]:
    """Everything that is asked holds; each named parameter is a condition like any other."""
    viewer = the_viewer()
    fields = segment_queries.fields_for(connection, viewer)
    parts: list[Condition | Group] = [*_conditions(query)]
    own = parse_text(query.filter, fields)
    parts += [own] if own else []
    if query.segment_id is not None:
        segment = segment_queries.get(connection, query.segment_id, viewer)
        if segment is None:
            raise not_found(f"segment {query.segment_id}")
        parts.append(segment_queries.filter_of(connection, viewer, segment))
    group = Group("all", tuple(parts))
    now = the_runtime().clock.now()
    context = segment_queries.context_for(connection, viewer, group, now, today())
    order = read_sort(query.sort, sorts(viewer))
    return customer_list.listed(context, viewer, group, order, query.cursor, query.limit).page


def _check_asked(connection: Connection, query: shapes.CustomerQuery) -> None:
    """Who is in an answer tells what was asked for: nothing that the caller's role may not see."""
    fields = segment_queries.fields_for(connection, the_viewer())
    asked = {"vip": query.vip, "blocked": query.blocked, "debtor": query.debtor}
    given = {name for name, wanted in asked.items() if wanted is not None}
    given |= {"owner"} if query.owner_id is not None else set()
    if unseen := sorted(given - set(fields)):
        names = {"owner": "owner_id"}
        raise invalid([(names.get(one, one), "your role does not see this") for one in unseen])


def _conditions(query: shapes.CustomerQuery) -> Iterator[Condition]:
    flags = (("vip", query.vip), ("blocked", query.blocked), ("debtor", query.debtor))
    for name, wanted in (*flags, ("confirmed", query.confirmed)):
        if wanted is not None:
            yield Condition(name, "yes" if wanted else "no")
    for name, one in (("organization", query.organization_id), ("owner", query.owner_id)):
        if one is not None:
            yield Condition(name, "in", (one,))


def _search(connection: Connection, query: shapes.CustomerQuery) -> Page[CustomerBrief]:
    """The best matches that pass the filters, in one page."""
    apart = [
        (name, "cannot be combined with q")
        for name in ("cursor", "organization_id", "owner_id", "segment_id", "filter", "sort")
        if getattr(query, name) not in (None, "")
    ]
    if apart:
        raise invalid(apart)
    plan = the_runtime().settings.number_plan
    found = queries.search(connection, query.q, plan, LARGEST_PAGE, today(), the_viewer())
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
    found = NumberOwners()
    if number.e164:
        with runtime.reader() as connection:
            found = queries.briefs_by_number(connection, number.e164, today())
    match = match_number(number, [one.id for one in found], shared=found.shared)
    who = {
        "number": number.e164,
        "kind": number.kind,
        "match": match,
        "customers": tuple(found),
        "shared": found.shared,
        "organization": found.organization,
    }
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
    told = changes_of(body)
    lists = {name: getattr(told, name) for name in LISTS if getattr(told, name) is not None}
    customer_id = services.create_customer(
        CustomerDraft(**told.fields, **lists),
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        plan=runtime.settings.number_plan,
        user_id=the_caller().user_id,
        actor="token",
    )
    return _card(customer_id, status=201)


@operation(api, "patch", "/<customer_id>", shapes.Customer, problems=(412, 428))
def change_customer(path: shapes.CustomerPath, body: shapes.CustomerPatch) -> Response:
    """Change a card

    The version changed must be named: `If-Match` with the ETag read, or `version` in the body.
    """
    runtime = the_runtime()
    changes = changes_of(body)
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
            actor="token",
        )
    except Conflict as conflict:
        if conflict.field != "version":
            raise
        raise version_mismatch(_read(path.customer_id).version) from conflict
    return _card(path.customer_id)


@operation(api, "delete", "/<customer_id>", shapes.Deleted)
def delete_customer(path: shapes.CustomerPath) -> Response:
    """Put a card away

    Nothing shows it any more; its history can bring it back.
    """
    runtime = the_runtime()
    services.delete_customer(
        path.customer_id,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        user_id=the_caller().user_id,
        actor="token",
    )
    return answer(shapes.Deleted, {"id": path.customer_id, "deleted": True})


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
    seen = seen_custom("customer", card.custom)
    return answer(shapes.Customer, replace(card, custom=seen), status=status, headers=headers)
