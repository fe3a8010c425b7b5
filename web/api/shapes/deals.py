"""Deals as the API shows and takes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from callcenter.sales.deal import MOST_MONEY
from web.api.fields import AnswerModel, Id, PageQuery, RequestModel, Text
from web.api.shapes.customers import CustomerBrief
from web.api.shapes.people import UserRef

Stage = Literal["new", "qualified", "proposal", "negotiation"]
State = Literal["open", "won", "lost"]
Title = Annotated[Text, StringConstraints(min_length=1, max_length=160)]
Step = Annotated[Text, StringConstraints(max_length=255)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Amount = Annotated[int, Field(ge=0, le=MOST_MONEY)]


class Deal(AnswerModel):
    """What a customer may buy, and the next step towards it."""

    id: int
    version: int = Field(description="Also the ETag; a PATCH must name the version it changes.")
    customer: CustomerBrief | None
    title: str
    stage: str = Field(description="new, qualified, proposal or negotiation.")
    amount_minor: int = Field(description="In minor units of `currency`.")
    currency: str
    state: State
    next_step: str = Field(description="Empty once the deal is won or lost.")
    next_step_on: date | None
    owner: UserRef | None
    loss_reason: str
    created_at: datetime
    updated_at: datetime


class DealPage(AnswerModel):
    items: list[Deal]
    next_cursor: str | None = None


class DealNew(RequestModel):
    customer_id: Id
    title: Title
    stage: Stage = "new"
    amount_minor: Amount = 0
    currency: Currency
    next_step: Step = ""
    next_step_on: date | None = None
    owner_id: Id | None = Field(default=None, description="Left out: the caller.")


class DealPatch(RequestModel):
    """Only what is named changes. `lost` needs a `loss_reason`."""

    title: Title | None = None
    stage: Stage | None = None
    amount_minor: Amount | None = None
    currency: Currency | None = None
    state: State | None = None
    next_step: Step | None = None
    next_step_on: date | None = None
    owner_id: Id | None = None
    loss_reason: Step | None = None
    version: int | None = Field(
        default=None, ge=1, le=2**31 - 1, description="Instead of the If-Match header."
    )


class DealQuery(PageQuery):
    customer_id: Id | None = None
    owner_id: Id | None = None
    state: State | None = None
    stage: Stage | None = None


class DealPath(RequestModel):
    deal_id: Id
