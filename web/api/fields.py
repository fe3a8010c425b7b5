"""The kinds of value the API takes, each refusing what the database or a person could not use."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

MAX_ID = 2**63 - 1
# Tab and line ends are text; the rest (NUL above all, which PostgreSQL refuses) is not.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LOST_PLUS = re.compile(r" (\d\d:?\d\d)$")


class RequestModel(BaseModel):
    """A body or a set of query parameters: what is not known is refused by name."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @classmethod
    def model_json_schema(cls, *how: Any, **more: Any) -> dict[str, Any]:
        """flask_openapi3 asks for it at every request, to see which parameters are lists: that was
        two fifths of the work for a page of customers. It only reads what it gets then; for the
        document, where it says how, it gets one of its own."""
        return super().model_json_schema(*how, **more) if how or more else _schema_of(cls)


@cache
def _schema_of(model: type[RequestModel]) -> dict[str, Any]:
    return super(RequestModel, model).model_json_schema()


class AnswerModel(BaseModel):
    """Part of an answer; read off the dataclasses that queries return."""

    model_config = ConfigDict(from_attributes=True)


def _no_control_characters(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("contains control characters")
    return text


def _aware_time(value: Any) -> Any:
    """ISO 8601 only: a bare number would be taken for a Unix time. `+` may arrive as a space."""
    if not isinstance(value, str):
        raise ValueError("must be an ISO 8601 time such as 2026-03-01T08:00:00Z")  # noqa: TRY004
    try:
        moment = datetime.fromisoformat(_LOST_PLUS.sub(r"+\1", value.strip()))
    except ValueError:
        raise ValueError("must be an ISO 8601 time such as 2026-03-01T08:00:00Z") from None
    if moment.tzinfo is None:
        raise ValueError("must say its zone: end it with Z or an offset such as +02:00")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is outside the years 1 to 9999 in UTC") from None


def _restore_plus(value: Any) -> Any:
    """`?phone=+48…` arrives as ` 48…` when the plus was not encoded; nobody means a space."""
    if isinstance(value, str) and re.match(r" \d", value):
        return "+" + value.strip()
    return value


Id = Annotated[int, Field(ge=1, le=MAX_ID)]
Text = Annotated[str, AfterValidator(_no_control_characters)]
Line = Annotated[Text, StringConstraints(max_length=200)]
Time = Annotated[datetime, BeforeValidator(_aware_time)]
Phone = Annotated[
    str,
    BeforeValidator(_restore_plus),
    AfterValidator(_no_control_characters),
    StringConstraints(max_length=64),
]


class PageQuery(RequestModel):
    """Every list takes these two."""

    cursor: Annotated[Text, StringConstraints(max_length=500)] | None = Field(
        default=None, description="`next_cursor` of the page before."
    )
    limit: int = Field(default=50, ge=1, le=200)


class IdPath(BaseModel):
    id: Id
