"""The list of customers as its page asks for it, in a line."""

from __future__ import annotations

from sqlalchemy import Connection

from callcenter.customers.customer import CustomerBrief
from callcenter.queries import customer_list, segments
from callcenter.queries.paging import Page
from callcenter.rights.viewer import EVERYTHING
from callcenter.segments.columns import Sort
from callcenter.segments.tree import parse
from tests.support.store import NOW, TODAY


def customers_with(
    connection: Connection, *flags: str, cursor: str | None = None, limit: int = 50
) -> Page[CustomerBrief]:
    """By name. A flag such as `vip` is asked for with yes, `!vip` with no."""
    told = [{"field": one.lstrip("!"), "op": "no" if one[0] == "!" else "yes"} for one in flags]
    group = parse({"all": told}, segments.fields_for(connection, EVERYTHING))
    context = segments.context_for(connection, EVERYTHING, group, NOW, TODAY)
    return customer_list.listed(context, EVERYTHING, group, Sort(), cursor, limit).page
