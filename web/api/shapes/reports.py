"""Reports: what there is to ask, and answers with their formulas."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from web.api.fields import AnswerModel, PageQuery, RequestModel, Text

_Words = Annotated[Text, StringConstraints(max_length=2000)]
_Day = Annotated[Text, StringConstraints(max_length=10)]
_SEVERAL = "Several are parted by commas."


class ReportPath(BaseModel):
    report: Annotated[str, StringConstraints(max_length=32)]


class Figure(AnswerModel):
    name: str
    title: str
    unit: Literal["count", "share", "seconds", "score", "erlangs"] = Field(
        description="A share is from 0 to 1."
    )
    formula: str
    cited: str = Field(description="Whose definition it is; empty: our own.")


class Report(AnswerModel):
    key: str
    title: str
    figures: list[Figure]
    by: list[str] = Field(description="How it is grouped unless asked otherwise.")
    groups: list[str] = Field(description="How it can be grouped.")


class ReportList(AnswerModel):
    items: list[Report]


class ReportLanguage(RequestModel):
    language: Literal["en", "pl", "ru"] | None = Field(
        default=None, description="Of titles, formulas and notes; else that of Accept-Language."
    )


class ReportQuestion(ReportLanguage):
    """As in the address of the page."""

    period: Annotated[Text, StringConstraints(max_length=16)] | None = Field(
        default=None,
        description="today, yesterday, 7d, week, last_week, month, last_month, 90d, year; "
        "else `from` and `to`.",
    )
    from_: _Day | None = Field(default=None, alias="from", description="The first local day.")
    to: _Day | None = Field(default=None, description="The last local day, included.")
    zone: Annotated[Text, StringConstraints(max_length=64)] | None = Field(
        default=None, description="Such as Europe/Warsaw; else the zone of the token's user."
    )
    by: _Words | None = Field(default=None, description=f"At most two. {_SEVERAL}")
    queue: _Words | None = Field(default=None, description=_SEVERAL)
    operator: _Words | None = Field(default=None, description=f"Ids of users. {_SEVERAL}")
    did: _Words | None = Field(default=None, description=f"Numbers dialled. {_SEVERAL}")
    trunk: _Words | None = Field(default=None, description=_SEVERAL)
    channel: _Words | None = Field(default=None, description=_SEVERAL)
    direction: _Words | None = Field(default=None, description=_SEVERAL)
    result: _Words | None = Field(default=None, description=_SEVERAL)
    outcome: _Words | None = Field(default=None, description=f"Ids of outcomes. {_SEVERAL}")
    segment: _Words | None = Field(default=None, description=f"Ids of segments. {_SEVERAL}")
    sl: Annotated[Text, StringConstraints(max_length=6)] | None = Field(
        default=None, description="Seconds of the service level; else those of each queue."
    )
    abandons: Literal["in", "out"] = Field(
        default="in", description="Whether who hung up counts against the service level."
    )
    short: Literal["in", "out"] = Field(
        default="out", description="Whether short abandons count as abandons."
    )
    again: Annotated[Text, StringConstraints(max_length=3)] | None = Field(
        default=None, description="Within how many days another contact is one again."
    )


class CellQuestion(ReportQuestion, PageQuery):
    figure: Annotated[Text, StringConstraints(max_length=40)]
    row: _Words | None = Field(
        default=None, description=f"The row's key as the report gave it. {_SEVERAL} None: all."
    )


class ReportRow(AnswerModel):
    key: list[str]
    values: dict[str, float | None]


class Column(AnswerModel):
    name: str = Field(description="The same in every language.")
    title: str


class ReportAnswer(AnswerModel):
    report: str
    title: str = Field(description="In the language asked for, as those of columns and notes.")
    columns: list[Column] = Field(description="The groupings, then the figures.")
    notes: list[str] = Field(description="What is to be known of this answer, in words.")
    start: datetime
    end: datetime = Field(description="Not included.")
    zone: str
    by: list[str]
    rows: list[ReportRow]
    totals: dict[str, float | None]
    cut: bool = Field(description="There were more rows than an answer has.")
    as_of: datetime | None = Field(description="Counted up to here; null: everything is.")
