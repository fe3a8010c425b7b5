"""Customers as the API shows and takes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AliasPath, Field, StringConstraints

from web.api.fields import AnswerModel, Id, Line, PageQuery, Phone, RequestModel, Text
from web.api.shapes.people import UserRef

PhoneKind = Literal["mobile", "work", "home", "other"]
Name = Annotated[Text, StringConstraints(max_length=80)]
LongName = Annotated[Text, StringConstraints(max_length=160)]
Remarks = Annotated[Text, StringConstraints(max_length=10_000)]


class CustomerBrief(AnswerModel):
    """A customer in a line."""

    id: int
    display_name: str
    organization: str
    position: str
    vip_level: int
    blocked: bool
    overdue_minor: int = Field(description="What is overdue, in minor units of `currency`.")
    currency: str
    city: str
    language: str
    confirmed: bool = Field(description="False while a card made from a call awaits a person.")
    phones: list[str] = Field(description="E.164, the main one first.")


class CustomerPage(AnswerModel):
    items: list[CustomerBrief]
    next_cursor: str | None = None


class PhoneOut(AnswerModel):
    e164: str
    extension: str
    kind: str
    is_primary: bool
    raw: str = Field(description="As it was written.")
    invalid: bool
    opted_out: bool = Field(description="They do not want to be called there.")
    shared: bool = Field(description="Others answer there too: it never says who is calling.")


class ContactPointOut(AnswerModel):
    kind: str
    value: str
    label: str
    is_primary: bool
    invalid: bool
    opted_out: bool


class AddressOut(AnswerModel):
    kind: str
    street: str
    postal_code: str
    city: str
    region: str
    country: str
    is_primary: bool


class MembershipOut(AnswerModel):
    organization_id: int = Field(validation_alias="id")
    organization: str = Field(validation_alias="name")
    role: str


class TagOut(AnswerModel):
    id: int
    name: str
    tone: str


class PreferencesOut(AnswerModel):
    channel: str = ""
    call_from: str = ""
    call_to: str = ""
    note: str = ""


class OrganizationRef(AnswerModel):
    id: int
    name: str


class Order(AnswerModel):
    id: int
    number: str
    title: str
    amount_minor: int
    currency: str
    status: str
    placed_on: date


class Invoice(AnswerModel):
    id: int
    number: str
    amount_minor: int
    currency: str
    due_on: date
    overdue_days: int = Field(description="0 while it is not overdue.")


class Customer(AnswerModel):
    """A whole card. Its interactions are at `/customers/{id}/timeline`."""

    id: int
    version: int = Field(description="Also the ETag; a PATCH must name the version it changes.")
    display_name: str
    given_name: str
    family_name: str
    organization: OrganizationRef | None
    position: str
    email: str
    language: str
    city: str
    vip_level: int
    blocked: bool
    block_reason: str
    owner: UserRef | None
    confirmed: bool
    remarks: str
    status: str
    segment: str
    time_zone: str
    preferences: PreferencesOut
    legal_hold: str = Field(description="Why nothing may be erased; empty when nothing forbids it.")
    phones: list[PhoneOut]
    contact_points: list[ContactPointOut] = Field(validation_alias="contacts")
    addresses: list[AddressOut]
    memberships: list[MembershipOut] = Field(description="Organisations beside the main one.")
    tags: list[TagOut]
    custom: dict[str, Any] = Field(description="The company's own fields by key; see `/fields`.")
    overdue_minor: int = Field(validation_alias=AliasPath("brief", "overdue_minor"))
    currency: str = Field(validation_alias=AliasPath("brief", "currency"))
    open_orders: list[Order]
    unpaid_invoices: list[Invoice]
    created_at: datetime
    updated_at: datetime


class PhoneIn(RequestModel):
    number: Annotated[Text, StringConstraints(min_length=1, max_length=64)] = Field(
        description="Any spelling; it is kept as E.164.", examples=["22 123 45 67"]
    )
    kind: PhoneKind = "other"
    is_primary: bool = False
    invalid: bool = False
    opted_out: bool = False
    shared: bool = False


class ContactPointIn(RequestModel):
    kind: Literal["email", "telegram", "whatsapp", "viber", "messenger", "site"] = "email"
    value: Annotated[Text, StringConstraints(min_length=1, max_length=255)]
    label: Literal["work", "home", "other"] = "other"
    is_primary: bool = False
    invalid: bool = False
    opted_out: bool = False


class AddressIn(RequestModel):
    kind: Literal["home", "work", "billing", "delivery", "other"] = "other"
    street: Annotated[Text, StringConstraints(max_length=255)] = ""
    postal_code: Annotated[Text, StringConstraints(max_length=16)] = ""
    city: Name = ""
    region: Name = ""
    country: Annotated[Text, StringConstraints(max_length=2)] = Field(default="", examples=["PL"])
    is_primary: bool = False


class MembershipIn(RequestModel):
    organization: LongName = Field(default="", description="By name; made when there is none.")
    organization_id: Id | None = Field(default=None, description="Or by its id.")
    role: Name = ""


class PreferencesIn(RequestModel):
    channel: Literal["", "call", "sms", "email", "messenger"] = ""
    call_from: Annotated[Text, StringConstraints(max_length=5)] = Field(
        default="", description="HH:MM on their wall.", examples=["09:00"]
    )
    call_to: Annotated[Text, StringConstraints(max_length=5)] = ""
    note: Annotated[Text, StringConstraints(max_length=255)] = ""


class _CustomerFields(RequestModel):
    display_name: LongName = ""
    given_name: Name = ""
    family_name: Name = ""
    organization: LongName = Field(default="", description="By name; made when there is none.")
    position: Name = ""
    email: LongName = ""
    language: Annotated[Text, StringConstraints(max_length=8)] = ""
    city: Name = ""
    vip_level: int = Field(default=0, ge=0, le=3)
    blocked: bool = False
    block_reason: LongName = ""
    owner_id: Id | None = None
    confirmed: bool = True
    remarks: Remarks = ""
    status: Annotated[Text, StringConstraints(max_length=80)] = Field(
        default="", description="Key or name of a choice of the field `status`; see `/fields`."
    )
    segment: Annotated[Text, StringConstraints(max_length=80)] = ""
    time_zone: Annotated[Text, StringConstraints(max_length=64)] = Field(
        default="", examples=["Europe/Warsaw"]
    )
    preferences: PreferencesIn = PreferencesIn()
    phones: list[PhoneIn] = Field(default=[], max_length=50)
    contact_points: list[ContactPointIn] = Field(default=[], max_length=50)
    addresses: list[AddressIn] = Field(default=[], max_length=50)
    memberships: list[MembershipIn] = Field(default=[], max_length=20)
    tags: list[Annotated[Text, StringConstraints(max_length=64)]] = Field(
        default=[], max_length=50, description="By name; made when there is none."
    )
    custom: dict[Annotated[Text, StringConstraints(max_length=40)], Any] = Field(
        default={},
        max_length=200,
        description="The company's own fields by key. Money: {amount_minor, currency} or text; "
        "a date: 2026-03-31; null takes a value away. Only the keys named change.",
    )


class CustomerNew(_CustomerFields):
    """A name, a part of one, an organisation or a number is enough."""


class CustomerPatch(_CustomerFields):
    """Only what is named changes. A list that is named replaces the whole list."""

    version: int | None = Field(
        default=None, ge=1, le=2**31 - 1, description="Instead of the If-Match header."
    )


class CustomerQuery(PageQuery):
    q: Line = Field(default="", description="A name or a number, in any spelling.")
    vip: bool | None = Field(default=None, description="VIP level above 0, or exactly 0.")
    blocked: bool | None = None
    debtor: bool | None = Field(default=None, description="Has an overdue invoice, or none.")
    confirmed: bool | None = None
    organization_id: Id | None = None
    owner_id: Id | None = None
    segment_id: Id | None = Field(default=None, description="Members of a saved segment.")
    filter: Annotated[Text, StringConstraints(max_length=20_000)] = Field(
        default="", description="Conditions as JSON, as a segment has them."
    )
    sort: Line = Field(
        default="", description="A column such as `lifetime`, with `-` before it for downwards."
    )


class ByPhoneQuery(RequestModel):
    number: Phone = Field(description="Any spelling, `+` encoded or not.", min_length=1)


class WhoCalls(AnswerModel):
    """`match` is `one`, `several` or `none`; `withheld` and `internal` numbers match nobody."""

    number: str = Field(description="E.164, or empty when the number has no such form.")
    kind: Literal["e164", "withheld", "internal", "short", "unusable"]
    match: Literal["one", "several", "none", "withheld", "internal"]
    customers: list[CustomerBrief]
    shared: bool = Field(description="Others answer there too: nobody is known by it alone.")
    organization: str = Field(description="Whose switchboard it is; empty for nobody's.")


class CustomerPath(RequestModel):
    customer_id: Id


class Deleted(AnswerModel):
    id: int
    deleted: bool
