"""Puts an explanation together for the API: the same facts as the page, without its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from callcenter.calls.journal import JournalPart
from callcenter.calls.record import CallRecord
from callcenter.calls.story import Lane, tell
from callcenter.queries.explanations import ExplanationView
from web.api.context import the_runtime
from web.explain.retelling import facts_of, read


def explanation_of(found: ExplanationView, parts: Sequence[JournalPart]) -> dict[str, Any]:
    interaction, record = found.interaction, found.record
    events = read(parts)
    sources = [event.source for event in events]
    return {
        "interaction_id": interaction.id,
        "call_id": interaction.call_id,
        "settled_at": found.settled_at,
        "ledger_is_read": found.ledger_is_read,
        "repairs": found.repairs,
        "number": interaction.explanation.get("number", {}),
        "match": interaction.explanation.get("match", {}),
        "region": the_runtime().settings.number_plan_for(record.trunk if record else "").region,
        "decision": interaction.decision,
        "figures": _figures(found),
        "ending": _ending(record) if record is not None and not record.live else None,
        "timeline": _timeline(record, events) if record is not None else None,
        "events": {name: sources.count(name) for name in ("live", "ledger")},
    }


def _figures(found: ExplanationView) -> dict[str, Any]:
    record, names = found.record, ("ring_seconds", "wait_seconds", "talk_seconds", "hold_seconds")
    return {
        **{name: getattr(found.interaction, name) for name in names},
        "park_seconds": record.park_seconds if record is not None else 0.0,
        "wrap_up_seconds": sum(leg.wrap_up_seconds for leg in record.legs) if record else 0.0,
    }


def _ending(record: CallRecord) -> dict[str, Any]:
    return {"by": record.hangup_by, "cause": record.hangup_cause, "seen": record.end_seen}


def _timeline(record: CallRecord, events: Sequence[Any]) -> dict[str, Any] | None:
    story = tell(record, facts_of(record, list(events)), the_runtime().clock.now())
    if story is None:
        return None
    lanes = [_lane(lane) for lane in story.lanes]
    return {"start": story.start, "end": story.end, "exact": story.exact, "lanes": lanes}


def _lane(lane: Lane) -> dict[str, Any]:
    leg = {field.name: getattr(lane.leg, field.name) for field in fields(lane.leg)}
    return {**leg, "bars": lane.bars}
