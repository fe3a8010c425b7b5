"""Use cases around a customer's card: make it, change it, put it away, say whose a contact was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, cast

from callcenter.customers.contacts import MembershipDraft
from callcenter.customers.customer import (
    CustomerChanges,
    CustomerDraft,
    NumberOwners,
    StoredPhone,
)
from callcenter.customers.matching import match_number
from callcenter.customers.names import joined
from callcenter.customers.phone import NumberKind, NumberPlan, PhoneNumber
from callcenter.customers.visible import one_line
from callcenter.errors import Forbidden, Invalid, NotFound
from callcenter.fields.definition import FieldDef, FieldObject
from callcenter.fields.values import check_required, parse
from callcenter.history.change import Actor
from callcenter.interactions.interaction import MatchKind
from callcenter.interactions.stored import StoredInteraction
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.rights.masking import is_masked, mask_number
from callcenter.services import figures, history, rights
from callcenter.services.call_messages import messages_of
from callcenter.services.customer_input import Cleaned, as_changes, cleaned, named_in, rights_of

UowFactory = Callable[[], UnitOfWork]
SUPERVISED = ("vip_level", "blocked", "block_reason", "owner_id")
"""What decides how callers are treated: operators may see it, not set it."""
_LONGEST_ORGANIZATION: Final = 160


def create_customer(
    draft: CustomerDraft,
    *,
    unit_of_work: UowFactory,
    clock: Clock,
    plan: NumberPlan,
    user_id: int | None,
    actor: Actor = "user",
) -> int:
    """A new card. `user_id` is who makes it. Returns the customer's id."""
    with unit_of_work() as uow:
        told = cleaned(as_changes(draft), plan)
        customer_id = add(uow, told, clock, user_id, actor=actor, whole=True)
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
    actor: Actor = "user",
) -> int:
    """Change what is named. Conflict if the card is not at `version` any more. The new version."""
    told = cleaned(changes, plan)
    with unit_of_work() as uow:
        viewer = rights.require_record(uow, user_id, "customer", "change", customer_id)
        rights.require_fields(viewer, "customer", rights_of(told))
        with history.recorded(uow, clock, "customer", customer_id, user_id=user_id, actor=actor):
            new_version = change(uow, customer_id, told, version=version, at=clock.now())
        _audit(uow, clock, user_id, "customer_changed", customer_id, changed=named_in(changes))
        uow.commit()
    return new_version


def delete_customer(
    customer_id: int,
    *,
    unit_of_work: UowFactory,
    clock: Clock,
    user_id: int | None,
    actor: Actor = "user",
) -> None:
    """Put away: nothing shows the card any more, and it can be had back from its history."""
    with unit_of_work() as uow:
        rights.require_record(uow, user_id, "customer", "delete", customer_id)
        with history.recorded(uow, clock, "customer", customer_id, user_id=user_id, actor=actor):
            uow.customers.delete(customer_id, clock.now())
        _audit(uow, clock, user_id, "customer_deleted", customer_id)
        uow.commit()


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
    told = cleaned(as_changes(draft), plan)
    with unit_of_work() as uow:
        interaction = _held(uow, interaction_id)  # its end may begin a card at this moment
        phones = told.phones or ()
        if interaction.number and interaction.number not in {phone.e164 for phone in phones}:
            own = StoredPhone(
                e164=interaction.number, raw=interaction.number_raw, is_primary=not phones
            )
            told = replace(told, phones=(own, *phones))
        begun = _begun_by_itself(uow, interaction)
        if begun is not None:
            customer_id = _complete(uow, begun, told, clock, user_id)
        else:
            customer_id = add(uow, told, clock, user_id)
        messages = _link(uow, interaction, customer_id, clock, user_id)
        uow.commit()
    publisher.publish(messages)
    return customer_id


def _begun_by_itself(uow: UnitOfWork, interaction: StoredInteraction) -> int | None:
    """The card that this very contact made, if nobody has confirmed it yet."""
    if interaction.customer_id is None or interaction.match == "chosen":
        return None
    card = uow.customers.get(interaction.customer_id)
    new = card is not None and not card.confirmed and interaction.number in card.phones
    return interaction.customer_id if new else None


