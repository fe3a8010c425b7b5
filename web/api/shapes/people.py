"""Users, agents, organisations and queues, as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from web.api.fields import AnswerModel, Id, PageQuery, RequestModel, Text

Role = Literal["operator", "supervisor", "admin"]
AgentState = Literal["ready", "ringing", "talking", "hold", "wrap_up", "paused", "offline"]


class UserRef(AnswerModel):
    id: int
    display_name: str


class User(AnswerModel):
    id: int
    username: str
    display_name: str
    role: Role
    endpoint: str = Field(description="The desk phone, e.g. PJSIP/1001.")
    extension: str
    locale: str
    time_zone: str
    active: bool
    created_at: datetime


class UserPage(AnswerModel):
    items: list[User]
    next_cursor: str | None = None


class UserNew(RequestModel):
    username: Annotated[Text, StringConstraints(min_length=1, max_length=64)]
    display_name: Annotated[Text, StringConstraints(min_length=1, max_length=120)]
    password: Annotated[str, StringConstraints(strip_whitespace=False, max_length=200)] = Field(
        min_length=1,
        description="Kept as a hash.",
        json_schema_extra={"writeOnly": True},
    )
    role: Role = "operator"
    endpoint: Annotated[Text, StringConstraints(max_length=80)] = ""
    extension: Annotated[Text, StringConstraints(max_length=16)] = ""
    locale: Literal["en", "ru", "pl"] = "en"
    time_zone: Annotated[Text, StringConstraints(max_length=64)] = "UTC"


class Agent(AnswerModel):
    user: UserRef
    extension: str
    state: AgentState = Field(description="What they do now.")
    reason: str = Field(description="Why they pause: a code of the catalogue.")
    since: datetime | None
    chosen: Literal["ready", "paused", "offline"] = Field(
        description="What they asked for: it comes back after calls and wrap-up."
    )
    device: Literal["desk", "browser"] = Field(description="Which of their phones is rung.")
    queues: list[str] = Field(description="Queues whose skill they have.")


class AgentPage(AnswerModel):
    items: list[Agent]
    next_cursor: str | None = None


class AgentPath(RequestModel):
    user_id: Id


class AgentChange(RequestModel):
    state: Literal["ready", "paused", "offline"]
    reason: str = Field(
        default="", max_length=80, description="A code of the catalogue; for a pause."
    )


class AgentQuery(PageQuery):
    state: AgentState | None = None


class Queue(AnswerModel):
    name: str
    title: str
    waiting: int = Field(description="Callers in this queue that nobody speaks with yet.")
    talking: int = Field(description="Callers of this queue in conversation.")
    longest_wait_since: datetime | None = Field(description="When the oldest waiting call began.")
    ready: int = Field(description="Operators of this queue who wait for a call.")


class QueuePage(AnswerModel):
    items: list[Queue]
    next_cursor: str | None = None


class Organization(AnswerModel):
    id: int
    name: str
    tax_id: str
    region: str
    city: str
    notes: str
    website: str
    email: str
    owner: UserRef | None
    version: int = Field(description="Also the ETag; a PATCH must name the version it changes.")
    people: int


class OrganizationPage(AnswerModel):
    items: list[Organization]
    next_cursor: str | None = None


class OrganizationQuery(PageQuery):
    q: Annotated[Text, StringConstraints(max_length=100)] = Field(
        default="", description="Part of the name, in any case."
    )


class OrganizationPath(RequestModel):
    organization_id: Id


class UserPath(RequestModel):
    user_id: Id
