"""Segments as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from web.api.fields import AnswerModel, Id, PageQuery, RequestModel, Text
from web.api.shapes.people import UserRef

_FILTER = (
    'Conditions as a tree: `{"all": […]}`, `{"any": […]}` or `{"none": […]}` of conditions '
    '`{"field", "op", "value"}` and of such groups. `GET /segments/fields` lists the fields.'
)


class Segment(AnswerModel):
    id: int
    name: str
    filter: dict[str, Any] = Field(description=_FILTER)
    frozen: bool = Field(description="Its members are those it was saved with.")
    shared: bool
    owner: UserRef
    members: int | None = Field(description="Of a frozen one; a live one's change by themselves.")
    created_at: datetime
    updated_at: datetime
    version: int


class SegmentPage(AnswerModel):
    items: list[Segment]
    next_cursor: str | None = None


class SegmentNew(RequestModel):
    name: Annotated[Text, StringConstraints(min_length=1, max_length=120)]
    filter: dict[str, Any] = Field(default={}, description=_FILTER)
    frozen: bool = False
    shared: bool = False


class SegmentPath(RequestModel):
    segment_id: Id


class MembersQuery(PageQuery):
    pass


class FieldShown(AnswerModel):
    """What may be asked of customers."""

    key: str
    kind: str
    operators: list[str]
    choices: list[str]


class FieldList(AnswerModel):
    items: list[FieldShown]
