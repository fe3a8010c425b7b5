"""Writes the demo company into one transaction: users, customers, trade, past calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from callcenter.accounts.user import Role, UserDraft
from callcenter.customers.customer import CustomerDraft, StoredPhone
from callcenter.customers.phone import NumberPlan, parse_number
from callcenter.interactions.interaction import InteractionRow, interaction_of, outside_number
from callcenter.ports import UnitOfWork
from callcenter.seed import chats, sales
from callcenter.seed.history import PastCall, history
from callcenter.seed.hours import add_hours
from callcenter.seed.menus import add_menu
from callcenter.seed.people import SWITCHBOARD, Person, people
from callcenter.seed.routing import add_routing
from callcenter.seed.tasks import add_tasks
from callcenter.seed.trade import trade
from callcenter.seed.waiting import add_waiting

_ZONES = {"RU": "Europe/Moscow", "GB": "Europe/London"}


LEADERS_PHONE = "1004"
"""The supervisor's own: by it they step into calls. It is in no queue."""


def _user(name: str, shown: str, role: Role, extension: str, locale: str) -> UserDraft:
    return UserDraft(
        username=name,
        display_name=shown,
        role=role,
        endpoint=f"PJSIP/{extension}" if extension else "",
        extension=extension,
        locale=locale,
    )


USERS = (
    _user("operator1", "Anna Zielińska", "operator", "1001", "en"),
    _user("operator2", "Игорь Соколов", "operator", "1002", "ru"),
    _user("operator3", "Piotr Mazurek", "operator", "1003", "pl"),
    _user("supervisor", "Emma Clarke", "supervisor", LEADERS_PHONE, "en"),
    _user("admin", "Marek Wójcik", "admin", "", "en"),
)
_OPERATORS = tuple(user.username for user in USERS if user.role == "operator")
_SKILLS = {
    "operator1": {"support": 8, "sales": 5, "vip": 7},
    "operator2": {"support": 7, "sales": 6, "vip": 9},
    "operator3": {"support": 6, "sales": 9, "vip": 5, "debtors": 8},
}
"""The queues that the PBX's plan gives them as well, so that they can be moved between them."""


def fill(uow: UnitOfWork, hashes: Mapping[str, str], now: datetime, region: str) -> None:
    zone = _ZONES.get(region, "Europe/Warsaw")
    users = {
        user.username: uow.users.add(replace(user, time_zone=zone), hashes[user.username], now)
        for user in USERS
    }
    for name, levels in _SKILLS.items():
        for skill, level in levels.items():
            uow.staffing.set_skill(users[name], skill, level)
    everyone = people()
    operators = [users[name] for name in _OPERATORS]
    ids = _add_customers(uow, everyone, operators, now)
    uow.chats.save_widget(chats.WIDGET)
    sales.add_trees(uow)
    sales.add_scripts(uow, region, now)
    add_hours(uow, now, region, zone)
    add_routing(uow, users["supervisor"], now)
    owes = next(at for at, person in enumerate(everyone) if person.story == "debtor")
    add_menu(uow, ids[owes], users["supervisor"], now)
    sales.add_deals(uow, everyone, ids, operators, now)
    add_tasks(uow, everyone, ids, operators, now)
    add_waiting(uow, everyone, ids, now)
    _add_history(uow, history(everyone, now, len(operators)), ids, operators)


def renew_passwords(uow: UnitOfWork, hashes: Mapping[str, str]) -> None:
    for name, hashed in hashes.items():
        user = uow.users.by_username(name)
        if user is not None:
            uow.users.set_password(user.id, hashed, end_sessions=True)


def give_phone(uow: UnitOfWork) -> None:
    """To the supervisor of a demo that was made before they had one, if nobody has taken it."""
    leader = next(user for user in USERS if user.extension == LEADERS_PHONE)
    found = uow.users.by_username(leader.username)
    if found is None or found.endpoint or leader.endpoint in uow.users.endpoint_map():
        return
    uow.users.update(found.id, {"endpoint": leader.endpoint, "extension": leader.extension})


def operators_phones(uow: UnitOfWork) -> dict[str, int]:
    """Device → user of those who take calls from the queues."""
    found = (uow.users.by_username(name) for name in _OPERATORS)
    return {user.endpoint: user.id for user in found if user is not None and user.endpoint}


def _add_customers(
    uow: UnitOfWork, everyone: Sequence[Person], operators: Sequence[int], now: datetime
) -> list[int]:
    ids = []
    traded = trade(everyone, now.date())
    for index, person in enumerate(everyone):
        firm = person.organization
        organization_id = uow.customers.ensure_organization(firm, now) if firm else None
        owner_id = operators[index % len(operators)] if index % 2 else None
        draft = _draft(person, owner_id)
        since = now - timedelta(days=120 + 17 * index % 900)  # before the first call of the history
        customer_id = uow.customers.add(draft, _phones(person), organization_id, since)
        bought = traded[index]
        uow.trade.add(customer_id, bought.orders, bought.invoices, bought.visits)
        ids.append(customer_id)
    return ids


def _draft(person: Person, owner_id: int | None) -> CustomerDraft:
    blocked = person.story == "blocked"
    return CustomerDraft(
        display_name=person.display_name,
        given_name=person.given_name,
        family_name=person.family_name,
        position=person.position,
        email=person.email,
        language=person.culture.language,
        city=person.city,
        vip_level=person.vip_level,
        blocked=blocked,
        block_reason="Threatened our staff on the phone, twice." if blocked else "",
        owner_id=owner_id,
        remarks=person.remarks,
        status="active",
        segment="small" if person.organization else "private",
    )


def _phones(person: Person) -> list[StoredPhone]:
    return [
        StoredPhone(
            e164=number,
            kind="mobile" if number == person.mobile else "work",
            is_primary=number == person.numbers[0],
            raw=number,
            shared=number == SWITCHBOARD,
        )
        for number in person.numbers
    ]


def _add_history(
    uow: UnitOfWork, calls: Sequence[PastCall], ids: Sequence[int], operators: Sequence[int]
) -> None:
    endpoints = uow.users.endpoint_map()
    uow.calls.save_many([call.record for call in calls], endpoints)
    owners = _owners_by_number(ids)
    written = uow.interactions.upsert_many(
        [_interaction(call, owners, endpoints) for call in calls]
    )
    for call in calls:
        if call.note and call.record.ended_at is not None:
            uow.notes.save(
                author_id=operators[call.operator],
                text=call.note,
                at=call.record.ended_at,
                interaction_id=written[call.record.id],
            )
    sales.add_outcomes(uow, calls, written, operators)


def _interaction(
    call: PastCall, owners: Mapping[str, Sequence[int]], endpoints: Mapping[str, int]
) -> InteractionRow:
    outside = outside_number(call.record)
    number = parse_number(outside, NumberPlan(), internal_allowed=False)
    row = interaction_of(call.record, number, owners[number.e164], endpoints)
    if row.match == "several" and call.note:  # whoever spoke with them said which one it was
        return replace(row, customer_id=_one_of(call, owners), match="chosen", candidate_ids=())
    return row


def _one_of(call: PastCall, owners: Mapping[str, Sequence[int]]) -> int:
    """Which of those who share the number it was."""
    candidates = owners[outside_number(call.record)]
    return candidates[call.person % len(candidates)]


def _owners_by_number(ids: Sequence[int]) -> dict[str, list[int]]:
    owners: dict[str, list[int]] = {}
    for customer_id, person in zip(ids, people(), strict=True):
        for number in person.numbers:
            owners.setdefault(number, []).append(customer_id)
    return owners