def _complete(uow: UnitOfWork, customer_id: int, told: Cleaned, clock: Clock, user_id: int) -> int:
    viewer = rights.require_record(uow, user_id, "customer", "change", customer_id)
    given = {name: value for name, value in told.fields.items() if value}
    told = replace(told, fields=given | {"confirmed": True})
    rights.require_fields(viewer, "customer", rights_of(told))
    version = uow.customers.version(customer_id)
    with history.recorded(uow, clock, "customer", customer_id, user_id=user_id):
        change(uow, customer_id, told, version=version, at=clock.now())
    _audit(uow, clock, user_id, "customer_changed", customer_id, changed=sorted(given))
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
        interaction = _held(uow, interaction_id, customer_id)
        known = customer_id is None or uow.customers.get(customer_id) is not None
        if not known or (customer_id and not rights.sees(uow, user_id, "customer", customer_id)):
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
        interaction = _held(uow, interaction_id)
        found = uow.customers.find_by_numbers([interaction.number], clock.now().date())
        owners = found.get(interaction.number, NumberOwners())
        ids = tuple(one.id for one in owners)
        match = match_number(_number_of(interaction), ids, shared=owners.shared)
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
    whose = {one for one in (customer_id, interaction.customer_id) if one is not None}
    figures.refresh(uow, clock, whose, contacts=True)
    linked = replace(interaction, customer_id=customer_id, match=match)
    return messages_of(uow, linked, clock)


def _is_operator(uow: UnitOfWork, user_id: int | None) -> bool:
    user = uow.users.get(user_id) if user_id is not None else None
    return user is not None and user.role == "operator"


def _held(uow: UnitOfWork, interaction_id: int, *others: int | None) -> StoredInteraction:
    """With the cards it is about, which come first: whoever joins cards has them first, too."""
    whose = (_existing(uow, interaction_id).customer_id, *others)
    uow.customers.hold([one for one in whose if one is not None])
    uow.interactions.hold(interaction_id)
    return _existing(uow, interaction_id)


def _existing(uow: UnitOfWork, interaction_id: int) -> StoredInteraction:
    found = uow.interactions.get(interaction_id)
    if found is None:
        raise NotFound("interaction", f"there is no interaction {interaction_id}")
    return found


def add(
    uow: UnitOfWork,
    told: Cleaned,
    clock: Clock,
    user_id: int | None,
    *,
    actor: Actor = "user",
    whole: bool = False,
) -> int:
    """A new card inside its caller's transaction. `whole`: what a company requires must be there,
    as it need not be while somebody waits on the line.
    """
    viewer = rights.require(uow, user_id, "customer", "create")
    given = {name: value for name, value in told.fields.items() if value}
    rights.require_fields(viewer, "customer", rights_of(replace(told, fields=given)))
    values = dict(told.fields)
    values["display_name"] = (
        values["display_name"]
        or joined((values["given_name"], values["family_name"]))
        or values["organization"]
        or (told.phones[0].e164 if told.phones else "")
    )
    if not values["display_name"]:
        raise Invalid("display_name", "a customer needs a name or a number")
    _check_names(uow, values)
    custom = custom_values(uow, "customer", told.custom or {}, whole=whole)
    at = clock.now()
    organization_id = _organization_id(uow, values["organization"], at)
    draft = CustomerDraft(**values)
    customer_id = uow.customers.add(draft, told.phones or (), organization_id, at)
    _write_lists(uow, customer_id, replace(told, custom=None), at)
    uow.fields.store("customer", customer_id, custom)
    history.record_created(
        uow, clock, [("customer", customer_id, None)], user_id=user_id, actor=actor
    )
    _audit(uow, clock, user_id, "customer_created", customer_id)
    return customer_id


