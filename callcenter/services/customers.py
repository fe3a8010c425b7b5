"""Use cases around a customer's card: make it, change it, say whose a contact was."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, cast

from callcenter.customers.customer import CustomerChanges, CustomerDraft, PhoneDraft, StoredPhone
from callcenter.customers.matching import match_number
from callcenter.customers.names import joined
from callcenter.customers.phone import NumberKind, NumberPlan, PhoneNumber, parse_number
from callcenter.errors import Forbidden, Invalid, NotFound
from callcenter.interactions.interaction import MatchKind
from callcenter.interactions.stored import StoredInteraction
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.services.call_messages import messages_of

UowFactory = Callable[[], UnitOfWork]
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
_HIGHEST_VIP = 3
_MOST_PHONES = 50
_LENGTHS = {
    "display_name": 160,
    "given_name": 80,
    "family_name": 80,
    "organization": 160,
    "position": 80,
    "email": 160,
    "city": 80,
    "block_reason": 160,
    "remarks": 10_000,
}
SUPERVISED = ("vip_level", "blocked", "block_reason", "owner_id")
"""What decides how callers are treated: operators may see it, not set it."""
_FIELDS = frozenset(field.name for field in fields(CustomerDraft)) - {"phones"}


def create_customer(
    draft: CustomerDraft,
    *,
    unit_of_work: UowFactory,
    clock: Clock,
    plan: NumberPlan,
    user_id: int | None,
) -> int:
    """A new card. `user_id` is who makes it. Returns the customer's id."""
    with unit_of_work() as uow:
        customer_id = _add(uow, draft, _phones(draft.phones, plan), clock, user_id)
        uow.commit()
    return customer_id


def update_customer(
    customer_id: int,
    changes: CustomerChanges,
    *,
    version: int,
    unit_of_work: UowFactory,
    clock: Clock,
    plan: NumberPlan,
    user_id: int | None,
) -> int:
    """Change what is named. Conflict if the card is not at `version` any more. The new version."""
    values = _cleaned(changes.fields)
    unknown = sorted(set(values) - _FIELDS)
    if unknown:
        raise Invalid(unknown[0], "is not a field of a customer")
    phones = _phones(changes.phones, plan) if changes.phones is not None else None
    with unit_of_work() as uow:
        _check_may_set(uow, user_id, values)
        _resolve_organization(uow, values, clock)
        _check_owner(uow, values.get("owner_id"))
        new_version = uow.customers.update(customer_id, values, version=version, at=clock.now())
        if phones is not None:
            uow.customers.replace_phones(customer_id, phones)
        _audit(uow, clock, user_id, "customer_changed", customer_id, changed=sorted(changes.fields))
        uow.commit()
    return new_version


def create_customer_from_call(
    interaction_id: int,
    draft: CustomerDraft,
    *,
    unit_of_work: UowFactory,
    publisher: Publisher,
    clock: Clock,
    plan: NumberPlan,
    user_id: int,
) -> int:
    """A new card for whoever this contact was with; the number they called from goes onto it."""
    phones = _phones(draft.phones, plan)
    with unit_of_work() as uow:
        interaction = _existing(uow, interaction_id)
        known = {phone.e164 for phone in phones}
        if interaction.number and interaction.number not in known:
            own = StoredPhone(
                e164=interaction.number, raw=interaction.number_raw, is_primary=not phones
            )
            phones = (own, *phones)
        customer_id = _add(uow, draft, phones, clock, user_id)
        messages = _link(uow, interaction, customer_id, clock, user_id)
        uow.commit()
    publisher.publish(messages)
    return customer_id


def link_interaction(
    interaction_id: int,
    customer_id: int | None,
    *,
    unit_of_work: UowFactory,
    publisher: Publisher,
    clock: Clock,
    user_id: int,
) -> None:
    """A person says whose contact it was, None for nobody we know. That stands, whatever the
    number says later."""
    with unit_of_work() as uow:
        interaction = _existing(uow, interaction_id)
        if customer_id is not None and uow.customers.get(customer_id) is None:
            raise NotFound("customer_id", f"there is no customer {customer_id}")
        messages = _link(uow, interaction, customer_id, clock, user_id)
        uow.commit()
    publisher.publish(messages)


def forget_choice(
    interaction_id: int,
    *,
    unit_of_work: UowFactory,
    publisher: Publisher,
    clock: Clock,
    user_id: int,
) -> None:
    """Takes back what a person said: the contact is whose its number says again."""
    with unit_of_work() as uow:
        interaction = _existing(uow, interaction_id)
        found = uow.customers.find_by_numbers([interaction.number], clock.now().date())
        ids = tuple(one.id for one in found.get(interaction.number, ()))
        match = match_number(_number_of(interaction), ids)
        interaction = replace(interaction, candidate_ids=ids if match == "several" else ())
        only = ids[0] if match == "one" else None
        messages = _link(uow, interaction, only, clock, user_id, match=match)
        uow.commit()
    publisher.publish(messages)


def _number_of(interaction: StoredInteraction) -> PhoneNumber:
    kind = cast("NumberKind", interaction.number_kind)
    return PhoneNumber(kind=kind, raw=interaction.number_raw, e164=interaction.number)


