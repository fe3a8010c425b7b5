"""Score cards, assessments, samples and calibration rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from callcenter.assessments.assessment import Assessment, Round
from callcenter.assessments.card import ScoreCard
from callcenter.assessments.sampling import Contact, Drawn, Item, Rules
from callcenter.assessments.scoring import Given


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessable:
    """A contact as an assessment needs it. `done`: somebody of ours spoke or wrote."""

    interaction_id: int
    operator_id: int | None
    channel: str
    queue: str
    at: datetime
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem:
    id: int
    sample_id: int
    card_id: int
    item: Item
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleMade:
    """What is kept of a draw, so that it can be told again."""

    card_id: int
    week: date
    zone: str
    rules: Rules
    seed: str
    made_by: int
    made_at: datetime


class ScoreCards(Protocol):
    def all(self) -> Sequence[ScoreCard]:
        """In the version that counts now; by title."""
        ...

    def get(self, card_id: int) -> ScoreCard | None: ...

    def hold(self, card_id: int) -> ScoreCard | None:
        """No two draw by it at once: who comes second waits, and reads what the first has drawn."""
        ...

    def of_version(self, version_id: int) -> ScoreCard | None: ...

    def add(self, card: ScoreCard, user_id: int | None, at: datetime) -> int:
        """Conflict where the title is taken."""
        ...

    def save(self, card: ScoreCard, expected: int) -> bool:
        """False where the card is not at this version any more. The questions are not touched."""
        ...

    def put_questions(self, card: ScoreCard, user_id: int | None, at: datetime) -> None:
        """In place while nothing was assessed by them, else as the next version."""
        ...

    def is_used(self, card_id: int) -> bool: ...

    def remove(self, card_id: int) -> None: ...


class Assessments(Protocol):
    def contact(self, interaction_id: int) -> Assessable | None: ...

    def add(self, assessment: Assessment) -> int | None:
        """None where this contact is assessed by this card already."""
        ...

    def get(self, assessment_id: int) -> Assessment | None:
        """Held until the transaction's end."""
        ...

    def of_contact(self, interaction_id: int, card_id: int) -> Assessment | None: ...

    def change(self, assessment_id: int, version: int, values: Mapping[str, Any]) -> bool:
        """False where it is not at this version any more; else it is at the next one."""
        ...

    def remove(self, assessment_id: int) -> None: ...

    def answers(self, assessment_id: int) -> dict[str, Given]: ...

    def put_answer(self, assessment_id: int, given: Given, share: int | None) -> None: ...

    def waiting(self, user_ids: Sequence[int]) -> dict[int, dict[str, int]]:
        """User → how much waits for them (quality_mine, quality_asked), whole."""
        ...

    # -- samples

    def operators(self) -> Sequence[int]:
        """Everybody who works with callers now."""
        ...

    def contacts(
        self,
        card_id: int,
        since: datetime,
        until: datetime,
        *,
        rules: Rules,
        operator_ids: Sequence[int],
        limit: int,
    ) -> Sequence[Contact]:
        """Contacts of these operators that were held in this time, of the channels, queues and the
        direction that `rules` name; lengths are not looked at."""
        ...

    def drawn(self, card_id: int, week: date) -> dict[int, int]:
        """Operator → how many were drawn for them in this week, those set aside left out."""
        ...

    def add_sample(self, made: SampleMade, drawn: Drawn) -> int: ...

    def item(self, item_id: int) -> StoredItem | None: ...

    def take_item(self, interaction_id: int, card_id: int) -> int | None:
        """The id of what was drawn and waits for this card; from now on it is taken."""
        ...

    def set_item(self, item_id: int, state: str, reason: str = "") -> None: ...

    # -- calibration

    def add_round(self, made: Round) -> int: ...

    def round(self, round_id: int) -> Round | None: ...

    def of_round(self, round_id: int, assessor_id: int) -> Assessment | None: ...

    def close_round(self, round_id: int, at: datetime) -> None: ...
