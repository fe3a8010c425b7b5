"""The use cases around customers and organisations that pages call, with what they need taken from
this application's runtime (as `web.actions` does for the others)."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from callcenter.customers.consents import ConsentDraft
from callcenter.customers.organization import OrganizationChanges, OrganizationDraft
from callcenter.customers.stored_file import StoredFile
from callcenter.fields.definition import FieldDraft
from callcenter.services import consents, fields, files, first_contacts, organizations, tags
from callcenter.services import customers as customer_services
from web.context import runtime


def delete_customer(customer_id: int, user_id: int) -> None:
    customer_services.delete_customer(customer_id, user_id=user_id, **_store())


def confirm_customer(customer_id: int, user_id: int) -> None:
    first_contacts.confirm(customer_id, user_id=user_id, **_store())


def link_first_contact(customer_id: int, known_id: int, user_id: int) -> int:
    return first_contacts.link(
        customer_id, known_id, user_id=user_id, publisher=runtime().bus, **_store()
    )


def create_organization(draft: OrganizationDraft, user_id: int) -> int:
    return organizations.create_organization(draft, user_id=user_id, **_store(), **_plan())


def update_organization(
    organization_id: int, changes: OrganizationChanges, version: int, user_id: int
) -> int:
    return organizations.update_organization(
        organization_id, changes, version=version, user_id=user_id, **_store(), **_plan()
    )


def delete_organization(organization_id: int, user_id: int) -> None:
    organizations.delete_organization(organization_id, user_id=user_id, **_store())


def add_consent(customer_id: int, draft: ConsentDraft, user_id: int) -> int:
    return consents.add_consent(customer_id, draft, user_id=user_id, **_store())


def add_file(customer_id: int, name: str, stream: IO[bytes], user_id: int) -> int:
    return files.add_file(
        customer_id, name, stream, files=runtime().files, user_id=user_id, **_store()
    )


def open_file(file_id: int, user_id: int) -> tuple[StoredFile, Path]:
    return files.open_file(
        file_id, files=runtime().files, unit_of_work=runtime().unit_of_work, user_id=user_id
    )


def delete_file(file_id: int, user_id: int) -> None:
    files.delete_file(file_id, user_id=user_id, **_store())


def restore_file(file_id: int, user_id: int) -> None:
    files.restore_file(file_id, user_id=user_id, **_store())


def add_field(draft: FieldDraft, user_id: int) -> int:
    return fields.add_field(draft, _room(), user_id=user_id)


def change_field(field_id: int, draft: FieldDraft, user_id: int) -> None:
    fields.change_field(field_id, draft, _room(), user_id=user_id)


def set_field_active(field_id: int, user_id: int, *, active: bool) -> None:
    fields.set_active(field_id, active, _room(), user_id=user_id)


def move_field(field_id: int, step: int, user_id: int) -> None:
    fields.move_field(field_id, step, _room(), user_id=user_id)


def add_tag(name: str, tone: str, user_id: int) -> int:
    return tags.add_tag(name, tone, user_id=user_id, **_store())


def change_tag(tag_id: int, name: str, tone: str, user_id: int) -> None:
    tags.change_tag(tag_id, name, tone, user_id=user_id, **_store())


def remove_tag(tag_id: int, user_id: int) -> int:
    return tags.remove_tag(tag_id, user_id=user_id, **_store())


def _room() -> fields.FieldRoom:
    return fields.FieldRoom(**_store())


def _store() -> dict[str, Any]:
    return {"unit_of_work": runtime().unit_of_work, "clock": runtime().clock}


def _plan() -> dict[str, Any]:
    return {"plan": runtime().settings.number_plan}
