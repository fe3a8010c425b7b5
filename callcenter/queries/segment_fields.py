"""Each field that filters know, as SQL over `customers`: a condition on a column of it, or
belonging to a set that an index finds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    and_,
    false,
    literal_column,
    not_,
    or_,
    select,
    true,
    union_all,
)

from callcenter.customers.names import prefix_end
from callcenter.finding.words import key_of
from callcenter.queries import segment_contacts, word_search
from callcenter.queries.segment_parts import (
    Context,
    Set,
    among_told,
    compared,
    filled,
    has,
    member,
    of_column,
)
from callcenter.segments.tree import Condition
from callcenter.segments.values import scaled
from callcenter.store.owed import overdue
from callcenter.store.tables import (
    consents,
    contact_points,
    custom_values,
    customer_figures,
    customer_tags,
    customer_words,
    customers,
    deals,
    invoices,
    memberships,
    phone_numbers,
    tasks,
)

_MILLION: Final = 1_000_000


def of_field(context: Context, one: Condition) -> ColumnElement[bool]:
    if one.field.startswith("custom:"):
        return _own(context, one)
    return _BUILTIN[one.field](context, one)


def _name(context: Context, one: Condition) -> ColumnElement[bool]:
    """Words of the name or organisation that begin so, in any alphabet."""
    wanted = word_search.wanted_words(str(one.value))
    ways = [
        member(
            context,
            select(customer_words.c.customer_id).where(
                customer_words.c.word >= key_of(word.word),
                customer_words.c.word < prefix_end(key_of(word.word)),
            ),
        )
        for word in wanted
        if key_of(word.word)
    ]
    return and_(*ways) if ways else false()


def _organization(context: Context, one: Condition) -> ColumnElement[bool]:
    column = customers.c.organization_id
    if one.op in ("filled", "empty"):
        return compared(context, column, one)
    further = select(memberships.c.customer_id).where(
        among_told(context, memberships.c.organization_id, one.value)
    )
    if context.by_row:
        inside = or_(
            and_(column.is_not(None), among_told(context, column, one.value)),
            member(context, further),
        )
        return inside if one.op == "in" else not_(inside)
    own = customers.alias()
    mine = select(own.c.id).where(among_told(context, own.c.organization_id, one.value))
    return has(context, one, select(union_all(mine, further).subquery().c[0]))


def _tag(context: Context, one: Condition) -> ColumnElement[bool]:
    query = select(customer_tags.c.customer_id)
    if one.value:
        query = query.where(among_told(context, customer_tags.c.tag_id, one.value))
    return has(context, one, query)


def _vip(_context: Context, one: Condition) -> ColumnElement[bool]:
    """The number is written out: a partial index must recognise its own condition."""
    zero: ColumnElement[int] = literal_column("0")
    column = customers.c.vip_level
    return column > zero if one.op == "yes" else column == zero


def _flag(column: Column[bool]) -> Callable[[Context, Condition], ColumnElement[bool]]:
    """Bare, as the partial indexes have it."""

    def compiled(_context: Context, one: Condition) -> ColumnElement[bool]:
        return column if one.op == "yes" else ~column

    return compiled


def _phone(context: Context, one: Condition) -> ColumnElement[bool]:
    query = select(phone_numbers.c.customer_id)
    if one.op == "begins":
        start = "+" + str(one.value).lstrip("+").replace(" ", "")
        query = query.where(phone_numbers.c.e164 >= start, phone_numbers.c.e164 < prefix_end(start))
    return has(context, one, query)


def _contact(*kinds: str) -> Callable[[Context, Condition], ColumnElement[bool]]:
    def compiled(context: Context, one: Condition) -> ColumnElement[bool]:
        columns = contact_points.c
        query = select(columns.customer_id).where(columns.kind.in_(kinds))
        if one.value is not None:
            key = str(one.value).casefold()
            query = query.where(
                and_(columns.value_key >= key, columns.value_key < prefix_end(key))
                if one.op == "begins"
                else columns.value_key == key
            )
        return has(context, one, query)

    return compiled


def _consent(context: Context, one: Condition) -> ColumnElement[bool]:
    """The latest word counts; of a channel that nobody spoke of nothing is known."""
    channel = one.field.removeprefix("consent_")
    ways = []
    for wanted in one.value:
        said = consents.alias()
        query = select(said.c.customer_id).where(said.c.channel == channel)
        if wanted == "unknown":
            ways.append(not_(member(context, query)))
            continue
        later = consents.alias()
        after = or_(later.c.at > said.c.at, and_(later.c.at == said.c.at, later.c.id > said.c.id))
        query = query.where(
            said.c.given == (true() if wanted == "given" else false()),
            ~select(1)
            .where(later.c.customer_id == said.c.customer_id, later.c.channel == channel, after)
            .exists(),
        )
        ways.append(member(context, query))
    return not_(or_(*ways)) if one.op == "not_in" else or_(*ways)


def _debtor(context: Context, one: Condition) -> ColumnElement[bool]:
    query = select(invoices.c.customer_id).where(*overdue(context.today))
    return has(context, one, query)


def _figure(name: str) -> Callable[[Context, Condition], ColumnElement[bool]]:
    """Who has no figures has nothing: an amount of 0, no day, no class."""
    column = customer_figures.c[name]

    def compiled(context: Context, one: Condition) -> ColumnElement[bool]:
        query = select(customer_figures.c.customer_id)
        if one.op == "empty" and not context.by_row:
            return member(context, _without(column))
        if one.op == "days_ago":
            recent = Condition(one.field, "within_days", one.value)
            return not_(member(context, query.where(compared(context, column, recent))))
        if one.op in ("empty", "not_in"):
            contrary = Condition(one.field, "filled" if one.op == "empty" else "in", one.value)
            return not_(member(context, query.where(compared(context, column, contrary))))
        if _holds_for_nothing(one) and not column.nullable:
            return not_(member(context, query.where(not_(compared(context, column, one)))))
        return member(context, query.where(compared(context, column, one)))

    return compiled


def _without(column: Column[Any]) -> Set:
    """Those whose figures say nothing, and those without figures: two index ranges, where leaving
    out all who have it would read everyone's figures."""
    nothing = select(customer_figures.c.customer_id).where(not_(filled(column)))
    bare = customers.alias()
    none = select(bare.c.id).where(
        bare.c.deleted_at.is_(None),
        ~select(1).where(customer_figures.c.customer_id == bare.c.id).exists(),
    )
    return select(union_all(nothing, none).subquery().c[0])


