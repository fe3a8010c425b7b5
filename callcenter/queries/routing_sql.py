"""The statement that tells routing all it must know of callers. Every part is a probe of an index.

What there may be several of (tags, segments, consents) comes as one text, and an operator as
`id:extension`: a row is a customer, and there are few of them at a number. SQLite knows no LATERAL,
but its table functions are; so lists are taken apart by `_each` on both.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Date,
    ScalarSelect,
    Select,
    String,
    Subquery,
    Table,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    select,
    true,
    union_all,
)

from callcenter.customers.organization import MOST_BEHIND
from callcenter.store.owed import OPEN_MINOR
from callcenter.store.owed import overdue as overdue_invoices
from callcenter.store.tables import (
    consents,
    customer_figures,
    customer_tags,
    customers,
    deals,
    interactions,
    invoices,
    memberships,
    organization_phones,
    phone_numbers,
    segment_members,
    tasks,
    users,
)
from callcenter.store.types import UtcDateTime

_OPEN: Final[ColumnElement[str]] = literal_column("'open'")
_CARD: Final = ("id", "vip_level", "blocked", "language", "status", "segment")
_WORTH: Final = ("overdue_since", "lifetime_minor", "currency", "abc", "rfm_r", "rfm_f", "rfm_m")


def statement(dialect: str) -> Select[Any]:
    """Parameters: `numbers` (a list; for SQLite its JSON), `today`, `day_ago`, `recent`."""
    callers = _callers(dialect)
    owners = _owners(callers, dialect)
    mine = customers.c.id == owners.c.customer_id
    deal, task = deals.alias("deal"), tasks.alias("task")
    return (
        select(
            *callers.c,
            owners.c.shared,
            *(customers.c[name] for name in _CARD),
            *(customer_figures.c[name] for name in _WORTH),
            _overdue().label("overdue"),
            _person(customers.c.owner_id).label("owner"),
            _spoke_with(interactions.c.customer_id == customers.c.id).label("last_operator"),
            deal.c.id.label("deal_id"),
            deal.c.stage.label("deal_stage"),
            _person(deal.c.owner_id).label("deal_owner"),
            task.c.id.label("task_id"),
            task.c.kind.label("task_kind"),
            _person(task.c.assignee_id).label("task_assignee"),
            _ids(customer_tags, customer_tags.c.tag_id, dialect).label("tags"),
            _ids(segment_members, segment_members.c.segment_id, dialect).label("segments"),
            _latest_consents(dialect).label("consents"),
        )
        .select_from(
            callers.outerjoin(owners, owners.c.number == callers.c.number)
            .outerjoin(customers, and_(mine, customers.c.deleted_at.is_(None)))
            .outerjoin(customer_figures, customer_figures.c.customer_id == customers.c.id)
            .outerjoin(deal, deal.c.id == _open_deal())
            .outerjoin(task, task.c.id == _open_task())
        )
        .order_by(callers.c.number, customers.c.id)
    )


def _callers(dialect: str) -> CTE:
    """Each number with its calls before this one: those that are over, or this one would count."""
    asked = _asked(dialect)
    last = interactions.alias("last")
    theirs = interactions.c.number == asked.c.number
    found = select(
        asked.c.number,
        select(func.count())
        .select_from(interactions)
        .where(theirs, *_came_in(interactions), interactions.c.started_at >= _moment("day_ago"))
        .scalar_subquery()
        .label("calls_today"),
        last.c.started_at.label("last_started_at"),
        last.c.answered_at.label("last_answered_at"),
        last.c.queue.label("last_queue"),
        _spoke_with(theirs).label("spoke_with"),
    ).select_from(asked.outerjoin(last, last.c.id == _last_call(asked.c.number)))
    # Once for a number, however many customers have it.
    return found.cte("callers").prefix_with("MATERIALIZED")


def _asked(dialect: str) -> Any:
    if dialect == "postgresql":
        numbers = cast(bindparam("numbers"), ARRAY(Text))
        return func.unnest(numbers).table_valued("number", name="asked").render_derived()
    listed = func.json_each(bindparam("numbers", type_=String)).table_valued("value")
    return select(listed.c.value.label("number")).subquery("asked")


def _came_in(calls: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        calls.c.direction == "inbound",
        _is_call(calls),
        calls.c.ended_at.is_not(None),
    )


def _is_call(calls: Any) -> ColumnElement[bool]:
    """Not by the index of channels: before any statistics SQLite would read all calls by it."""
    return func.coalesce(calls.c.channel, "") == "call"


def _last_call(number: ColumnElement[Any]) -> ScalarSelect[Any]:
    calls = interactions.alias("their")
    return (
        select(calls.c.id)
        .where(calls.c.number == number, *_came_in(calls))
        .order_by(calls.c.started_at.desc(), calls.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _spoke_with(theirs: ColumnElement[bool]) -> ScalarSelect[Any]:
    return (
        select(_told(users))
        .select_from(interactions.join(users, users.c.id == interactions.c.operator_id))
        .where(
            theirs,
            interactions.c.started_at >= _moment("recent"),
            _is_call(interactions),
            interactions.c.answered_at.is_not(None),
            users.c.active,
        )
        .order_by(interactions.c.started_at.desc(), interactions.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _person(user_id: ColumnElement[Any]) -> ScalarSelect[Any]:
    return select(_told(users)).where(users.c.id == user_id, users.c.active).scalar_subquery()


def _told(people: Table) -> ColumnElement[Any]:
    return cast(people.c.id, String) + ":" + people.c.extension


def _overdue() -> ScalarSelect[Any]:
    today = bindparam("today", type_=Date)
    return (
        select(func.coalesce(func.sum(OPEN_MINOR), 0))
        .where(invoices.c.customer_id == customers.c.id, *overdue_invoices(today))
        .scalar_subquery()
    )


def _open_deal() -> ScalarSelect[Any]:
    one = deals.alias("open_deal")
    return (
        select(one.c.id)
        .where(one.c.customer_id == customers.c.id, one.c.state == _OPEN)
        .order_by(one.c.updated_at.desc(), one.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _open_task() -> ScalarSelect[Any]:
    one = tasks.alias("open_task")
    return (
        select(one.c.id)
        .where(one.c.customer_id == customers.c.id, one.c.state == _OPEN)
        .order_by(one.c.due_at, one.c.id)
        .limit(1)
        .scalar_subquery()
    )


def _ids(table: Table, ids: ColumnElement[Any], dialect: str) -> ScalarSelect[Any]:
    listed = _listed(cast(ids, String), dialect)
    return select(listed).where(table.c.customer_id == customers.c.id).scalar_subquery()


def _latest_consents(dialect: str) -> ScalarSelect[Any]:
    later = consents.alias("later")
    newer = exists().where(
        later.c.customer_id == consents.c.customer_id,
        later.c.channel == consents.c.channel,
        (later.c.at > consents.c.at)
        | ((later.c.at == consents.c.at) & (later.c.id > consents.c.id)),
    )
    given = case((consents.c.given, ":1"), else_=":0")
    listed = _listed(consents.c.channel + given, dialect)
    return select(listed).where(consents.c.customer_id == customers.c.id, ~newer).scalar_subquery()


def _listed(texts: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    join = func.string_agg if dialect == "postgresql" else func.group_concat
    return join(texts, literal_column("','"), type_=String)


def _owners(callers: CTE, dialect: str) -> Subquery:
    """Whose number it is, and who is behind it where it is a switchboard's."""
    own = select(callers.c.number, phone_numbers.c.customer_id, phone_numbers.c.shared).select_from(
        callers.join(phone_numbers, phone_numbers.c.e164 == callers.c.number)
    )
    house = organization_phones.alias("house")
    behind = [
        select(
            callers.c.number, people.c.value.label("customer_id"), true().label("shared")
        ).select_from(callers.join(house, house.c.e164 == callers.c.number).join(people, true()))
        for people in (
            _each(_some(customers.c.id, customers.c.organization_id, house), dialect, "staff"),
            _each(
                _some(memberships.c.customer_id, memberships.c.organization_id, house),
                dialect,
                "members",
            ),
        )
    ]
    return union_all(own, *behind).subquery("owners")


def _some(ids: Any, of: Any, house: Any) -> Select[Any]:
    return (
        select(ids.label("one"))
        .where(of == house.c.organization_id)
        .limit(MOST_BEHIND)
        .correlate(house)
    )


def _each(ids: Select[Any], dialect: str, name: str) -> Any:
    """One row for each of a subquery's values, for each row of what is joined before it."""
    if dialect == "postgresql":
        listed = func.array(ids.scalar_subquery())
        return func.unnest(listed).table_valued("value", name=name).render_derived()
    inner = ids.subquery()
    as_json = select(func.json_group_array(inner.c.one)).scalar_subquery()
    return func.json_each(as_json).table_valued("value", name=name)


def _moment(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=UtcDateTime)
