"""The list of customers as an address asks for it: text, filter or segment, order, columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import abort, request
from sqlalchemy import Connection

from callcenter.customers.customer import CustomerBrief
from callcenter.queries import customer_cells, customer_list, finding
from callcenter.queries import fields as field_queries
from callcenter.queries import outcomes as outcome_queries
from callcenter.queries import segments as segment_queries
from callcenter.queries import users as user_queries
from callcenter.queries.segment_parts import Context
from callcenter.queries.segments import SegmentView
from callcenter.queries.showing import shown
from callcenter.segments.columns import Sort, chosen, read_sort, sorts
from callcenter.segments.fields import Catalogue
from callcenter.segments.tree import EVERYBODY, Condition, Group, as_text, parse_text
from web.context import me, runtime, today
from web.people_words import choice_text, field_text
from web.segment_words import why_words
from web.viewer import the_viewer
from web.whole_numbers import whole_number

PAGE = 50
COLUMNS_KEY = "customers.columns"
_STATUSES: dict[str, Condition] = {
    "vip": Condition("vip", "yes"),
    "debtor": Condition("debtor", "yes"),
    "blocked": Condition("blocked", "yes"),
    "new": Condition("confirmed", "no"),
}


@dataclass(slots=True, kw_only=True)
class Asked:
    """`where` is what is listed: the filter in the address, the segment's, and the quick choice."""

    text: str
    filter: Group
    sort: Sort
    cursor: str | None
    segment: SegmentView | None
    status: str
    where: Group
    columns: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()

    def address(self, **changes: Any) -> dict[str, Any]:
        """The parameters of the same list, but for the changes."""
        told = {
            "q": self.text,
            "segment": str(self.segment.id) if self.segment else "",
            "status": self.status,
            "filter": as_text(self.filter),
            "sort": "" if str(self.sort) == "name" else str(self.sort),
        } | changes
        return {name: value for name, value in told.items() if value}


@dataclass(slots=True, kw_only=True)
class Rows:
    items: tuple[CustomerBrief, ...]
    next_cursor: str | None = None
    total: int | None = None
    cells: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    why: Mapping[int, str] = field(default_factory=dict)


def asked(connection: Connection, values: Mapping[str, str] | None = None) -> Asked:
    """Raises Invalid where the address says something that cannot be asked."""
    viewer, told = the_viewer(), request.args if values is None else values
    segment_id = _number(told.get("segment", ""))
    segment = segment_queries.get(connection, segment_id, viewer) if segment_id else None
    if segment_id and segment is None:
        abort(404)
    fields = segment_queries.fields_for(connection, viewer)
    own = parse_text(told.get("filter", ""), fields)
    status = told.get("status", "")
    parts: list[Condition | Group] = [own] if own else []
    if segment is not None:
        parts.append(segment_queries.filter_of(connection, viewer, segment))
    if status in _STATUSES and _STATUSES[status].field in fields:
        parts.append(_STATUSES[status])
    offered = customer_cells.offered(connection, viewer)
    kept = segment.columns if segment is not None and segment.columns else None
    if kept is None:
        kept = segment_queries.setting(connection, viewer.user_id, COLUMNS_KEY) or ()
    keys = [name.removeprefix("custom:") for name in offered if name.startswith("custom:")]
    return Asked(
        text=told.get("q", "").strip()[:80],
        filter=own,
        sort=read_sort(told.get("sort", ""), sorts(viewer)),
        cursor=told.get("cursor") or None,
        segment=segment,
        status=status,
        where=Group("all", tuple(parts)) if parts else EVERYBODY,
        columns=tuple(one for one in chosen(kept, keys) if one in offered),
        offered=offered,
    )


def _number(text: str) -> int | None:
    try:
        return whole_number(text)
    except ValueError:
        return None


def context_of(connection: Connection, where: Group) -> Context:
    now = runtime().clock.now()
    return segment_queries.context_for(connection, the_viewer(), where, now, today())


def rows(connection: Connection, question: Asked) -> Rows:
    viewer = the_viewer()
    if question.text:
        plan = runtime().settings.number_plan
        found = finding.find(connection, question.text, plan, PAGE, today(), viewer)
        listed = Rows(
            items=tuple(one.customer for one in found),
            why={one.customer.id: why_words(one.why) for one in found},
        )
    else:
        page = customer_list.listed(
            context_of(connection, question.where),
            viewer,
            question.where,
            question.sort,
            question.cursor,
            PAGE,
        )
        listed = Rows(items=page.page.items, next_cursor=page.page.next_cursor, total=page.total)
    ids = [one.id for one in listed.items]
    listed.cells = _in_words(connection, customer_cells.cells(connection, ids, question.columns))
    listed.items = tuple(shown(connection, viewer, listed.items))
    return listed


def _in_words(connection: Connection, cells: customer_cells.Cells) -> customer_cells.Cells:
    choices = field_queries.choices(connection)
    own = {f"custom:{one.key}": one for one in field_queries.defs(connection, "customer")}
    for values in cells.values():
        for name in ("status", "segment"):
            if values.get(name):
                values[name] = choice_text(choices, name, values[name])
        for name, one in own.items():
            if values.get(name) is not None:
                values[name] = field_text(one, values[name])
    return cells


def options(connection: Connection, fields: Catalogue) -> dict[str, list[tuple[str, str]]]:
    """What may be chosen of in the fields that have choices: value and word."""
    lists = field_queries.choices(connection)
    found: dict[str, list[tuple[str, str]]] = {
        name: [(one.key, choice_text(lists, name, one.key)) for one in lists[name].choices]
        for name in ("status", "segment")
        if name in lists
    }
    people = [(str(one.id), one.display_name) for one in user_queries.all(connection) if one.active]
    found["owner"] = [("me", me().display_name), *people]
    found["tag"] = [(str(one.id), one.name) for one in field_queries.all_tags(connection)]
    found["last_outcome"] = [(str(o.id), o.label) for o in outcome_queries.all(connection)]
    found["queues"] = [(code, title) for code, title in outcome_queries.queues(connection) if code]
    found["in_segment"] = [
        (str(one.id), one.name) for one in segment_queries.all_for(connection, the_viewer())
    ]
    for one in field_queries.defs(connection, "customer"):
        if one.kind == "choice" and f"custom:{one.key}" in fields:
            found[f"custom:{one.key}"] = [(c.key, c.label) for c in one.choices]
    return found
