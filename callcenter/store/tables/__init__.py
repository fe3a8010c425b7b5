"""The database's tables, as SQLAlchemy Core, one module for each area. What they mean is
decided elsewhere; the migrations in `store/migrations` create exactly these (a test compares them).

Instants are aware UTC, money is in minor units beside its currency, seconds are floats.
"""

from __future__ import annotations

from callcenter.store.tables.about import (
    consents,
    custom_fields,
    custom_values,
    customer_tags,
    files,
    tags,
)
from callcenter.store.tables.alerts import (
    alert_evaluator,
    alert_mails,
    alert_policy,
    alerts,
    goals,
    threshold_states,
    thresholds,
)
from callcenter.store.tables.archive import (
    archive_calls,
    archive_contacts,
    archive_months,
    archive_returned,
    archive_rules,
)
from callcenter.store.tables.assessments import (
    assessment_answers,
    assessments,
    calibrations,
    sample_items,
    samples,
    score_card_versions,
    score_cards,
)
from callcenter.store.tables.base import metadata
from callcenter.store.tables.boards import boards, wall_tokens
from callcenter.store.tables.callbacks import callback_requests, voicemails
from callcenter.store.tables.calls import call_channels, call_legs, calls
from callcenter.store.tables.chats import chat_offers, chat_visits
from callcenter.store.tables.contacts import (
    addresses,
    contact_points,
    memberships,
    organization_phones,
)
from callcenter.store.tables.conversations import (
    attachments,
    chat_widgets,
    conversations,
    mail_positions,
    mail_set_aside,
    meetings,
    messages,
    reply_templates,
)
from callcenter.store.tables.customers import (
    customer_words,
    customers,
    organizations,
    phone_numbers,
)
from callcenter.store.tables.deals import deals
from callcenter.store.tables.finding import name_variants, name_words
from callcenter.store.tables.history import (
    batches,
    changes,
    duplicate_keys,
    duplicate_pairs,
    duplicate_searches,
    merges,
)
from callcenter.store.tables.hours import calendar_days, calendars, closures
from callcenter.store.tables.imports import (
    exports,
    external_ids,
    import_errors,
    import_mappings,
    imports,
)
from callcenter.store.tables.interactions import interaction_candidates, interactions, notes
from callcenter.store.tables.journal import call_journal, call_repairs
from callcenter.store.tables.ledger import (
    ledger_inbox,
    ledger_positions,
    ledger_received,
    ledger_set_aside,
)
from callcenter.store.tables.menus import (
    caller_pins,
    identifications,
    menu_versions,
    menus,
    prompt_files,
    prompt_recordings,
    prompts,
)
from callcenter.store.tables.operations import erased, pbx_links, pbx_names, routing_decisions
from callcenter.store.tables.outcomes import (
    interaction_outcomes,
    outcome_drafts,
    outcomes,
    script_runs,
    scripts,
)
from callcenter.store.tables.pbx_plan import pbx_applied, pbx_numbers, pbx_plans, pbx_secrets
from callcenter.store.tables.people import agents, api_tokens, audit_log, idempotency_keys, users
from callcenter.store.tables.privacy import doomed_files, privacy_jobs, retention_rules
from callcenter.store.tables.report_views import report_mails, report_schedules, report_views
from callcenter.store.tables.reports import (
    contact_days,
    contact_halves,
    operator_halves,
    queue_visits,
    report_dirty,
    report_progress,
    state_halves,
)
from callcenter.store.tables.rights import (
    field_rights,
    role_rights,
    roles,
    team_members,
    teams,
)
from callcenter.store.tables.routing import routing_versions
from callcenter.store.tables.routing_trials import routing_trial_calls, routing_trials
from callcenter.store.tables.segments import (
    bulk_targets,
    segment_members,
    segments,
    user_settings,
)
from callcenter.store.tables.sound import leg_quality, recording_pauses
from callcenter.store.tables.staffing import (
    agent_history,
    outbound_rights,
    pause_reasons,
    queue_settings,
    user_skills,
)
from callcenter.store.tables.staffing_goals import staffing_goals
from callcenter.store.tables.supervision import (
    call_claims,
    skill_loans,
    supervision_policy,
    supervision_sessions,
)
from callcenter.store.tables.surveys import survey_answers, surveys
from callcenter.store.tables.tasks import line_messages, missed_calls, tasks
from callcenter.store.tables.trade import (
    customer_figures,
    figure_bounds,
    invoices,
    orders,
    payments,
    visits,
)
from callcenter.store.tables.webhooks import webhook_deliveries, webhooks

__all__ = [
    "addresses",
    "agent_history",
    "agents",
    "alert_evaluator",
    "alert_mails",
    "alert_policy",
    "alerts",
    "api_tokens",
    "archive_calls",
    "archive_contacts",
    "archive_months",
    "archive_returned",
    "archive_rules",
    "assessment_answers",
    "assessments",
    "attachments",
    "audit_log",
    "batches",
    "boards",
    "bulk_targets",
    "calendar_days",
    "calendars",
    "calibrations",
    "call_channels",
    "call_claims",
    "call_journal",
    "call_legs",
    "call_repairs",
    "callback_requests",
    "caller_pins",
    "calls",
    "changes",
    "chat_offers",
    "chat_visits",
    "chat_widgets",
    "closures",
    "consents",
    "contact_days",
    "contact_halves",
    "contact_points",
    "conversations",
    "custom_fields",
    "custom_values",
    "customer_figures",
    "customer_tags",
    "customer_words",
    "customers",
    "deals",
    "doomed_files",
    "duplicate_keys",
    "duplicate_pairs",
    "duplicate_searches",
    "erased",
    "exports",
    "external_ids",
    "field_rights",
    "figure_bounds",
    "files",
    "goals",
    "idempotency_keys",
    "identifications",
    "import_errors",
    "import_mappings",
    "imports",
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
    "mail_positions",
    "mail_set_aside",
    "meetings",
    "memberships",
    "menu_versions",
    "menus",
    "merges",
    "messages",
    "metadata",
    "missed_calls",
    "name_variants",
    "name_words",
    "notes",
    "operator_halves",
    "orders",
    "organization_phones",
    "organizations",
    "outbound_rights",
    "outcome_drafts",
    "outcomes",
    "pause_reasons",
    "payments",
    "pbx_applied",
    "pbx_links",
    "pbx_names",
    "pbx_numbers",
    "pbx_plans",
    "pbx_secrets",
    "phone_numbers",
    "privacy_jobs",
    "prompt_files",
    "prompt_recordings",
    "prompts",
    "queue_settings",
    "queue_visits",
    "recording_pauses",
    "reply_templates",
    "report_dirty",
    "report_mails",
    "report_progress",
    "report_schedules",
    "report_views",
    "retention_rules",
    "role_rights",
    "roles",
    "routing_decisions",
    "routing_trial_calls",
    "routing_trials",
    "routing_versions",
    "sample_items",
    "samples",
    "score_card_versions",
    "score_cards",
    "script_runs",
    "scripts",
    "segment_members",
    "segments",
    "skill_loans",
    "staffing_goals",
    "state_halves",
    "supervision_policy",
    "supervision_sessions",
    "survey_answers",
    "surveys",
    "tags",
    "tasks",
    "team_members",
    "teams",
    "threshold_states",
    "thresholds",
    "user_settings",
    "user_skills",
    "users",
    "visits",
    "voicemails",
    "wall_tokens",
    "webhook_deliveries",
    "webhooks",
]
