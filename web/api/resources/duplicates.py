"""/duplicates: cards that may be one person's, and what is decided about them."""

from __future__ import annotations

from flask import Response

from callcenter.queries import duplicates as queries
from callcenter.services import duplicates as services
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, the_viewer, today
from web.api.operation import area, operation
from web.api.shapes import history as shapes

api = area("duplicates", "/duplicates", "Cards that may be one person's.")


@operation(api, "get", "", shapes.PairPage)
def list_duplicates(query: shapes.PairQuery) -> Response:
    """Pairs of cards, the likeliest first"""
    with the_runtime().reader() as connection:
        page = queries.page(
            connection,
            the_viewer(),
            query.state,
            cursor=query.cursor,
            limit=query.limit,
            today=today(),
        )
    return answer(shapes.PairPage, page)


@operation(api, "post", "/likely", shapes.LikelyList, scope="read")
def find_likely_duplicates(body: shapes.LikelyQuery) -> Response:
    """Who is there already that a new card may mean, the likeliest first"""
    runtime = the_runtime()
    typed = services.Typed(
        name=body.name,
        city=body.city,
        organization=body.organization,
        phones=tuple(body.phones),
        emails=tuple(body.emails),
    )
    found = services.likely_typed(
        typed,
        user_id=the_caller().user_id,
        unit_of_work=runtime.unit_of_work,
        plan=runtime.settings.number_plan,
    )
    return answer(shapes.LikelyList, {"items": found})


@operation(api, "post", "", shapes.Decided)
def decide_duplicate(body: shapes.Decision) -> Response:
    """Say that two cards are two people, or ask again"""
    runtime = the_runtime()
    services.decide(
        body.a_id,
        body.b_id,
        body.state,
        user_id=the_caller().user_id,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
    )
    return answer(shapes.Decided, body.model_dump())
