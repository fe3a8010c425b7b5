"""Which rows a viewer's scope reaches, as conditions of a query. No condition: all of them.

One's own customers: whose owner one is, who have no owner, whom one had a contact with, and whose
call is at one's own phone now. What belongs to a customer follows the customer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    and_,
    exists,
    false,
    or_,
    select,
    true,
)

from callcenter.rights.objects import Action, Object
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import archive_seen
from callcenter.store.sets import among
from callcenter.store.tables import (
    archive_contacts,
    assessments,
    call_legs,
    callback_requests,
    conversations,
    customers,
    deals,
    interaction_candidates,
    interactions,
    missed_calls,
    organizations,
    survey_answers,
    tasks,
    voicemails,
)

Conditions = list[ColumnElement[bool]]


def customers_seen_by(
    viewer: Viewer, action: Action = "read", table: FromClause = customers
) -> Conditions:
    """`table`: customers, or an alias of it."""
    return _scoped(viewer, "customer", action, lambda ids: _their_customers(viewer, ids, table))


def organizations_seen_by(viewer: Viewer, action: Action = "read") -> Conditions:
    """One's own: with a customer of one's own, or without anybody."""
    return _scoped(viewer, "organization", action, _their_organizations)


def interactions_seen_by(viewer: Viewer, action: Action = "read") -> Conditions:
    """One's own: that one spoke in or was rung for, those of one's own customers, and calls in
    vain of nobody we know."""
    return _scoped(viewer, "interaction", action, _their_interactions)


def deals_seen_by(viewer: Viewer, action: Action = "read") -> Conditions:
    return _scoped(
        viewer,
        "deal",
        action,
        lambda ids: or_(deals.c.owner_id.is_(None), deals.c.owner_id.in_(ids)),
    )


def tasks_seen_by(viewer: Viewer, action: Action = "read") -> Conditions:
    """One's own: that one has or asked for, and what nobody has."""
    return _scoped(
        viewer,
        "task",
        action,
        lambda ids: or_(
            tasks.c.assignee_id.is_(None),
            tasks.c.assignee_id.in_(ids),
            tasks.c.created_by.in_(ids),
        ),
    )


def conversations_seen_by(viewer: Viewer, action: Action = "read") -> Conditions:
    """One's own: that one has or is offered, and what waits for anybody."""
    table = conversations.c
    return _scoped(
        viewer,
        "conversation",
        action,
        lambda ids: or_(
            table.assigned_to.in_(ids), table.offered_to.in_(ids), table.assigned_to.is_(None)
        ),
    )


def callbacks_seen_by(viewer: Viewer, action: Action = "read") -> Conditions:
    """One's own: given to one, or to nobody by name."""
    return _scoped(viewer, "callback", action, lambda ids: _theirs(callback_requests, ids))


def voicemails_seen_by(viewer: Viewer, action: Action = "read") -> Conditions:
    return _scoped(viewer, "voicemail", action, lambda ids: _theirs(voicemails, ids))


def answers_seen_by(viewer: Viewer, action: Action = "read") -> Conditions:
    """What callers said: one's own are of calls that one spoke in last."""
    return _scoped(viewer, "survey", action, survey_answers.c.operator_id.in_)


def assessments_seen_by(viewer: Viewer) -> Conditions:
    """The operator what is final; the assessor their own; who leads quality the drafts as well, but
    none of themselves. Of a calibration round each sees their own alone."""
    row, ids = assessments.c, viewer.user_ids("quality", "read")
    me, whole = viewer.user_id, row.calibration_id.is_(None)
    of_them = [] if ids is None else [row.operator_id.in_(sorted(ids))]
    seen = [and_(whole, row.state != "draft", *of_them)]
    if viewer.may("quality", "create"):
        seen.append(and_(row.assessor_id == me, row.operator_id != me))
    if viewer.may("quality", "change"):
        seen.append(and_(whole, row.operator_id != me, *of_them))
    return [or_(*seen)]


def _theirs(table: FromClause, ids: list[int]) -> ColumnElement[bool]:
    return or_(table.c.assigned_to.is_(None), table.c.assigned_to.in_(ids))


def belongs_to_seen(viewer: Viewer, customer_id: ColumnElement[Any]) -> Conditions:
    """For a table that names a customer: only rows of customers whom the viewer may read."""
    seen = customers_seen_by(viewer)
    if not seen:
        return []
    return [exists().where(customers.c.id == customer_id, *seen)]


def seen_customers(
    connection: Connection, viewer: Viewer, ids: Iterable[int], action: Action = "read"
) -> frozenset[int]:
    """Those of the customers whom the viewer may read."""
    return seen_records(connection, viewer, "customer", ids, action)


def seen_records(
    connection: Connection,
    viewer: Viewer,
    thing: Object,
    ids: Iterable[int],
    action: Action = "read",
) -> frozenset[int]:
    """Those of the records that are within the viewer's scope, in one read."""
    wanted = sorted(set(ids))
    key, conditions_of = _RECORDS[thing]
    conditions = conditions_of(viewer, action)
    if not conditions or not wanted:
        return frozenset(wanted)
    found = frozenset(
        connection.scalars(select(key).where(among(connection, key, wanted), *conditions))
    )
    missing = sorted(set(wanted) - found) if thing == "interaction" else []
    return found | archive_seen.seen_ids(connection, viewer, missing, action) if missing else found


