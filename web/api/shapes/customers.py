"""Customers as the API shows and takes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

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
    phones: list[PhoneOut]
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


class CustomerNew(_CustomerFields):
    phones: list[PhoneIn] = Field(default=[], max_length=50)


class CustomerPatch(_CustomerFields):
    """Only what is named changes. `phones` replaces all numbers."""

    phones: list[PhoneIn] = Field(default=[], max_length=50)
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


class ByPhoneQuery(RequestModel):
    number: Phone = Field(description="Any spelling, `+` encoded or not.", min_length=1)


class WhoCalls(AnswerModel):
    """`match` is `one`, `several` or `none`; `withheld` and `internal` numbers match nobody."""

    number: str = Field(description="E.164, or empty when the number has no such form.")
    kind: Literal["e164", "withheld", "internal", "short", "unusable"]
    match: Literal["one", "several", "none", "withheld", "internal"]
    customers: list[CustomerBrief]


class CustomerPath(RequestModel):
    customer_id: Id
