"""Organisations as the API shows and takes them; their list is in `people`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from web.api.fields import AnswerModel, Id, RequestModel, Text
from web.api.shapes.customers import AddressIn, AddressOut
from web.api.shapes.people import Organization

Notes = Annotated[Text, StringConstraints(max_length=10_000)]


class SwitchboardOut(AnswerModel):
    e164: str
    extension: str
    label: str


class PersonOf(AnswerModel):
    customer_id: int
    display_name: str
    role: str
    main: bool = Field(description="It is their first organisation.")


class OrganizationCard(Organization):
    """A whole organisation: its switchboard's numbers, its addresses, its people."""

    phones: list[SwitchboardOut]
    addresses: list[AddressOut]
    custom: dict[str, Any]
    members: list[PersonOf] = Field(description="At most 200 of its people.")


class SwitchboardIn(RequestModel):
    number: Annotated[Text, StringConstraints(min_length=1, max_length=64)]
    label: Annotated[Text, StringConstraints(max_length=80)] = ""


class _OrganizationFields(RequestModel):
    name: Annotated[Text, StringConstraints(max_length=160)] = ""
    tax_id: Annotated[Text, StringConstraints(max_length=32)] = ""
    region: Annotated[Text, StringConstraints(max_length=2)] = Field(
        default="", description="Country, such as PL."
    )
    city: Annotated[Text, StringConstraints(max_length=80)] = ""
    website: Annotated[Text, StringConstraints(max_length=255)] = ""
    email: Annotated[Text, StringConstraints(max_length=255)] = ""
    notes: Notes = ""
    owner_id: Id | None = None
    phones: list[SwitchboardIn] = Field(default=[], max_length=20)
    addresses: list[AddressIn] = Field(default=[], max_length=50)
    custom: dict[Annotated[Text, StringConstraints(max_length=40)], Any] = Field(
        default={}, max_length=200
    )


class OrganizationNew(_OrganizationFields):
    """A new organisation: its name is enough."""


class OrganizationPatch(_OrganizationFields):
    """Only what is named changes. A list that is named replaces the whole list."""

    version: int | None = Field(
        default=None, ge=1, le=2**31 - 1, description="Instead of the If-Match header."
    )
