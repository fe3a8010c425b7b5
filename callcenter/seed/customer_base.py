"""What the demo company knows of its customers beside who they are: fields and tags of its own, a
team, segments, consents, texts to answer with, conversations, a card that is likely there twice.

By the product's own use cases, so that histories and timelines are as in earnest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from callcenter.channels.incoming import Incoming
from callcenter.customers.consents import ConsentDraft
from callcenter.customers.customer import CustomerChanges, CustomerDraft, PhoneDraft
from callcenter.fields.definition import Choice, FieldDraft
from callcenter.rights.teams import Team
from callcenter.runtime import Runtime
from callcenter.seed import company
from callcenter.seed.correspondence import LETTERS, TEMPLATES, Letter
from callcenter.seed.people import Person, people
from callcenter.segments.segment import SegmentDraft
from callcenter.services import (
    consents,
    customers,
    fields,
    inbound,
    reply_templates,
    roles,
    segments,
)
from callcenter.services.conversations import Room

_FIELDS: Final = (
    FieldDraft(
        key="contract",
        label="Contract number",
        labels={"pl": "Numer umowy", "ru": "Номер договора"},
    ),
    FieldDraft(
        key="delivery",
        label="Delivery",
        labels={"pl": "Dostawa", "ru": "Доставка"},
        kind="choice",
        choices=(
            Choice(key="courier", label="Courier", labels={"pl": "Kurier", "ru": "Курьер"}),
            Choice(
                key="pickup", label="Picked up", labels={"pl": "Odbiór własny", "ru": "Самовывоз"}
            ),
        ),
    ),
    FieldDraft(
        key="document",
        label="Identity document",
        labels={"pl": "Dokument tożsamości", "ru": "Документ"},
        sensitive=True,
    ),
)
_SEGMENTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "Owing money": {"field": "debtor", "op": "yes"},
    "Not spoken with for 30 days": {"field": "last_talk_at", "op": "days_ago", "value": 30},
}
_STATUSES: Final = ("active", "active", "lead", "active", "sleeping")
_TAGS: Final = (("wholesale",), (), ("regular",), (), ("regular", "writes rather than calls"))
_TOLD_OF: Final = 40
"""So many cards have more than a name and a number."""


@dataclass(frozen=True, slots=True)
class _Demo:
    """The company as it is so far: people with the ids of their cards, users by log-in."""

    runtime: Runtime
    cards: tuple[tuple[Person, int], ...]
    users: Mapping[str, int]

    @property
    def store(self) -> dict[str, Any]:
        return {"unit_of_work": self.runtime.unit_of_work, "clock": self.runtime.clock}

    @property
    def room(self) -> Room:
        runtime = self.runtime
        return Room(
            unit_of_work=runtime.unit_of_work,
            publisher=runtime.bus,
            clock=runtime.clock,
            key=runtime.settings.secret_key,
            plan=runtime.settings.number_plan,
        )


def fill(runtime: Runtime) -> None:
    """Once, when the company itself has been written."""
    demo = _demo(runtime)
    _settings(demo)
    for place, (_, customer_id) in enumerate(demo.cards[:_TOLD_OF]):
        _tell_more(demo, place, customer_id)
    for letter in LETTERS:
        _receive(demo, letter)
    _write_twice(demo)


def _demo(runtime: Runtime) -> _Demo:
    everyone = [person for person in people() if person.mobile]
    with runtime.unit_of_work() as uow:
        found = uow.customers.find_by_numbers([person.mobile for person in everyone])
        known = [uow.users.by_username(user.username) for user in company.USERS]
    cards = ((one, found[one.mobile][0].id) for one in everyone if one.mobile in found)
    users = {user.username: user.id for user in known if user is not None}
    return _Demo(runtime, tuple(cards), users)


def _settings(demo: _Demo) -> None:
    admin = demo.users["admin"]
    room = fields.FieldRoom(**demo.store)
    for own in _FIELDS:
        fields.add_field(own, room, user_id=admin)
    for template in TEMPLATES:
        reply_templates.save(template, user_id=admin, room=demo.room)
    members = tuple(demo.users[name] for name in ("operator1", "operator2"))
    team = Team(id=0, name="Day shift", lead_id=demo.users["supervisor"], member_ids=members)
    roles.save_team(team, user_id=admin, **demo.store)
    for name, condition in _SEGMENTS.items():
        draft = SegmentDraft(name=name, filter={"all": [dict(condition)]}, shared=True)
        segments.create(draft, user_id=demo.users["supervisor"], **demo.store)


def _tell_more(demo: _Demo, place: int, customer_id: int) -> None:
    by = demo.users[("operator1", "operator2", "operator3")[place % 3]]
    told = {"status": _STATUSES[place % len(_STATUSES)]}
    custom = {"delivery": "courier" if place % 3 else "pickup", "contract": f"K/{1400 + place}"}
    if place % 7 == 0:
        custom["document"] = f"ABC {123456 + place}"
    customers.update_customer(
        customer_id,
        CustomerChanges(fields=told, tags=_TAGS[place % len(_TAGS)], custom=custom),
        version=1,
        plan=demo.runtime.settings.number_plan,
        user_id=by,
        **demo.store,
    )
    if place % 4 == 0:
        consent = ConsentDraft(channel="email", given=place % 8 == 0, source="Order form")
        consents.add_consent(customer_id, consent, user_id=by, **demo.store)


def _receive(demo: _Demo, letter: Letter) -> None:
    person, _ = demo.cards[letter.person]
    is_mail = bool(letter.subject)
    incoming = Incoming(
        channel="email" if is_mail else "sms",
        address=person.email if is_mail else person.mobile,
        account="office@example.invalid" if is_mail else "+48221000001",
        at=demo.runtime.clock.now() - timedelta(minutes=letter.ago),
        text=letter.text,
        external_id=f"<demo-{letter.person}@example.invalid>",
        written_from=person.email if is_mail else person.mobile,
        sender=person.display_name,
        queue=letter.queue,
        subject=letter.subject,
    )
    with demo.runtime.unit_of_work() as uow:
        inbound.take_in(uow, incoming, clock=demo.runtime.clock, plan=demo.room.plan)
        uow.commit()


def _write_twice(demo: _Demo) -> None:
    """Somebody typed in a customer who is there already: a pair for the list of duplicates."""
    person, _ = demo.cards[5]
    customers.create_customer(
        CustomerDraft(
            given_name=person.given_name[:1],
            family_name=person.family_name,
            email=person.email,
            city=person.city,
            phones=(PhoneDraft(number="+48 22 555 77 66"),),
        ),
        plan=demo.runtime.settings.number_plan,
        user_id=demo.users["operator3"],
        **demo.store,
    )