def reaches(
    connection: Connection, viewer: Viewer, thing: Object, action: Action, record_id: int
) -> bool:
    """Whether one record is within a viewer's scope. With scope over all nothing is read: whether
    the record exists, whoever asks for it will see."""
    key, conditions_of = _RECORDS[thing]
    conditions = conditions_of(viewer, action)
    if not conditions:
        return True
    if connection.scalar(select(key).where(key == record_id, *conditions)) is not None:
        return True
    if thing != "interaction":
        return False
    return bool(archive_seen.seen_ids(connection, viewer, [record_id], action))


def is_there(connection: Connection, thing: Object, record_id: int) -> bool:
    """Whether there is such a record at all, whoever may see it."""
    key, _conditions_of = _RECORDS[thing]
    if connection.scalar(select(key).where(key == record_id)) is not None:
        return True
    return thing == "interaction" and bool(
        archive_seen.seen_ids(connection, EVERYTHING, [record_id])
    )


def missed_seen_by(viewer: Viewer) -> Conditions:
    """Calls in vain: of customers whom the viewer may read, of nobody we know, or claimed."""
    ids = viewer.user_ids("interaction", "read")
    if ids is None:
        return []
    if not ids:
        return [false()]
    table = missed_calls.c
    seen = and_(true(), *belongs_to_seen(viewer, table.customer_id))
    return [or_(table.customer_id.is_(None), table.claimed_by.in_(sorted(ids)), seen)]


def _scoped(viewer: Viewer, thing: Object, action: Action, theirs: Any) -> Conditions:
    ids = viewer.user_ids(thing, action)
    if ids is None:
        return []
    return [theirs(sorted(ids))] if ids else [false()]


def _their_customers(viewer: Viewer, ids: list[int], table: FromClause) -> ColumnElement[bool]:
    return or_(
        table.c.owner_id.is_(None),
        table.c.owner_id.in_(ids),
        exists().where(
            interactions.c.operator_id.in_(ids), interactions.c.customer_id == table.c.id
        ),
        _met_long_ago(table, ids),
        table.c.id.in_(_at_my_phone(viewer)),
    )


def _met_long_ago(table: FromClause, ids: list[int]) -> ColumnElement[bool]:
    """In a contact that is in the archive now."""
    return exists().where(
        archive_contacts.c.customer_id == table.c.id, archive_contacts.c.operator_id.in_(ids)
    )


def _at_my_phone(viewer: Viewer) -> Any:
    """Customers of the calls that ring or are spoken at the viewer's phone now."""
    mine = and_(call_legs.c.user_id == viewer.user_id, call_legs.c.ended_at.is_(None))
    known = select(interactions.c.customer_id).where(
        mine,
        call_legs.c.call_id == interactions.c.call_id,
        interactions.c.customer_id.is_not(None),
    )
    offered = select(interaction_candidates.c.customer_id).where(
        mine,
        call_legs.c.call_id == interactions.c.call_id,
        interaction_candidates.c.interaction_id == interactions.c.id,
    )
    return known.union_all(offered)


def _their_organizations(ids: list[int]) -> ColumnElement[bool]:
    people = customers.alias("people")
    theirs = or_(
        people.c.owner_id.is_(None),
        people.c.owner_id.in_(ids),
        exists().where(
            interactions.c.operator_id.in_(ids), interactions.c.customer_id == people.c.id
        ),
        _met_long_ago(people, ids),
    )
    here = people.c.organization_id == organizations.c.id
    return or_(exists().where(here, theirs), ~exists().where(here))


def _their_interactions(ids: list[int]) -> ColumnElement[bool]:
    legs, whose = call_legs.alias("their_legs"), customers.alias("their_customers")
    return or_(
        interactions.c.operator_id.in_(ids),
        and_(interactions.c.operator_id.is_(None), interactions.c.customer_id.is_(None)),
        exists().where(legs.c.call_id == interactions.c.call_id, legs.c.user_id.in_(ids)),
        exists().where(
            whose.c.id == interactions.c.customer_id,
            or_(whose.c.owner_id.in_(ids), whose.c.owner_id.is_(None)),
        ),
    )


_RECORDS: dict[Object, tuple[Column[int], Callable[[Viewer, Action], Conditions]]] = {
    "customer": (customers.c.id, customers_seen_by),
    "organization": (organizations.c.id, organizations_seen_by),
    "interaction": (interactions.c.id, interactions_seen_by),
    "conversation": (conversations.c.id, conversations_seen_by),
    "deal": (deals.c.id, deals_seen_by),
    "task": (tasks.c.id, tasks_seen_by),
    "callback": (callback_requests.c.id, callbacks_seen_by),
    "voicemail": (voicemails.c.id, voicemails_seen_by),
}