def change(uow: UnitOfWork, customer_id: int, told: Cleaned, *, version: int, at: datetime) -> int:
    """Inside its caller's transaction, who has asked for the right and keeps the history."""
    values = dict(told.fields)
    if "organization" in values:
        values["organization_id"] = _organization_id(uow, values.pop("organization"), at)
    name = str(values.get("display_name") or "")
    card = uow.customers.get(customer_id) if is_masked(name) else None
    if card is not None and name == mask_number(card.display_name):
        del values["display_name"]  # sent back by who may not see the number that stands for a name
    _check_names(uow, values)
    email = values.pop("email", None)
    new_version = uow.customers.update(customer_id, values, version=version, at=at)
    if told.phones is not None:
        uow.customers.replace_phones(customer_id, told.phones)
    _write_lists(uow, customer_id, told, at)
    if email is not None:
        uow.contacts.set_main_email(customer_id, email)
    return new_version


def custom_values(
    uow: UnitOfWork, of: FieldObject, told: Mapping[str, Any], *, whole: bool = False
) -> dict[str, Any]:
    """What was written in the company's own fields, as values; all that is required if `whole`."""
    fields = {field.key: field for field in uow.fields.defs(of)}
    unknown = sorted(set(told) - set(fields))
    if unknown:
        raise Invalid(f"custom.{unknown[0][:40]}", "there is no such field")
    values = {key: parse(fields[key], text) for key, text in told.items()}
    for field in fields.values():
        if whole or field.key in values:
            check_required(field, values.get(field.key))
    return values


def _write_lists(uow: UnitOfWork, customer_id: int, told: Cleaned, at: datetime) -> None:
    if told.contacts is not None:
        uow.contacts.replace_points(customer_id, told.contacts)
    if told.addresses is not None:
        uow.contacts.replace_addresses(told.addresses, customer_id=customer_id)
    if told.memberships is not None:
        roles = _roles(uow, told.memberships, at)
        uow.contacts.replace_memberships(customer_id, roles, at)
        uow.customers.index_words(customer_id)
    if told.tags is not None:
        uow.tags.set(customer_id, uow.tags.ensure(told.tags) if told.tags else [])
    if told.custom is not None:
        uow.fields.store("customer", customer_id, custom_values(uow, "customer", told.custom))


def _roles(uow: UnitOfWork, memberships: Iterable[MembershipDraft], at: datetime) -> dict[int, str]:
    found: dict[int, str] = {}
    for place, one in enumerate(memberships):
        organization_id = one.organization_id or _organization_id(
            uow, one_line(one.organization), at, f"memberships.{place}.organization"
        )
        if organization_id is None:
            continue
        if not uow.organizations.exists(organization_id):
            raise Invalid(
                f"memberships.{place}.organization_id",
                f"there is no organisation {organization_id}",
            )
        found[organization_id] = one_line(one.role)[:80]
    return found


def _organization_id(
    uow: UnitOfWork, name: str, at: datetime, field: str = "organization"
) -> int | None:
    """By name, made if there is none; '' means none."""
    if len(name) > _LONGEST_ORGANIZATION:
        raise Invalid(field, f"must have at most {_LONGEST_ORGANIZATION} characters")
    return uow.customers.ensure_organization(name, at) if name else None


def _check_names(uow: UnitOfWork, values: dict[str, Any]) -> None:
    """The owner and the company's own choices are what stands there."""
    owner_id = values.get("owner_id")
    if owner_id is not None and uow.users.get(owner_id) is None:
        raise Invalid("owner_id", f"there is no user {owner_id}")
    chosen = [name for name in ("status", "segment") if values.get(name)]
    if chosen:
        lists = {one.key: one for one in uow.fields.defs("customer", active=None, builtin=True)}
        for name in chosen:
            values[name] = _choice(lists.get(name), name, values[name])


def _choice(field: FieldDef | None, name: str, text: str) -> Any:
    if field is None:
        raise Invalid(name, "there are no such choices")
    try:
        return parse(field, text)
    except Invalid as error:
        raise Invalid(name, error.message) from None


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
