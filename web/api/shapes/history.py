"""Histories, likely duplicates and changes at once as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from web.api.fields import AnswerModel, Id, PageQuery, RequestModel
from web.api.shapes.customers import CustomerBrief

Action = Literal["create", "update", "delete", "restore", "merge", "unmerge"]
FieldName = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class Change(AnswerModel):
    """One change of a record: who, when, and what became of which field."""

    id: int
    at: datetime
    user_id: int | None = Field(description="null: the product itself.")
    actor: str = Field(description="user, token, import, call or rule.")
    object_type: str
    object_id: str
    action: Action
    fields: dict[str, list[Any]] = Field(
        description="Field → [before, after]; what the caller's role may not see is left out."
    )
    batch_id: int | None


class ChangePage(AnswerModel):
    items: list[Change]
    next_cursor: str | None = None


class ChangeQuery(PageQuery):
    field: FieldName | None = None
    user_id: Id | None = None


class CustomerPath(RequestModel):
    customer_id: Id


class MergeNew(RequestModel):
    """The customer in the path stays; this one becomes part of it."""

    loser_id: Id
    fields: dict[FieldName, Literal["survivor", "loser", "both"]] = Field(
        default_factory=dict,
        max_length=200,
        description=(
            "Field → whose value counts; `both` for lists and remarks. Left out: the survivor's, "
            "or the loser's where the survivor says nothing; both for lists."
        ),
    )


class Merged(AnswerModel):
    merge_id: int
    survivor_id: int
    loser_id: int


class UnmergeNew(RequestModel):
    """Which card comes out again of the one in the path."""

    loser_id: Id


class Kept(AnswerModel):
    """What was changed since, and therefore stayed as it is."""

    object_type: str
    object_id: str
    fields: list[str]


class Unmerged(AnswerModel):
    survivor_id: int
    loser_id: int
    stayed: list[Kept]


class Pair(AnswerModel):
    """Two cards that may be one person's."""

    a: CustomerBrief
    b: CustomerBrief
    score: int = Field(description="Of 100.")
    reasons: list[str]
    state: Literal["open", "merged", "distinct"]
    found_at: datetime


class PairPage(AnswerModel):
    items: list[Pair]
    next_cursor: str | None = None


class LikelyQuery(RequestModel):
    """A card as it would be made; nothing has to be complete."""

    name: Annotated[str, StringConstraints(max_length=160)] = ""
    city: Annotated[str, StringConstraints(max_length=80)] = ""
    organization: Annotated[str, StringConstraints(max_length=160)] = ""
    phones: list[Annotated[str, StringConstraints(max_length=64)]] = Field(
        default_factory=list, max_length=50
    )
    emails: list[Annotated[str, StringConstraints(max_length=255)]] = Field(
        default_factory=list, max_length=50
    )


class LikelyOne(AnswerModel):
    """Somebody who is there already and may be meant."""

    customer_id: int
    name: str
    score: int
    reasons: list[str]


class LikelyList(AnswerModel):
    items: list[LikelyOne]


class PairQuery(PageQuery):
    state: Literal["open", "distinct"] = "open"


class Decision(RequestModel):
    a_id: Id
    b_id: Id
    state: Literal["open", "distinct"] = Field(
        description="distinct: two people; open: to be asked again."
    )


class Decided(AnswerModel):
    a_id: int
    b_id: int
    state: str


class Batch(AnswerModel):
    """Many changes told as one: an import, a bulk change, a merge."""

    id: int
    kind: Literal["bulk", "import", "merge"]
    title: str
    user_id: int | None
    at: datetime
    state: Literal["running", "done", "failed", "undone"]
    total: int
    done: int
    undone_at: datetime | None
    undone_by: int | None


class BatchPage(AnswerModel):
    items: list[Batch]
    next_cursor: str | None = None


class BatchQuery(PageQuery):
    pass


class BatchPath(RequestModel):
    batch_id: Id


class Undone(AnswerModel):
    batch_id: int
    kept: list[Kept]
