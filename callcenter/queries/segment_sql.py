"""A filter as SQL over `customers`: each condition on a column of it, or on belonging to a set of
customers that an index finds. Negation goes down to the single condition, where it stays a set
that the database can leave out as one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    and_,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    union_all,
)

from callcenter.customers.names import prefix_end
from callcenter.finding.words import key_of
from callcenter.queries import word_search
from callcenter.segments.tree import Condition, Group
from callcenter.segments.values import Me, scaled
from callcenter.store.owed import overdue
from callcenter.store.sets import among
from callcenter.store.tables import (
    consents,
    contact_points,
    custom_values,
    customer_figures,
    customer_tags,
    customer_words,
    customers,
    deals,
    interaction_outcomes,
    interactions,
    invoices,
    memberships,
    phone_numbers,
    segment_members,
    tasks,
)

Set = Select[tuple[int]]
_MILLION: Final = 1_000_000
_FEW: Final = 5_000


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, and when. `own`: the company's fields by key, as (id, kind)."""

    connection: Connection
    now: datetime
    today: date
    user_id: int = 0
    own: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    live: Mapping[int, Group] = field(default_factory=dict)
    """The filters of live segments that the filter speaks of."""
    by_row: bool = False
    """Whether sets are looked up for each customer (right where many are found), or made once."""


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
    if one.field.startswith("custom:"):
        found = _own(context, one)
    else:
        found = _BUILTIN[one.field](context, one)
    return not_(found) if negated else found


# --- parts that several fields share --------------------------------------------------------------


def member(context: Context, people: Set) -> ColumnElement[bool]:
    """Belonging to a set: looked up for each customer, or made once and joined with. SQLite makes
    it once when asked by IN; PostgreSQL joins when asked by EXISTS, and under NOT it leaves it out
    however large it is."""
    column = people.selected_columns[0]
    if context.by_row:
        return people.where(column == customers.c.id).limit(1).scalar_subquery().is_not(None)
    if context.connection.dialect.name == "sqlite":
        return customers.c.id.in_(people)
    found = people.subquery()
    return select(1).where(found.c[0] == customers.c.id).exists()


def _has(context: Context, condition: Condition, people: Set) -> ColumnElement[bool]:
    """`people` are those who have it; for the operators that ask the contrary, all others."""
    inside = member(context, people)
    return not_(inside) if condition.op in ("no", "not_in", "is_not", "empty") else inside


def _column(column: Column[Any]) -> Callable[[Context, Condition], ColumnElement[bool]]:
    def compiled(context: Context, one: Condition) -> ColumnElement[bool]:
        return _compared(context, column, one)

    return compiled


def _compared(context: Context, column: Any, one: Condition) -> ColumnElement[bool]:
    return _COMPARED[one.op](context, column, one.value)


def _among(context: Context, column: Any, values: tuple[Any, ...]) -> ColumnElement[bool]:
    plain = [context.user_id if isinstance(value, Me) else value for value in values]
    return among(context.connection, column, plain)


_COMPARED: Final[Mapping[str, Callable[[Context, Any, Any], ColumnElement[bool]]]] = {
    "is": lambda _c, column, value: column == value,
    "is_not": lambda _c, column, value: column != value,
    "begins": lambda _c, column, value: and_(column >= value, column < prefix_end(value)),
    "in": _among,
    "not_in": lambda context, column, values: or_(
        column.is_(None), not_(_among(context, column, values))
    ),
    "at_least": lambda _c, column, value: column >= value,
    "at_most": lambda _c, column, value: column <= value,
    "after": lambda _c, column, day: column >= _moment(column, day),
    "before": lambda _c, column, day: column < _moment(column, day),
    "between": lambda _c, column, two: and_(
        column >= _moment(column, two[0]), column <= _end(column, two[1])
    ),
    "within_days": lambda context, column, days: column >= _ago(context, column, days),
    "days_ago": lambda context, column, days: column < _ago(context, column, days),
    "filled": lambda _c, column, _value: _filled(column),
    "empty": lambda _c, column, _value: not_(_filled(column)),
}


def _filled(column: Any) -> ColumnElement[bool]:
    if column.nullable:
        return column.is_not(None)  # type: ignore[no-any-return]
    return column != literal_column("''")  # type: ignore[no-any-return]


def _is_moment(column: Any) -> bool:
    return str(column.name).endswith("_at")


def _moment(column: Any, value: Any) -> Any:
    """A day, where the column is of moments: its beginning."""
    if _is_moment(column) and isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    return value


def _end(column: Any, value: Any) -> Any:
    if _is_moment(column) and isinstance(value, date):
        return datetime.combine(value, time.max, UTC)
    return value


def _ago(context: Context, column: Any, days: int) -> Any:
    past = timedelta(days=min(days, context.today.toordinal() - 1))
    return context.now - past if _is_moment(column) else context.today - past


# --- the built-in fields --------------------------------------------------------------------------


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
        return _compared(context, column, one)
    further = select(memberships.c.customer_id).where(
        _among(context, memberships.c.organization_id, one.value)
    )
    if context.by_row:
        inside = or_(
            and_(column.is_not(None), _among(context, column, one.value)), member(context, further)
        )
        return inside if one.op == "in" else not_(inside)
    own = customers.alias()
    mine = select(own.c.id).where(_among(context, own.c.organization_id, one.value))
    return _has(context, one, select(union_all(mine, further).subquery().c[0]))


def _tag(context: Context, one: Condition) -> ColumnElement[bool]:
    query = select(customer_tags.c.customer_id)
    if one.value:
        query = query.where(_among(context, customer_tags.c.tag_id, one.value))
    return _has(context, one, query)


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
    return _has(context, one, query)


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
        return _has(context, one, query)

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
    return _has(context, one, query)


