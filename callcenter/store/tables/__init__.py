"""The database's tables, as SQLAlchemy Core, one module for each area. What they mean is
decided elsewhere; the migrations in `store/migrations` create exactly these (a test compares them).

Instants are aware UTC, money is in minor units beside its currency, seconds are floats.
"""

from __future__ import annotations

from callcenter.store.tables.base import metadata
from callcenter.store.tables.calls import call_channels, call_legs, calls
from callcenter.store.tables.customers import (
    customer_words,
    customers,
    invoices,
    orders,
    organizations,
    phone_numbers,
)
from callcenter.store.tables.deals import deals
from callcenter.store.tables.interactions import interaction_candidates, interactions, notes
from callcenter.store.tables.journal import call_journal, call_repairs
from callcenter.store.tables.ledger import (
    ledger_inbox,
    ledger_positions,
    ledger_received,
    ledger_set_aside,
)
from callcenter.store.tables.operations import erased, pbx_links, pbx_names, routing_decisions
from callcenter.store.tables.outcomes import (
    interaction_outcomes,
    outcome_drafts,
    outcomes,
    script_runs,
    scripts,
)
from callcenter.store.tables.people import agents, api_tokens, audit_log, idempotency_keys, users
from callcenter.store.tables.sound import leg_quality, recording_pauses
from callcenter.store.tables.staffing import (
    agent_history,
    outbound_rights,
    pause_reasons,
    queue_settings,
    user_skills,
)
from callcenter.store.tables.tasks import line_messages, missed_calls, tasks

__all__ = [
    "agent_history",
    "agents",
    "api_tokens",
    "audit_log",
    "call_channels",
    "call_journal",
    "call_legs",
    "call_repairs",
    "calls",
    "customer_words",
    "customers",
    "deals",
    "erased",
    "idempotency_keys",
    "interaction_candidates",
    "interaction_outcomes",
    "interactions",
    "invoices",
    "ledger_inbox",
    "ledger_positions",
    "ledger_received",
    "ledger_set_aside",
    "leg_quality",
    "line_messages",
    "metadata",
    "missed_calls",
    "notes",
    "orders",
    "organizations",
    "outbound_rights",
    "outcome_drafts",
    "outcomes",
    "pause_reasons",
    "pbx_links",
    "pbx_names",
    "phone_numbers",
    "queue_settings",
    "recording_pauses",
    "routing_decisions",
    "script_runs",
    "scripts",
    "tasks",
    "user_skills",
    "users",
]
