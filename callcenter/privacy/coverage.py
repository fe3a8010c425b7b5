"""What an erasure does with each table: said of every one, so that none is forgotten.

A test compares this with the schema: a new table, or a text that came later to a table that has
nothing of a person in it, fails until somebody decides here. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

GONE: Final[Mapping[str, str]] = MappingProxyType(
    {
        # table: by which column its rows are the person's
        "phone_numbers": "customer_id",
        "contact_points": "customer_id",
        "addresses": "customer_id",
        "memberships": "customer_id",
        "customer_tags": "customer_id",
        "consents": "customer_id",
        "caller_pins": "customer_id",
        "identifications": "customer_id",  # or number: most who fail are nobody's yet
        "customer_words": "customer_id",
        "interaction_candidates": "customer_id",
        "notes": "customer_id",
        "deals": "customer_id",
        "tasks": "customer_id",
        "missed_calls": "customer_id",
        "callback_requests": "customer_id",
        "voicemails": "customer_id",
        "archive_contacts": "customer_id",
        "archive_calls": "customer_id",
        "visits": "customer_id",
        "customer_figures": "customer_id",
        "segment_members": "customer_id",
        "bulk_targets": "customer_id",
        "duplicate_keys": "customer_id",
        "meetings": "customer_id",
        "custom_values": "object_id",
        "external_ids": "object_id",
        "changes": "object_id",
        "duplicate_pairs": "a_id",
        "merges": "survivor_id",
        "files": "customer_id",
        "attachments": "file_id",
        "messages": "conversation_id",
        "chat_visits": "conversation_id",
        "call_journal": "call_id",
        "call_repairs": "call_id",
        "script_runs": "interaction_id",
        "outcome_drafts": "interaction_id",
        "name_words": "word",
        "name_variants": "word_id",
    }
)
"""Rows that go."""

BLANKED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "customers": "an empty card stays for what must be kept",
        "interactions": "that there was a contact, and how it went, stays",
        "interaction_outcomes": "how it ended stays; what was said goes",
        "conversations": "that there was one, and how long it took, stays",
        "assessments": "the score stays; what was said of the contact goes",
        "assessment_answers": "as assessments",
        "sample_items": "which contact was drawn to be assessed stays; why it was set aside goes",
        "survey_answers": "the score stays; whose it was and what was said goes",
        "calls": "the record stays without the other side's number and name",
        "call_legs": "as the call",
        "routing_decisions": "the route stays",
        "line_messages": "that a colleague wrote stays",
        "ledger_set_aside": "the row stays empty, so that the line is not set aside again",
        "exports": "the file goes: it may hold anybody",
        "imports": "the file goes once it was taken in",
    }
)
"""Rows that stay without the person."""

SCRUBBED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "alerts": ("title", "note"),
        "audit_log": ("detail",),
        "calibrations": ("title",),
        "batches": ("title", "detail"),
        "import_errors": ("cells", "problems"),
        "imports": ("name", "plan", "problem"),
        "exports": ("plan", "problem"),
        "idempotency_keys": ("body",),
        "line_messages": ("text",),
        "mail_set_aside": ("error",),
        "organizations": ("notes",),
        "report_views": ("title", "address"),
        "report_mails": ("recipient", "problem"),
        "report_schedules": ("title", "address", "recipients", "last_result"),
        "segments": ("name", "filter"),
        "user_settings": ("value",),
        "webhook_deliveries": ("payload", "last_error"),
    }
)
"""Texts in which somebody may have written of the person: their numbers, addresses and name are
taken out of them wherever they stand."""

KEPT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "orders": "trade must be accounted for; whose it was cannot be told any more",
        "invoices": "as orders",
        "payments": "as orders",
        "privacy_jobs": "proof of what was asked and done, by the id of an empty card",
        "erased": "keyed hashes, of which nobody can tell whose they are",
        "chat_offers": "which colleague was offered a chat, and when",
        "call_channels": "ids that a PBX gave; their keyed hashes keep the call from coming back",
        "leg_quality": "how a line sounded",
        "archive_returned": "which contacts count no more in a file that is about to be made anew",
        "recording_pauses": "when a colleague paused a recording",
        "queue_visits": "how long a call waited, and where: its number is not in here",
        "supervision_sessions": "which colleague listened to whom, when and how",
    }
)
"""What stays, and why."""

NOBODYS: Final[frozenset[str]] = frozenset(
    {
        "contact_halves",
        "contact_days",
        "operator_halves",
        "state_halves",
        "report_dirty",
        "report_progress",
        "agent_history",
        "agents",
        "alembic_version",
        "alert_evaluator",
        "alert_mails",
        "alert_policy",
        "api_tokens",
        "archive_months",
        "archive_rules",
        "boards",
        "calendar_days",
        "calendars",
        "call_claims",
        "chat_widgets",
        "closures",
        "custom_fields",
        "doomed_files",
        "duplicate_searches",
        "field_rights",
        "figure_bounds",
        "goals",
        "import_mappings",
        "ledger_inbox",
        "ledger_positions",
        "ledger_received",
        "mail_positions",
        "menu_versions",
        "menus",
        "organization_phones",
        "outbound_rights",
        "outcomes",
        "pause_reasons",
        "pbx_applied",
        "pbx_links",
        "pbx_names",
        "prompt_files",
        "prompt_recordings",
        "prompts",
        "pbx_numbers",
        "pbx_plans",
        "pbx_secrets",
        "queue_settings",
        "reply_templates",
        "retention_rules",
        "role_rights",
        "roles",
        "routing_trial_calls",
        "routing_trials",
        "routing_versions",
        "samples",
        "score_card_versions",
        "score_cards",
        "scripts",
        "skill_loans",
        "staffing_goals",
        "supervision_policy",
        "surveys",
        "tags",
        "team_members",
        "teams",
        "threshold_states",
        "thresholds",
        "user_skills",
        "users",
        "wall_tokens",
        "webhooks",
    }
)
"""The company's own: colleagues, settings, bookkeeping. Lines of the ledger on their way in are
compared with what was erased when they are read."""

ALL: Final[frozenset[str]] = frozenset({*GONE, *BLANKED, *SCRUBBED, *KEPT, *NOBODYS})
