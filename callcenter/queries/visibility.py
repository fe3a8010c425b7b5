"""Which customers and what belongs to them a viewer sees: conditions for the queries of lists."""

from __future__ import annotations

from callcenter.store.visibility import (
    answers_seen_by,
    assessments_seen_by,
    belongs_to_seen,
    callbacks_seen_by,
    conversations_seen_by,
    customers_seen_by,
    deals_seen_by,
    interactions_seen_by,
    is_there,
    missed_seen_by,
    organizations_seen_by,
    reaches,
    seen_customers,
    seen_records,
    tasks_seen_by,
    voicemails_seen_by,
)

__all__ = [
    "answers_seen_by",
    "assessments_seen_by",
    "belongs_to_seen",
    "callbacks_seen_by",
    "conversations_seen_by",
    "customers_seen_by",
    "deals_seen_by",
    "interactions_seen_by",
    "is_there",
    "missed_seen_by",
    "organizations_seen_by",
    "reaches",
    "seen_customers",
    "seen_records",
    "tasks_seen_by",
    "voicemails_seen_by",
]
