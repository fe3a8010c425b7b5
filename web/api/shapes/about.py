"""What hangs on customers, as the API shows and takes it: tags, own fields, consents, files."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from web.api.fields import AnswerModel, Id, PageQuery, RequestModel, Text, Time

TagName = Annotated[Text, StringConstraints(min_length=1, max_length=64)]
Tone = Literal["", "blue", "green", "amber", "red", "violet", "teal", "grey"]
FieldObject = Literal["customer", "organization", "deal"]
FieldKind = Literal["text", "number", "money", "date", "choice", "link"]
Label = Annotated[Text, StringConstraints(max_length=80)]


class CustomerPath(RequestModel):
    customer_id: Id


class Tag(AnswerModel):
    id: int
    name: str
    tone: str


class TagCount(Tag):
    customers: int = Field(description="How many customers have it.")


class TagPage(AnswerModel):
    items: list[TagCount]
    next_cursor: str | None = None


class TagIn(RequestModel):
    name: TagName
    tone: Tone = ""


class TagPath(RequestModel):
    tag_id: Id


class Choice(AnswerModel):
    key: str
    label: str
    labels: dict[str, str] = Field(description="By language.")


class CustomField(AnswerModel):
    """A field of the company's own, or (`builtin`) a list of choices that every customer has."""

    id: int
    object: str
    key: str
    label: str
    labels: dict[str, str]
    kind: str
    choices: list[Choice]
    currency: str = Field(description="Of money; empty otherwise.")
    required: bool
    sensitive: bool
    builtin: bool
    active: bool
    position: int


class CustomFieldPage(AnswerModel):
    items: list[CustomField]
    next_cursor: str | None = None


class CustomFieldQuery(PageQuery):
    object: FieldObject | None = None


class ChoiceIn(RequestModel):
    key: Annotated[Text, StringConstraints(max_length=40)] = Field(
        default="", description="Made of the label if empty."
    )
    label: Annotated[Text, StringConstraints(min_length=1, max_length=80)]
    labels: dict[Annotated[Text, StringConstraints(max_length=8)], Label] = Field(
        default={}, max_length=20
    )


class CustomFieldIn(RequestModel):
    object: FieldObject = "customer"
    key: Annotated[Text, StringConstraints(max_length=40)] = Field(
        default="", description="Made of the label if empty."
    )
    label: Annotated[Text, StringConstraints(min_length=1, max_length=80)]
    labels: dict[Annotated[Text, StringConstraints(max_length=8)], Label] = Field(
        default={}, max_length=20
    )
    kind: FieldKind
    choices: list[ChoiceIn] = Field(default=[], max_length=200)
    currency: Annotated[Text, StringConstraints(max_length=3)] = ""
    required: bool = False
    sensitive: bool = False


class CustomFieldPatch(RequestModel):
    """Only what is named changes; record and kind of a field stay as they are."""

    label: Annotated[Text, StringConstraints(min_length=1, max_length=80)] | None = None
    labels: (
        Annotated[
            dict[Annotated[Text, StringConstraints(max_length=8)], Label], Field(max_length=20)
        ]
        | None
    ) = None
    choices: Annotated[list[ChoiceIn], Field(max_length=200)] | None = None
    required: bool | None = None
    sensitive: bool | None = None
    active: bool | None = None


class FieldPath(RequestModel):
    field_id: Id


class Consent(AnswerModel):
    id: int
    customer_id: int
    channel: str
    given: bool
    source: str
    at: datetime
    note: str
    user_id: int | None


class ConsentPage(AnswerModel):
    items: list[Consent]
    next_cursor: str | None = None


class ConsentIn(RequestModel):
    """Nothing of it is ever changed: a later word of the same channel counts."""

    channel: Literal["call", "sms", "email", "messenger", "post"]
    given: bool
    source: Annotated[Text, StringConstraints(min_length=1, max_length=80)] = Field(
        description="How it is known: a form, a call, a contract."
    )
    at: Time | None = Field(default=None, description="When they said so; now if it is left out.")
    note: Annotated[Text, StringConstraints(max_length=255)] = ""


class File(AnswerModel):
    """What there is; its bytes are at `/files/{id}/content`."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    created_at: datetime
    customer_id: int | None
    interaction_id: int | None


class FilePage(AnswerModel):
    items: list[File]
    next_cursor: str | None = None


class FileQuery(RequestModel):
    name: Annotated[Text, StringConstraints(min_length=1, max_length=255)] = Field(
        description="What the file is called; a folder before it is left out."
    )


class FilePath(RequestModel):
    file_id: Id


CustomValue = str | int | float | bool | date | dict[str, Any] | None
CustomIn = Annotated[
    dict[Annotated[Text, StringConstraints(max_length=40)], Any], Field(max_length=200)
]
