"""Routing rules as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from web.api.fields import AnswerModel, PageQuery, RequestModel, Text

Note = Annotated[Text, StringConstraints(max_length=255)]
_CONDITIONS = (
    "All must hold. Each is {kind, values, amount, of, not}, or {any_of: [conditions], not}: "
    "`values` are any of which may fit, `amount` is the least (or most) asked for, `of` names a "
    "queue, calendar, currency or time zone."
)
_ACTION = (
    "`do` is queue, preferred, menu, announce, voicemail, outside, callback, block or dialed; "
    "beside it stand the fields of that action."
)


class RoutingRule(AnswerModel):
    id: str = Field(description="Stays when the rule is renamed or moved.")
    name: str = Field(description="What CRM_REASON says.")
    title: str
    stage: Literal["arrival", "overflow"]
    conditions: list[dict[str, Any]] = Field(description=_CONDITIONS)
    action: dict[str, Any] = Field(description=_ACTION)
    active: bool


class RoutingProblem(AnswerModel):
    """What is wrong with a rule. Errors keep a draft from being published."""

    rule: str = Field(description="The rule's id.")
    field: str = Field(examples=["conditions.0", "action"])
    code: str
    params: dict[str, Any]
    severity: Literal["error", "warning"]


class RoutingRules(AnswerModel):
    """Rules in their order: the first that fits decides."""

    version: int = Field(description="0 for a draft.")
    state: Literal["draft", "live", "past"]
    note: str
    stamp: int = Field(description="Counts the writes of a draft; send it back with the next one.")
    published_at: datetime | None
    rules: list[RoutingRule]
    problems: list[RoutingProblem]


class RoutingVersionLine(AnswerModel):
    number: int
    live: bool
    note: str
    published_at: datetime | None
    published_by: str
    rules: int = Field(description="How many.")


class RoutingVersionPage(AnswerModel):
    items: list[RoutingVersionLine]
    next_cursor: str | None = None


class RoutingRuleBody(RequestModel):
    id: Annotated[Text, StringConstraints(max_length=40)] = Field(
        default="", description="Empty for a new rule."
    )
    name: Annotated[Text, StringConstraints(min_length=1, max_length=40)]
    title: Annotated[Text, StringConstraints(max_length=80)] = ""
    stage: Literal["arrival", "overflow"] = "arrival"
    conditions: list[dict[str, Any]] = Field(
        default_factory=list, max_length=20, description=_CONDITIONS
    )
    action: dict[str, Any] = Field(description=_ACTION)
    active: bool = True


class RoutingDraftBody(RequestModel):
    """The whole table; what is not in it is no rule any more."""

    rules: list[RoutingRuleBody] = Field(max_length=2000)
    stamp: int | None = Field(
        default=None, description="Of the draft that was read; refused when it has changed since."
    )


class RoutingPublish(RequestModel):
    note: Note = ""
    stamp: int | None = None


class RoutingVersionPath(RequestModel):
    number: int = Field(ge=1, le=2_000_000_000)


class RoutingVersionQuery(PageQuery):
    pass