def _link(
    uow: UnitOfWork,
    interaction: StoredInteraction,
    customer_id: int | None,
    clock: Clock,
    user_id: int,
    *,
    match: MatchKind = "chosen",
) -> list[Message]:
    others = interaction.operator_id not in (None, user_id)
    if others and _is_operator(uow, user_id):
        raise Forbidden("interaction", "another operator spoke on this contact")
    uow.interactions.link(interaction.id, customer_id, match)
    uow.audit.record(
        user_id=user_id,
        action="interaction_linked",
        object_type="interaction",
        object_id=str(interaction.id),
        at=clock.now(),
        detail={"customer_id": customer_id, "before": interaction.customer_id},
    )
    linked = replace(interaction, customer_id=customer_id, match=match)
    return messages_of(uow, linked, clock)


def _check_may_set(uow: UnitOfWork, user_id: int | None, values: Mapping[str, Any]) -> None:
    supervised = [name for name in SUPERVISED if name in values]
    if supervised and _is_operator(uow, user_id):
        raise Forbidden(supervised[0], "only a supervisor may set this")


def _is_operator(uow: UnitOfWork, user_id: int | None) -> bool:
    user = uow.users.get(user_id) if user_id is not None else None
    return user is not None and user.role == "operator"


def _existing(uow: UnitOfWork, interaction_id: int) -> StoredInteraction:
    found = uow.interactions.get(interaction_id)
    if found is None:
        raise NotFound("interaction", f"there is no interaction {interaction_id}")
    return found


def _add(
    uow: UnitOfWork,
    draft: CustomerDraft,
    phones: tuple[StoredPhone, ...],
    clock: Clock,
    user_id: int | None,
) -> int:
    set_by_hand = {name: getattr(draft, name) for name in SUPERVISED if getattr(draft, name)}
    _check_may_set(uow, user_id, set_by_hand)
    values = _cleaned({name: getattr(draft, name) for name in _FIELDS})
    values["display_name"] = (
        values["display_name"]
        or joined((values["given_name"], values["family_name"]))
        or values["organization"]
        or (phones[0].e164 if phones else "")
    )
    if not values["display_name"]:
        raise Invalid("display_name", "a customer needs a name or a number")
    _check_owner(uow, values.get("owner_id"))
    clean = CustomerDraft(**values)
    _resolve_organization(uow, values, clock)
    customer_id = uow.customers.add(clean, phones, values["organization_id"], clock.now())
    _audit(uow, clock, user_id, "customer_created", customer_id)
    return customer_id


def _resolve_organization(uow: UnitOfWork, values: dict[str, Any], clock: Clock) -> None:
    """Turns the organisation's name, if it is there, into its id; '' means none."""
    if "organization" in values:
        name = values.pop("organization")
        values["organization_id"] = (
            uow.customers.ensure_organization(name, clock.now()) if name else None
        )


def _check_owner(uow: UnitOfWork, owner_id: int | None) -> None:
    if owner_id is not None and uow.users.get(owner_id) is None:
        raise Invalid("owner_id", f"there is no user {owner_id}")


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    """Trimmed and checked, field by field."""
    clean: dict[str, Any] = {k: v.strip() if isinstance(v, str) else v for k, v in values.items()}
    for field, longest in _LENGTHS.items():
        if len(clean.get(field) or "") > longest:
            raise Invalid(field, f"must have at most {longest} characters")
    if clean.get("email") and not _EMAIL.fullmatch(clean["email"]):
        raise Invalid("email", "is not an e-mail address")
    if clean.get("language") and not _LANGUAGE.fullmatch(clean["language"]):
        raise Invalid("language", "must be a language code such as pl")
    if not 0 <= clean.get("vip_level", 0) <= _HIGHEST_VIP:
        raise Invalid("vip_level", f"must be 0 to {_HIGHEST_VIP}")
    return clean


def _phones(drafts: tuple[PhoneDraft, ...], plan: NumberPlan) -> tuple[StoredPhone, ...]:
    """Normalised, each once; one of them is the main one."""
    if len(drafts) > _MOST_PHONES:
        raise Invalid("phones", f"at most {_MOST_PHONES} numbers")
    found: dict[tuple[str, str], StoredPhone] = {}
    for place, draft in enumerate(drafts):
        phone = _phone(place, draft, plan)
        found.setdefault((phone.e164, phone.extension), phone)
    phones = list(found.values())
    main = next((n for n, phone in enumerate(phones) if phone.is_primary), 0)
    return tuple(replace(phone, is_primary=n == main) for n, phone in enumerate(phones))


def _phone(place: int, draft: PhoneDraft, plan: NumberPlan) -> StoredPhone:
    parsed = parse_number(draft.number, plan, internal_allowed=False)
    if not parsed.e164:
        raise Invalid(f"phones.{place}.number", "is not a telephone number we can read")
    return StoredPhone(
        e164=parsed.e164,
        extension=parsed.extension,
        kind=draft.kind,
        is_primary=draft.is_primary,
        raw=draft.number.strip(),
    )


def _audit(
    uow: UnitOfWork,
    clock: Clock,
    user_id: int | None,
    action: str,
    customer_id: int,
    *,
    changed: Sequence[str] = (),
) -> None:
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type="customer",
        object_id=str(customer_id),
        at=clock.now(),
        detail={"fields": list(changed)},
    )
