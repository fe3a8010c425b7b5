"""Score cards and assessments, as the API shows them. Scores are percent, to a hundredth."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from web.api.fields import AnswerModel, Id, PageQuery, RequestModel, Text, Time
from web.api.shapes.people import UserRef

State = Literal["draft", "final", "answered", "disputed", "closed"]
Channel = Literal["call", "email", "sms", "chat"]


class ScoreQuestion(AnswerModel):
    key: str = Field(description="Stays when the words change.")
    text: str
    help: str
    kind: Literal["yesno", "scale"]
    weight: int
    most: int = Field(description="The most points: 1 for yes; a scale begins at 0.")
    fatal: bool = Field(description="Answered with no, it makes the whole score zero.")
    optional: bool = Field(description="May be left out as not applicable.")


class ScoreSection(AnswerModel):
    title: str
    questions: list[ScoreQuestion]


class ScoreCard(AnswerModel):
    """In the version that new assessments are made by."""

    id: int
    title: str
    number: int = Field(description="Of the version; questions that change make the next one.")
    active: bool
    channels: list[Channel] = Field(description="None named: all of them.")
    queues: list[str] = Field(description="None named: all of them.")
    pass_score: float | None = Field(description="Well done from here on; percent.")
    sections: list[ScoreSection]


class ScoreCardList(AnswerModel):
    items: list[ScoreCard]


class ScoreCardPath(RequestModel):
    card_id: Id


class CardRef(AnswerModel):
    id: int
    title: str


class Assessment(AnswerModel):
    """What a contact was found to be by a score card."""

    id: int
    interaction_id: int
    card: CardRef
    operator: UserRef
    assessor: UserRef
    channel: Channel
    queue: str
    contact_at: datetime = Field(description="When the contact began, by which it counts.")
    state: State
    score: float | None = Field(
        description="Percent: Σ weight × points of the most ÷ Σ weight, over the questions that "
        "apply. Null where nothing did."
    )
    fatal: bool = Field(description="A fatal error made the score zero.")
    comment: str
    reply: str = Field(description="What the operator says to it.")
    closing: str = Field(description="What they were answered.")
    created_at: datetime
    finished_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None


class AssessmentAnswer(AnswerModel):
    question: ScoreQuestion
    section: str
    value: int | None = Field(description="Points; null while it is open or does not apply.")
    not_applicable: bool
    comment: str
    recording: int | None = Field(description="Number of the contact's recording that is meant.")
    at_seconds: float | None = Field(description="The place in it.")


class AssessmentDetail(Assessment):
    card_number: int = Field(description="The version of the card that it was made by.")
    answers: list[AssessmentAnswer] = Field(description="In the order of the card.")


class AssessmentPage(AnswerModel):
    items: list[Assessment]
    next_cursor: str | None = None


class AssessmentQuery(PageQuery):
    operator_id: Id | None = None
    assessor_id: Id | None = None
    card_id: Id | None = None
    interaction_id: Id | None = None
    queue: Annotated[Text, StringConstraints(max_length=80)] | None = None
    state: State | Literal["done"] | None = Field(
        default=None, description="`done`: whatever is final."
    )
    fatal: bool = Field(default=False, description="Those with a fatal error alone.")
    since: Time | None = Field(default=None, description="Contacts that began then or later.")
    until: Time | None = Field(default=None, description="Contacts that began before that.")


class AssessmentPath(RequestModel):
    assessment_id: Id
