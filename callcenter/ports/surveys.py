"""What is asked after calls, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from callcenter.surveys.answering import Answer
from callcenter.surveys.survey import Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Talked:
    """An answered call of a queue that somebody may be asked about. `email`: where they may be
    written to ('' for nowhere)."""

    call_id: str
    pbx: str
    interaction_id: int
    customer_id: int | None
    operator_id: int | None
    number: str
    queue: str
    language: str = ""
    email: str = ""
    ended_at: datetime | None = None


class Surveys(Protocol):
    def all(self) -> Sequence[Survey]:
        """By title."""
        ...

    def get(self, survey_id: int) -> Survey | None: ...

    def add(self, survey: Survey) -> int:
        """Conflict where the key is taken."""
        ...

    def save(self, survey: Survey) -> None: ...

    def has_answers(self, survey_id: int) -> bool: ...

    def remove(self, survey_id: int) -> None: ...

    def talk_of(self, pbx: str, uniqueid: str) -> Talked | None:
        """The call that has this channel, once it is written."""
        ...

    def talks(
        self, queues: Sequence[str], since: datetime, until: datetime, limit: int
    ) -> Sequence[Talked]:
        """Answered calls of these queues that ended in between and that nobody is asked about."""
        ...

    def asked_since(self, customer_id: int | None, number: str, since: datetime) -> bool:
        """Whether this person was asked after any call."""
        ...

    def ask(self, values: Mapping[str, Any]) -> int | None:
        """The answer's id; None where this call is asked about already."""
        ...

    def answer(self, answer_id: int) -> Answer | None: ...

    def by_call(self, call_id: str) -> Answer | None: ...

    def by_token(self, token_digest: str) -> Answer | None:
        """Held until the transaction's end: one link is answered once."""
        ...

    def change(self, answer_id: int, values: Mapping[str, Any]) -> None: ...

    def unlinked(self, since: datetime, limit: int) -> Sequence[Answer]:
        """Those whose call was not written when they were asked."""
        ...