def _figure(name: str) -> Callable[[Context, Condition], ColumnElement[bool]]:
    """Who has no figures has nothing: an amount of 0, no day, no class."""
    column = customer_figures.c[name]

    def compiled(context: Context, one: Condition) -> ColumnElement[bool]:
        query = select(customer_figures.c.customer_id)
        if one.op == "empty" and not context.by_row:
            return member(context, _without(column))
        if one.op == "days_ago":
            recent = Condition(one.field, "within_days", one.value)
            return not_(member(context, query.where(_compared(context, column, recent))))
        if one.op in ("empty", "not_in"):
            contrary = Condition(one.field, "filled" if one.op == "empty" else "in", one.value)
            return not_(member(context, query.where(_compared(context, column, contrary))))
        if _holds_for_nothing(one) and not column.nullable:
            return not_(member(context, query.where(not_(_compared(context, column, one)))))
        return member(context, query.where(_compared(context, column, one)))

    return compiled


def _without(column: Column[Any]) -> Set:
    """Those whose figures say nothing, and those without figures: two index ranges, where leaving
    out all who have it would read everyone's figures."""
    nothing = select(customer_figures.c.customer_id).where(not_(_filled(column)))
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


def _contacts(context: Context, one: Condition) -> ColumnElement[bool]:
    """So many calls (or mails, chats …) in the last days."""
    value: Mapping[str, Any] = one.value
    columns = interactions.c
    found = [
        columns.customer_id.is_not(None),
        columns.started_at >= context.now - timedelta(days=value["days"]),
        *(
            columns[name] == value[name]
            for name in ("direction", "result", "queue", "channel")
            if name in value
        ),
    ]
    query = select(columns.customer_id).where(*found).group_by(columns.customer_id)
    least = value["count"] if one.op == "at_least" else value["count"] + 1
    if least <= 0:
        return true()
    query = query.having(func.count() >= least) if least > 1 else query
    inside = _counted(context, query) if least > 1 else member(context, query)
    return inside if one.op == "at_least" else not_(inside)


def _counted(context: Context, people: Set) -> ColumnElement[bool]:
    """No planner knows how many have so many of something: they are read first, if they are few."""
    if context.by_row:
        return member(context, people)
    few = list(context.connection.scalars(people.limit(_FEW + 1)))
    if len(few) <= _FEW:
        return among(context.connection, customers.c.id, few)
    return member(context, people)


def _last_outcome(context: Context, one: Condition) -> ColumnElement[bool]:
    """The outcome of the latest contact that has one."""
    given, contact = interaction_outcomes.alias(), interactions.alias()
    later, later_given = interactions.alias(), interaction_outcomes.alias()
    after = or_(
        later.c.started_at > contact.c.started_at,
        and_(later.c.started_at == contact.c.started_at, later.c.id > contact.c.id),
    )
    query = (
        select(contact.c.customer_id)
        .join(given, given.c.interaction_id == contact.c.id)
        .where(
            contact.c.customer_id.is_not(None),
            _among(context, given.c.outcome_id, one.value),
            ~select(1)
            .select_from(later.join(later_given, later_given.c.interaction_id == later.c.id))
            .where(later.c.customer_id == contact.c.customer_id, after)
            .exists(),
        )
    )
    return member(context, query)


def _open_deal(context: Context, one: Condition) -> ColumnElement[bool]:
    return _has(context, one, select(deals.c.customer_id).where(deals.c.state == "open"))


def _open_task(context: Context, one: Condition) -> ColumnElement[bool]:
    """The state is written out: the partial indexes must recognise their own condition."""
    query = select(tasks.c.customer_id).where(
        tasks.c.state == literal_column("'open'"), tasks.c.customer_id.is_not(None)
    )
    if one.field == "overdue_task":
        query = query.where(tasks.c.due_at < context.now)
    return _has(context, one, query)


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
            _among(context, segment_members.c.segment_id, frozen)
        )
        ways.append(member(context, members))
    return not_(or_(*ways)) if one.op == "not_in" else or_(*ways)


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
        return _has(context, one, query)
    told = Condition(one.field, one.op, _as_kept(kind, one.value))
    if one.op in ("is_not", "not_in"):
        contrary = Condition(one.field, "is" if one.op == "is_not" else "in", told.value)
        return not_(member(context, query.where(_compared(context, column, contrary))))
    if one.op == "days_ago":
        recent = Condition(one.field, "within_days", one.value)
        return not_(member(context, query.where(_compared(context, column, recent))))
    return member(context, query.where(_compared(context, column, told)))


def _as_kept(kind: str, value: Any) -> Any:
    if kind != "number":
        return value
    if isinstance(value, tuple):
        return tuple(scaled(one, _MILLION) for one in value)
    return scaled(value, _MILLION)


_BUILTIN: Final[Mapping[str, Callable[[Context, Condition], ColumnElement[bool]]]] = {
    "name": _name,
    "status": _column(customers.c.status),
    "segment": _column(customers.c.segment),
    "owner": _column(customers.c.owner_id),
    "organization": _organization,
    "city": _column(customers.c.city),
    "language": _column(customers.c.language),
    "tag": _tag,
    "vip": _vip,
    "vip_level": _column(customers.c.vip_level),
    "blocked": _flag(customers.c.blocked),
    "confirmed": _flag(customers.c.confirmed),
    "created_at": _column(customers.c.created_at),
    "updated_at": _column(customers.c.updated_at),
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
    "contacts": _contacts,
    "last_outcome": _last_outcome,
    "open_deal": _open_deal,
    "open_task": _open_task,
    "overdue_task": _open_task,
    "in_segment": _in_segment,
}
