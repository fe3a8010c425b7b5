"""An assessment: one contact, judged by one card in one version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from callcenter.assessments.life import State

LONGEST_COMMENT = 2000
LONGEST_REMARK = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """`score` in hundredths of a percent, None while nothing counted. `contact_at`: when the
    contact began, by which it counts. `calibration_id`: it is part of a round, no operator's
    figure. `version` counts changes; what was read at another one is not overwritten."""

    id: int = 0
    card_id: int
    card_version_id: int
    interaction_id: int
    operator_id: int
    assessor_id: int
    sample_item_id: int | None = None
    calibration_id: int | None = None
    channel: str
    queue: str
    contact_at: datetime
    state: State = "draft"
    score: int | None = None
    fatal: bool = False
    comment: str = ""
    reply: str = ""
    closing: str = ""
    closed_by: int | None = None
    created_at: datetime
    finished_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A calibration: one contact that several assess without seeing each other's answers."""

    id: int = 0
    title: str
    card_version_id: int
    interaction_id: int
    assessor_ids: tuple[int, ...]
    made_by: int
    made_at: datetime
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