def _holds_for_nothing(one: Condition) -> bool:
    """Whether 0 answers the condition."""
    if one.op == "at_least":
        return bool(one.value <= 0)
    if one.op == "at_most":
        return bool(one.value >= 0)
    return one.op == "between" and bool(one.value[0] <= 0 <= one.value[1])


def _open_deal(context: Context, one: Condition) -> ColumnElement[bool]:
    return has(context, one, select(deals.c.customer_id).where(deals.c.state == "open"))


def _open_task(context: Context, one: Condition) -> ColumnElement[bool]:
    """The state is written out: the partial indexes must recognise their own condition."""
    query = select(tasks.c.customer_id).where(
        tasks.c.state == literal_column("'open'"), tasks.c.customer_id.is_not(None)
    )
    if one.field == "overdue_task":
        query = query.where(tasks.c.due_at < context.now)
    return has(context, one, query)


def _own(context: Context, one: Condition) -> ColumnElement[bool]:
    """A field of the company's own. One that was put away since holds for nobody."""
    known = context.own.get(one.field.removeprefix("custom:"))
    if known is None:
        return false()
    field_id, kind = known
    columns = custom_values.c
    column: Any = {"number": columns.number, "money": columns.number, "date": columns.day}.get(
        kind, columns.text
    )
    query = select(columns.object_id).where(columns.field_id == field_id)
    if one.op in ("filled", "empty"):
        return has(context, one, query)
    told = Condition(one.field, one.op, _as_kept(kind, one.value))
    if one.op in ("is_not", "not_in"):
        contrary = Condition(one.field, "is" if one.op == "is_not" else "in", told.value)
        return not_(member(context, query.where(compared(context, column, contrary))))
    if one.op == "days_ago":
        recent = Condition(one.field, "within_days", one.value)
        return not_(member(context, query.where(compared(context, column, recent))))
    return member(context, query.where(compared(context, column, told)))


def _as_kept(kind: str, value: Any) -> Any:
    if kind != "number":
        return value
    if isinstance(value, tuple):
        return tuple(scaled(one, _MILLION) for one in value)
    return scaled(value, _MILLION)


_BUILTIN: Final[Mapping[str, Callable[[Context, Condition], ColumnElement[bool]]]] = {
    "name": _name,
    "status": of_column(customers.c.status),
    "segment": of_column(customers.c.segment),
    "owner": of_column(customers.c.owner_id),
    "organization": _organization,
    "city": of_column(customers.c.city),
    "language": of_column(customers.c.language),
    "tag": _tag,
    "vip": _vip,
    "vip_level": of_column(customers.c.vip_level),
    "blocked": _flag(customers.c.blocked),
    "confirmed": _flag(customers.c.confirmed),
    "created_at": of_column(customers.c.created_at),
    "updated_at": of_column(customers.c.updated_at),
    "phone": _phone,
    "email": _contact("email"),
    "messenger": _contact("telegram", "whatsapp", "viber", "messenger"),
    **{f"consent_{one}": _consent for one in ("call", "sms", "email", "messenger", "post")},
    "debtor": _debtor,
    "overdue": _figure("overdue_minor"),
    "overdue_since": _figure("overdue_since"),
    "lifetime": _figure("lifetime_minor"),
    "average": _figure("average_minor"),
    "orders": _figure("orders"),
    "last_order_on": _figure("last_order_on"),
    "visits_year": _figure("visits_year"),
    "last_visit_on": _figure("last_visit_on"),
    "abc": _figure("abc"),
    "rfm_r": _figure("rfm_r"),
    "rfm_f": _figure("rfm_f"),
    "rfm_m": _figure("rfm_m"),
    "last_talk_at": _figure("last_talk_at"),
    "last_contact_at": _figure("last_contact_at"),
    "contacts": segment_contacts.so_many,
    "last_outcome": segment_contacts.last_outcome,
    "open_deal": _open_deal,
    "open_task": _open_task,
    "overdue_task": _open_task,
}
