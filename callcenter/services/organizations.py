"""Use cases around organisations: make one, change it, put it away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Final

from callcenter.customers.contacts import check_email, clean_addresses, clean_site
from callcenter.customers.organization import (
    MOST_SWITCHBOARDS,
    OrganizationChanges,
    OrganizationDraft,
    StoredSwitchboard,
    SwitchboardDraft,
)
from callcenter.customers.phone import NumberPlan, parse_number
from callcenter.customers.visible import lines, one_line
from callcenter.errors import Invalid
from callcenter.history.change import Actor
from callcenter.ports import Clock, UnitOfWork
from callcenter.services import history, rights
from callcenter.services.customers import custom_values

UowFactory = Callable[[], UnitOfWork]
_LISTS: Final = ("phones", "addresses", "custom")
_FIELDS: Final = frozenset(one.name for one in fields(OrganizationDraft)) - set(_LISTS)
_LENGTHS = {"name": 160, "tax_id": 32, "city": 80, "notes": 10_000}
_REGION_LENGTH = 2
_RIGHTS: Final = ("tax_id", "notes")


def create_organization(
    draft: OrganizationDraft,
    *,
    unit_of_work: UowFactory,
    clock: Clock,
    plan: NumberPlan,
    user_id: int | None,
    actor: Actor = "user",
) -> int:
    values = _cleaned({name: getattr(draft, name) for name in _FIELDS})
    phones = _phones(draft.phones, plan)
    addresses = clean_addresses(draft.addresses)
    with unit_of_work() as uow:
        viewer = rights.require(uow, user_id, "organization", "create")
        rights.require_fields(viewer, "organization", [n for n in _RIGHTS if values[n]])
        _check_owner(uow, values["owner_id"])
        custom = custom_values(uow, "organization", draft.custom, whole=True)
        organization_id = uow.organizations.add(OrganizationDraft(**values), clock.now())
        uow.organizations.replace_phones(organization_id, phones)
        uow.contacts.replace_addresses(addresses, organization_id=organization_id)
        uow.fields.store("organization", organization_id, custom)
        made = ("organization", organization_id, None)
        history.record_created(uow, clock, [made], user_id=user_id, actor=actor)
        uow.commit()
    return organization_id


def update_organization(
    organization_id: int,
    changes: OrganizationChanges,
    *,
    version: int,
    unit_of_work: UowFactory,
    clock: Clock,
    plan: NumberPlan,
    user_id: int | None,
    actor: Actor = "user",
) -> int:
    """Change what is named. Conflict if it is not at `version` any more. The new version."""
    values = _cleaned(changes.fields)
    phones = _phones(changes.phones, plan) if changes.phones is not None else None
    with unit_of_work() as uow:
        viewer = rights.require_record(uow, user_id, "organization", "change", organization_id)
        rights.require_fields(viewer, "organization", _rights_of(values, changes))
        _check_owner(uow, values.get("owner_id"))
        with history.recorded(
            uow, clock, "organization", organization_id, user_id=user_id, actor=actor
        ):
            new_version = uow.organizations.update(
                organization_id, values, version=version, at=clock.now()
            )
            _write_lists(uow, organization_id, changes, phones)
        if "name" in values:
            uow.customers.renamed_organization(organization_id)
        uow.commit()
    return new_version


def delete_organization(
    organization_id: int,
    *,
    unit_of_work: UowFactory,
    clock: Clock,
    user_id: int | None,
    actor: Actor = "user",
) -> None:
    """Put away. Its people stay, and its switchboard's callers are nobody's any more."""
    with unit_of_work() as uow:
        rights.require_record(uow, user_id, "organization", "delete", organization_id)
        with history.recorded(
            uow, clock, "organization", organization_id, user_id=user_id, actor=actor
        ):
            uow.organizations.delete(organization_id, clock.now())
        uow.commit()


def _write_lists(
    uow: UnitOfWork,
    organization_id: int,
    changes: OrganizationChanges,
    phones: tuple[StoredSwitchboard, ...] | None,
) -> None:
    if phones is not None:
        uow.organizations.replace_phones(organization_id, phones)
    if changes.addresses is not None:
        addresses = clean_addresses(changes.addresses)
        uow.contacts.replace_addresses(addresses, organization_id=organization_id)
    if changes.custom is not None:
        custom = custom_values(uow, "organization", changes.custom)
        uow.fields.store("organization", organization_id, custom)


def _rights_of(values: Mapping[str, Any], changes: OrganizationChanges) -> list[str]:
    names = [name for name in _RIGHTS if name in values]
    names += ["phones"] if changes.phones is not None else []
    names += ["addresses"] if changes.addresses is not None else []
    return [*names, *(f"custom:{key}" for key in changes.custom or ())]


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(values) - _FIELDS)
    if unknown:
        raise Invalid(unknown[0], "is not a field of an organisation")
    clean = {name: _text(name, value) for name, value in values.items()}
    for field, longest in _LENGTHS.items():
        if len(clean.get(field) or "") > longest:
            raise Invalid(field, f"must have at most {longest} characters")
    if not clean.get("name", "-"):
        raise Invalid("name", "an organisation needs a name")
    if "region" in clean:
        clean["region"] = clean["region"].upper()
        if len(clean["region"]) not in (0, _REGION_LENGTH):
            raise Invalid("region", "must be two letters, such as PL")
    if clean.get("website"):
        clean["website"] = clean_site(clean["website"], "website")
    if clean.get("email"):
        clean["email"] = check_email(clean["email"])
    return clean


def _text(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return lines(value) if name == "notes" else one_line(value)


def _check_owner(uow: UnitOfWork, owner_id: int | None) -> None:
    if owner_id is not None and uow.users.get(owner_id) is None:
        raise Invalid("owner_id", f"there is no user {owner_id}")


def _phones(
    drafts: tuple[SwitchboardDraft, ...], plan: NumberPlan
) -> tuple[StoredSwitchboard, ...]:
    if len(drafts) > MOST_SWITCHBOARDS:
        raise Invalid("phones", f"at most {MOST_SWITCHBOARDS} numbers")
    found: dict[tuple[str, str], StoredSwitchboard] = {}
    for place, draft in enumerate(drafts):
        parsed = parse_number(draft.number, plan, internal_allowed=False)
        if not parsed.e164:
            raise Invalid(f"phones.{place}.number", "is not a telephone number we can read")
        stored = StoredSwitchboard(
            e164=parsed.e164, extension=parsed.extension, label=one_line(draft.label)[:80]
        )
        found.setdefault((stored.e164, stored.extension), stored)
    return tuple(found.values())
