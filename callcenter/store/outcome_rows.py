"""Rows of outcomes, scripts and deals as values: shared by repositories and queries."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from callcenter.outcomes.outcome import REQUIREMENTS, Outcome
from callcenter.sales.deal import Deal
from callcenter.scripts.script import Script, steps_of
from callcenter.scripts.stored import Run, StoredScript


def outcome_of(row: Row[Any]) -> Outcome:
    return Outcome(
        id=row.id,
        queue=row.queue,
        parent_id=row.parent_id,
        label=row.label,
        labels=row.labels or {},
        kind=row.kind,
        requires=tuple(name for name in REQUIREMENTS if name in (row.requires or ())),
        position=row.position,
        active=row.active,
    )


def script_of(row: Row[Any]) -> StoredScript:
    return StoredScript(
        id=row.id,
        script=Script(title=row.title, queue=row.queue, steps=steps_of(row.steps)),
        active=row.active,
        updated_at=row.updated_at,
        version=row.version,
    )


def run_of(row: Row[Any]) -> Run:
    return Run(**row._mapping)


def deal_of(row: Row[Any]) -> Deal:
    return Deal(**row._mapping)
