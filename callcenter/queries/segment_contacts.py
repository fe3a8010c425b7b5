"""Fields of filters that ask for contacts, in the database and in the archive: so many of them
lately, and the outcome of the latest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    func,
    not_,
    or_,
    select,
    true,
    union_all,
)

from callcenter.queries.segment_parts import (
    Context,
    Set,
    among_told,
    member,
)
from callcenter.segments.tree import Condition
from callcenter.store.sets import among
from callcenter.store.tables import (
    archive_calls,
    customers,
    interaction_outcomes,
    interactions,
)

_FEW: Final = 5_000


def so_many(context: Context, one: Condition) -> ColumnElement[bool]:
    """So many calls (or mails, chats …) in the last days."""
    value: Mapping[str, Any] = one.value
    since = context.now - timedelta(days=value["days"])
    told = [_found(table, since, value) for table in _with_archived(context, since)]
    found = told[0] if len(told) == 1 else select(union_all(*told).subquery().c.customer_id)
    whose = found.selected_columns.customer_id
    query = found.group_by(whose)
    least = value["count"] if one.op == "at_least" else value["count"] + 1
    if least <= 0:
        return true()
    query = query.having(func.count() >= least) if least > 1 else query
    inside = _counted(context, query) if least > 1 else member(context, query)
    return inside if one.op == "at_least" else not_(inside)


def _found(table: FromClause, since: datetime, value: Mapping[str, Any]) -> Set:
    columns = table.c
    return select(columns.customer_id).where(
        columns.customer_id.is_not(None),
        columns.started_at >= since,
        *(
            columns[name] == value[name]
            for name in ("direction", "result", "queue", "channel")
            if name in value
        ),
    )


def _with_archived(context: Context, since: datetime) -> list[FromClause]:
    """Where contacts since then are."""
    last = context.connection.scalar(select(func.max(archive_calls.c.started_at)))
    return [interactions, archive_calls] if last is not None and last >= since else [interactions]


def _counted(context: Context, people: Set) -> ColumnElement[bool]:
    """No planner knows how many have so many of something: they are read first, if they are few."""
    if context.by_row:
        return member(context, people)
    few = list(context.connection.scalars(people.limit(_FEW + 1)))
    if len(few) <= _FEW:
        return among(context.connection, customers.c.id, few)
    return member(context, people)


def last_outcome(context: Context, one: Condition) -> ColumnElement[bool]:
    """The outcome of the latest contact that has one."""
    given, contact = interaction_outcomes.alias(), interactions.alias()
    later, later_given = interactions.alias(), interaction_outcomes.alias()
    after = or_(
        later.c.started_at > contact.c.started_at,
        and_(later.c.started_at == contact.c.started_at, later.c.id > contact.c.id),
    )
    old = archive_calls.alias()
    later_old = (old.c.outcome_id.is_not(None), old.c.started_at > contact.c.started_at)
    query = (
        select(contact.c.customer_id)
        .join(given, given.c.interaction_id == contact.c.id)
        .where(
            contact.c.customer_id.is_not(None),
            among_told(context, given.c.outcome_id, one.value),
            ~select(1)
            .select_from(later.join(later_given, later_given.c.interaction_id == later.c.id))
            .where(later.c.customer_id == contact.c.customer_id, after)
            .exists(),
            ~select(1).where(old.c.customer_id == contact.c.customer_id, *later_old).exists(),
        )
    )
    return or_(member(context, query), member(context, _last_of_archive(context, one)))


def _last_of_archive(context: Context, one: Condition) -> Set:
    """Whose latest contact that has an outcome is in the archive, and has one of these."""
    contact, older = archive_calls.alias(), archive_calls.alias()
    later, given = interactions.alias(), interaction_outcomes.alias()
    here = select(1).select_from(later.join(given, given.c.interaction_id == later.c.id))
    after = or_(
        older.c.started_at > contact.c.started_at,
        and_(
            older.c.started_at == contact.c.started_at,
            older.c.interaction_id > contact.c.interaction_id,
        ),
    )
    return select(contact.c.customer_id).where(
        among_told(context, contact.c.outcome_id, one.value),
        ~select(1)
        .where(older.c.customer_id == contact.c.customer_id, older.c.outcome_id.is_not(None), after)
        .exists(),
        ~here.where(
            later.c.customer_id == contact.c.customer_id,
            later.c.started_at >= contact.c.started_at,
        ).exists(),
    )
