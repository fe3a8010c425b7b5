"""A filter as SQL over `customers`. Negation goes down to the single condition, where it stays a
set that the database can leave out as one.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import ColumnElement, and_, not_, or_, select, true

from callcenter.queries.segment_fields import of_field
from callcenter.queries.segment_parts import Context, among_told, member
from callcenter.segments.tree import Condition, Group
from callcenter.store.tables import segment_members


def conditions(context: Context, group: Group) -> list[ColumnElement[bool]]:
    """To be joined by AND: a planner handles those better than one great condition."""
    if group.how == "all":
        return [_part(context, part, negated=False) for part in group.parts if _asks(part)]
    return [_group(context, group, negated=False)] if group else []


def _asks(part: Condition | Group) -> bool:
    return isinstance(part, Condition) or bool(part)


def _part(context: Context, part: Condition | Group, *, negated: bool) -> ColumnElement[bool]:
    if isinstance(part, Group):
        return _group(context, part, negated=negated)
    return _one(context, part, negated=negated)


def _group(context: Context, group: Group, *, negated: bool) -> ColumnElement[bool]:
    """none of = all of the negations; what is not all of is any of the negations."""
    inner = negated != (group.how == "none")
    parts = [_part(context, part, negated=inner) for part in group.parts if _asks(part)]
    if not parts:
        return true()
    every = (group.how == "all" and not negated) or (group.how != "all" and inner)
    return and_(*parts) if every else or_(*parts)


def _one(context: Context, one: Condition, *, negated: bool) -> ColumnElement[bool]:
    found = _in_segment(context, one) if one.field == "in_segment" else of_field(context, one)
    return not_(found) if negated else found


def _in_segment(context: Context, one: Condition) -> ColumnElement[bool]:
    """Members of frozen ones; whoever the filters of live ones hold for now."""
    frozen = tuple(wanted for wanted in one.value if wanted not in context.live)
    # A segment that speaks of itself holds for nobody by that.
    rest = {key: value for key, value in context.live.items() if key not in one.value}
    inner = replace(context, live=rest)
    ways = [
        and_(true(), *conditions(inner, context.live[wanted]))
        for wanted in one.value
        if wanted in context.live
    ]
    if frozen:
        members = select(segment_members.c.customer_id).where(
            among_told(context, segment_members.c.segment_id, frozen)
        )
        ways.append(member(context, members))
    return not_(or_(*ways)) if one.op == "not_in" else or_(*ways)
