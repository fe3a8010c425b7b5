"""What rules may name: queues, tags, calendars, menus… each list with the words it is shown by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Select, select

from callcenter.accounts.user import LOCALES
from callcenter.fields.definition import FieldDef
from callcenter.queries import fields, hours, pbx_plan
from callcenter.routing.checks import Known
from callcenter.sales.deal import STAGES
from callcenter.speech.builtin import BUILTIN
from callcenter.store import staffing_rows
from callcenter.store.tables import menus, pbx_plans, prompts, segments, users

Choices = Mapping[str, Mapping[str, str]]
"""List → value → words; '' for words that the door knows."""
# What the reference dialplan has before anybody planned queues of their own.
_FIRST_QUEUES: Final = ("support", "sales", "vip", "debtors")
PREFIX: Final = "outbound_prefix"
"""How numbers begin that a telephone system may call."""
QUEUE_RESULTS: Final = ("TIMEOUT", "FULL", "JOINEMPTY", "LEAVEEMPTY", "JOINUNAVAIL", "LEAVEUNAVAIL")
CHANNELS: Final = ("call", "sms", "email", "messenger", "post")


def choices(connection: Connection, locale: str) -> Choices:
    numbers = pbx_plan.numbers(connection)
    queues = {one.target: one.title for one in numbers if one.kind == "queue" and one.target}
    kept = staffing_rows.queues(connection)
    queues |= {name: one.title or queues.get(name, "") for name, one in kept.items()}
    if not queues:
        queues = dict.fromkeys(_FIRST_QUEUES, "")
    people = list(_people(connection))
    kept_menus = select(menus.c.key, menus.c.title).where(menus.c.deleted_at.is_(None))
    lists = fields.choices(connection)
    return {
        "queue": queues,
        "calendar": {one.key: one.title for one in hours.all_calendars(connection)},
        "menu": _keys(connection, kept_menus),
        "prompt": dict.fromkeys(BUILTIN, "")
        | _keys(connection, select(prompts.c.key, prompts.c.title)),
        "box": {
            **queues,
            **{extension: name for _id, name, extension in people if extension},
        },
        "tag": {str(one.id): one.name for one in fields.all_tags(connection)},
        "saved_segment": _frozen(connection),
        "operator": {str(user_id): name for user_id, name, _extension in people},
        "status": _choices_of(lists, "status", locale),
        "segment": _choices_of(lists, "segment", locale),
        "dialed": {one.number: one.title for one in numbers if one.kind == "did"},
        "language": dict.fromkeys(LOCALES, ""),
        "channel": dict.fromkeys(CHANNELS, ""),
        "stage": dict.fromkeys(STAGES, ""),
        "abc": dict.fromkeys("ABC", ""),
        "weekday": dict.fromkeys("1234567", ""),
        "queue_result": dict.fromkeys(QUEUE_RESULTS, ""),
        PREFIX: dict.fromkeys(_prefixes(connection), ""),
    }


def known(choices: Choices) -> Known:
    """A list of our numbers that nobody has written down says nothing about other numbers; nor do
    prefixes that no plan names."""
    lists = {name: set(values) for name, values in choices.items()}
    if not lists["dialed"]:
        del lists["dialed"]
    prefixes = tuple(choices[PREFIX])
    return Known(lists=lists, reachable=_beginning(prefixes) if prefixes else None)


def _beginning(prefixes: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda number: number.startswith(prefixes)


def _prefixes(connection: Connection) -> Iterator[str]:
    for plan in connection.scalars(select(pbx_plans.c.plan)):
        yield from plan.get("outbound_prefixes", ())


def _people(connection: Connection) -> Iterator[tuple[int, str, str]]:
    query = (
        select(users.c.id, users.c.display_name, users.c.extension)
        .where(users.c.active)
        .order_by(users.c.display_name, users.c.id)
    )
    for one in connection.execute(query):
        yield one.id, one.display_name, one.extension


def _frozen(connection: Connection) -> dict[str, str]:
    """A live segment has no members before it is asked, and a call does not wait for that."""
    query = select(segments.c.id, segments.c.name).where(segments.c.frozen)
    return {str(one.id): one.name for one in connection.execute(query.order_by(segments.c.name))}


def _keys(connection: Connection, query: Select[Any]) -> dict[str, str]:
    return {one.key: one.title for one in connection.execute(query)}


def _choices_of(lists: Mapping[str, FieldDef], name: str, locale: str) -> dict[str, str]:
    field = lists.get(name)
    return {one.key: one.title(locale) for one in field.choices} if field is not None else {}
