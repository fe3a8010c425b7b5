"""Orders, invoices, payments and visits as the API shows and takes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from callcenter.sales.deal import MOST_MONEY
from web.api.fields import AnswerModel, Id, PageQuery, RequestModel, Text, Time

Number = Annotated[Text, StringConstraints(min_length=1, max_length=32)]
OwnNumber = Annotated[Text, StringConstraints(max_length=32)]
Source = Annotated[Text, StringConstraints(max_length=40)]
Title = Annotated[Text, StringConstraints(max_length=160)]
Method = Annotated[Text, StringConstraints(max_length=40)]
Note = Annotated[Text, StringConstraints(max_length=2000)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Amount = Annotated[int, Field(ge=0, le=MOST_MONEY, description="In minor units of `currency`.")]
Paid = Annotated[int, Field(ge=1, le=MOST_MONEY, description="In minor units of `currency`.")]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]
Status = Literal["open", "shipped", "closed", "cancelled"]
_SOURCE = Field(
    default="",
    description="The system that counts these numbers. Number and source make a record: the same "
    "ones sent again change it, and make no second one.",
)


class Order(AnswerModel):
    id: int
    customer_id: int
    number: str
    source: str
    title: str
    amount_minor: int
    currency: str
    status: Status
    placed_on: date


class Invoice(AnswerModel):
    id: int
    customer_id: int
    number: str
    source: str
    amount_minor: int
    currency: str
    issued_on: date | None
    due_on: date
    paid_minor: int = Field(description="The sum of its payments.")
    open_minor: int = Field(description="What is still to be paid; 0 when cancelled.")
    paid_on: date | None = Field(description="When payments had made up the amount.")
    overdue_days: int = Field(description="0 while it is not overdue.")
    cancelled: bool


class Payment(AnswerModel):
    id: int
    customer_id: int
    invoice_id: int | None
    invoice_number: str
    number: str
    source: str
    amount_minor: int
    currency: str
    paid_on: date
    method: str
    cancelled: bool


class Visit(AnswerModel):
    id: int
    customer_id: int
    number: str
    source: str
    at: datetime
    place: str
    note: str
    cancelled: bool


class OrderPage(AnswerModel):
    items: list[Order]
    next_cursor: str | None = None


class InvoicePage(AnswerModel):
    items: list[Invoice]
    next_cursor: str | None = None


class PaymentPage(AnswerModel):
    items: list[Payment]
    next_cursor: str | None = None


class VisitPage(AnswerModel):
    items: list[Visit]
    next_cursor: str | None = None


class OrderNew(RequestModel):
    customer_id: Id
    number: Number
    source: Source = _SOURCE
    title: Title = ""
    amount_minor: Amount
    currency: Currency
    status: Status = "open"
    placed_on: Day


class InvoiceNew(RequestModel):
    """`paid_on` says that it was paid in full that day; part payments are `/payments`."""

    customer_id: Id
    number: Number
    source: Source = _SOURCE
    amount_minor: Amount
    currency: Currency
    issued_on: Day | None = None
    due_on: Day
    paid_on: Day | None = None


class PaymentNew(RequestModel):
    """Of an invoice (by id or by number), or of a customer without one."""

    customer_id: Id | None = Field(default=None, description="Left out: the invoice's.")
    invoice_id: Id | None = None
    invoice_number: OwnNumber = ""
    number: OwnNumber = ""
    source: Source = _SOURCE
    amount_minor: Paid
    currency: Currency
    paid_on: Day
    method: Method = ""


class VisitNew(RequestModel):
    """Without a number a visit is known by its customer and moment."""

    customer_id: Id
    number: OwnNumber = ""
    source: Source = _SOURCE
    at: Time
    place: Title = ""
    note: Note = ""


class OrderPatch(RequestModel):
    title: Title | None = None
    amount_minor: Amount | None = None
    currency: Currency | None = None
    status: Status | None = None
    placed_on: Day | None = None


class InvoicePatch(RequestModel):
    amount_minor: Amount | None = None
    currency: Currency | None = None
    issued_on: Day | None = None
    due_on: Day | None = None
    paid_on: Day | None = None


class PaymentPatch(RequestModel):
    amount_minor: Paid | None = None
    paid_on: Day | None = None
    method: Method | None = None


class VisitPatch(RequestModel):
    at: Time | None = None
    place: Title | None = None
    note: Note | None = None


class RecordQuery(PageQuery):
    customer_id: Id | None = None
    number: OwnNumber | None = None
    source: Source | None = None


class OrderQuery(RecordQuery):
    status: Status | None = None


class InvoiceQuery(RecordQuery):
    overdue: bool | None = None
    unpaid: bool | None = None


class PaymentQuery(RecordQuery):
    invoice_id: Id | None = None


class RecordPath(RequestModel):
    record_id: Id
