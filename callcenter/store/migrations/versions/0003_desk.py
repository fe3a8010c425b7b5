"""The desk: states over time, queues and skills, outcomes, scripts, deals, tasks, missed calls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OPEN_TASK = sa.text("state = 'open'")
_PAUSES = (
    # code, title, productive, limit in seconds
    ("break", "Break", False, 900),
    ("lunch", "Lunch", False, 3600),
    ("meeting", "Meeting", True, None),
    ("training", "Training", True, None),
    ("paperwork", "Paperwork", True, None),
)
_QUEUES = (("support", "Support"), ("sales", "Sales"), ("vip", "VIP"), ("debtors", "Debtors"))
_ROLES = ("operator", "supervisor", "admin")


def upgrade() -> None:
    _widen_agents()
    _make_staffing()
    _make_outcomes()
    _make_deals()
    _make_tasks()
    _make_missed_calls()
    _make_line()
    _make_sound()
    _fill()


def _widen_agents() -> None:
    op.add_column(
        "agents",
        sa.Column("chosen", sa.String(length=16), server_default="offline", nullable=False),
    )
    op.add_column(
        "agents",
        sa.Column("chosen_reason", sa.String(length=80), server_default="", nullable=False),
    )
    op.add_column("agents", sa.Column("wrap_up_of", sa.String(), nullable=True))
    op.add_column("agents", sa.Column("wrap_up_until", types.UtcDateTime(), nullable=True))
    op.add_column(
        "agents", sa.Column("device", sa.String(length=8), server_default="desk", nullable=False)
    )
    op.add_column("agents", sa.Column("missed_seen_at", types.UtcDateTime(), nullable=True))
    op.execute(
        "UPDATE agents SET chosen_reason = reason, chosen = CASE WHEN state IN "
        "('ready', 'paused', 'offline') THEN state ELSE 'ready' END"
    )


def _make_staffing() -> None:
    op.create_table(
        "agent_history",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=80), server_default="", nullable=False),
        sa.Column("productive", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=True),
        sa.Column("began_at", types.UtcDateTime(), nullable=False),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_agent_history_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_history")),
    )
    op.create_index("ix_agent_history_began_at", "agent_history", ["began_at"])
    op.create_index(
        "ix_agent_history_open",
        "agent_history",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_agent_history_user_id", "agent_history", ["user_id", "began_at"])
    op.create_table(
        "pause_reasons",
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("productive", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("limit_seconds", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.CheckConstraint("limit_seconds > 0", name=op.f("ck_pause_reasons_limit_seconds")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_pause_reasons")),
    )
    op.create_table(
        "scripts",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("queue", sa.String(length=80), server_default="", nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scripts")),
    )
    op.create_table(
        "queue_settings",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=80), server_default="", nullable=False),
        sa.Column("skill", sa.String(length=80), server_default="", nullable=False),
        sa.Column("wrap_up", sa.String(length=16), server_default="none", nullable=False),
        sa.Column("wrap_up_seconds", sa.Integer(), server_default="30", nullable=False),
        sa.Column("auto_answer", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("outcome_required", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("script_id", types.Id, nullable=True),
        sa.Column("short_abandon_seconds", sa.Integer(), server_default="5", nullable=False),
        sa.Column("return_minutes", sa.Integer(), server_default="60", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "wrap_up IN ('none', 'timed', 'until_done')", name=op.f("ck_queue_settings_wrap_up")
        ),
        sa.CheckConstraint("return_minutes >= 0", name=op.f("ck_queue_settings_return_minutes")),
        sa.CheckConstraint(
            "short_abandon_seconds >= 0", name=op.f("ck_queue_settings_short_abandon_seconds")
        ),
        sa.CheckConstraint("wrap_up_seconds >= 0", name=op.f("ck_queue_settings_wrap_up_seconds")),
        sa.ForeignKeyConstraint(
            ["script_id"], ["scripts.id"], name=op.f("fk_queue_settings_script_id")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_queue_settings")),
    )
    op.create_table(
        "user_skills",
        sa.Column("user_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("skill", sa.String(length=80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 9", name=op.f("ck_user_skills_level")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_skills_user_id")),
        sa.PrimaryKeyConstraint("user_id", "skill", name=op.f("pk_user_skills")),
    )
    op.create_index("ix_user_skills_skill", "user_skills", ["skill"])
    op.create_table(
        "outbound_rights",
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("allowed", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("prefixes", sa.String(length=400), server_default="", nullable=False),
        sa.Column("caller_id", sa.String(length=80), server_default="", nullable=False),
        sa.Column("per_hour", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("per_hour >= 0", name=op.f("ck_outbound_rights_per_hour")),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_outbound_rights")),
    )


def _make_outcomes() -> None:
    op.create_table(
        "outcomes",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("queue", sa.String(length=80), server_default="", nullable=False),
        sa.Column("parent_id", types.Id, nullable=True),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(length=8), server_default="neutral", nullable=False),
        sa.Column("requires", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.CheckConstraint("kind IN ('good', 'bad', 'neutral')", name=op.f("ck_outcomes_kind")),
        sa.ForeignKeyConstraint(["parent_id"], ["outcomes.id"], name=op.f("fk_outcomes_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
    )
    op.create_index(op.f("ix_outcomes_parent_id"), "outcomes", ["parent_id"])
    op.create_index("ix_outcomes_queue", "outcomes", ["queue", "position"])
    op.create_table(
        "interaction_outcomes",
        sa.Column("interaction_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("outcome_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interactions.id"],
            name=op.f("fk_interaction_outcomes_interaction_id"),
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcomes.id"], name=op.f("fk_interaction_outcomes_outcome_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_interaction_outcomes_user_id")
        ),
        sa.PrimaryKeyConstraint("interaction_id", name=op.f("pk_interaction_outcomes")),
    )
    op.create_index(
        "ix_interaction_outcomes_outcome_id", "interaction_outcomes", ["outcome_id", "at"]
    )
    op.create_index("ix_interaction_outcomes_user_id", "interaction_outcomes", ["user_id", "at"])
    op.create_table(
        "outcome_drafts",
        sa.Column("interaction_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("user_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interactions.id"], name=op.f("fk_outcome_drafts_interaction_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_outcome_drafts_user_id")),
        sa.PrimaryKeyConstraint("interaction_id", "user_id", name=op.f("pk_outcome_drafts")),
    )
    op.create_table(
        "script_runs",
        sa.Column("interaction_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("script_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("step", sa.String(length=80), server_default="", nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interactions.id"], name=op.f("fk_script_runs_interaction_id")
        ),
        sa.ForeignKeyConstraint(
            ["script_id"], ["scripts.id"], name=op.f("fk_script_runs_script_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_script_runs_user_id")),
        sa.PrimaryKeyConstraint("interaction_id", name=op.f("pk_script_runs")),
    )
    op.create_index(op.f("ix_script_runs_script_id"), "script_runs", ["script_id"])


def _make_deals() -> None:
    op.create_table(
        "deals",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("customer_id", types.Id, nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("amount_minor", types.Money, server_default="0", nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=8), server_default="open", nullable=False),
        sa.Column("next_step", sa.String(length=255), server_default="", nullable=False),
        sa.Column("next_step_on", sa.Date(), nullable=True),
        sa.Column("owner_id", types.Id, nullable=True),
        sa.Column("loss_reason", sa.String(length=255), server_default="", nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("state IN ('open', 'won', 'lost')", name=op.f("ck_deals_state")),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_deals_amount_minor")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_deals_customer_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_deals_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deals")),
    )
    op.create_index("ix_deals_customer_id", "deals", ["customer_id", "state"])
    op.create_index("ix_deals_owner_id", "deals", ["owner_id", "state", "next_step_on"])


def _make_tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=8), server_default="task", nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("details", sa.Text(), server_default="", nullable=False),
        sa.Column("customer_id", types.Id, nullable=True),
        sa.Column("interaction_id", types.Id, nullable=True),
        sa.Column("number", types.code_text(16), server_default="", nullable=False),
        sa.Column("assignee_id", types.Id, nullable=True),
        sa.Column("queue", sa.String(length=80), server_default="", nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=False),
        sa.Column("remind_at", types.UtcDateTime(), nullable=True),
        sa.Column("reminded_at", types.UtcDateTime(), nullable=True),
        sa.Column("state", sa.String(length=16), server_default="open", nullable=False),
        sa.Column("done_at", types.UtcDateTime(), nullable=True),
        sa.Column("done_by", types.Id, nullable=True),
        sa.Column("result", sa.String(length=255), server_default="", nullable=False),
        sa.Column("created_by", types.Id, nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("kind IN ('task', 'callback')", name=op.f("ck_tasks_kind")),
        sa.CheckConstraint("state IN ('open', 'done', 'cancelled')", name=op.f("ck_tasks_state")),
        sa.ForeignKeyConstraint(["assignee_id"], ["users.id"], name=op.f("fk_tasks_assignee_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_tasks_created_by")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_tasks_customer_id")
        ),
        sa.ForeignKeyConstraint(["done_by"], ["users.id"], name=op.f("fk_tasks_done_by")),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interactions.id"], name=op.f("fk_tasks_interaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(
        "ix_tasks_assignee_id",
        "tasks",
        ["assignee_id", "due_at"],
        postgresql_where=_OPEN_TASK,
        sqlite_where=_OPEN_TASK,
    )
    op.create_index("ix_tasks_customer_id", "tasks", ["customer_id", "state", "due_at"])
    op.create_index(
        "ix_tasks_due_at",
        "tasks",
        ["due_at", "id"],
        postgresql_where=_OPEN_TASK,
        sqlite_where=_OPEN_TASK,
    )
    op.create_index(op.f("ix_tasks_interaction_id"), "tasks", ["interaction_id"])
    op.create_index(
        "ix_tasks_number", "tasks", ["number"], postgresql_where=_OPEN_TASK, sqlite_where=_OPEN_TASK
    )
    op.create_index(
        "ix_tasks_queue",
        "tasks",
        ["queue", "due_at"],
        postgresql_where=_OPEN_TASK,
        sqlite_where=_OPEN_TASK,
    )
    op.create_index(
        "ix_tasks_remind_at",
        "tasks",
        ["remind_at"],
        postgresql_where=sa.text("state = 'open' AND reminded_at IS NULL"),
        sqlite_where=sa.text("state = 'open' AND reminded_at IS NULL"),
    )


def _make_missed_calls() -> None:
    op.create_table(
        "missed_calls",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("number", types.code_text(16), nullable=False),
        sa.Column("customer_id", types.Id, nullable=True),
        sa.Column("queue", sa.String(length=80), server_default="", nullable=False),
        sa.Column("first_at", types.UtcDateTime(), nullable=False),
        sa.Column("last_at", types.UtcDateTime(), nullable=False),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.Column("interaction_id", types.Id, nullable=True),
        sa.Column("due_at", types.UtcDateTime(), nullable=False),
        sa.Column("claimed_by", types.Id, nullable=True),
        sa.Column("claimed_at", types.UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_attempt_at", types.UtcDateTime(), nullable=True),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.Column("closed_how", sa.String(length=16), server_default="", nullable=False),
        sa.Column("closed_by", types.Id, nullable=True),
        sa.Column("closed_interaction_id", types.Id, nullable=True),
        sa.Column("closed_why", sa.String(length=255), server_default="", nullable=False),
        sa.CheckConstraint(
            "closed_how IN ('', 'reached', 'got_through', 'by_hand')",
            name=op.f("ck_missed_calls_closed_how"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_missed_calls_attempts")),
        sa.CheckConstraint("times >= 1", name=op.f("ck_missed_calls_times")),
        sa.ForeignKeyConstraint(
            ["claimed_by"], ["users.id"], name=op.f("fk_missed_calls_claimed_by")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["users.id"], name=op.f("fk_missed_calls_closed_by")
        ),
        sa.ForeignKeyConstraint(
            ["closed_interaction_id"],
            ["interactions.id"],
            name=op.f("fk_missed_calls_closed_interaction_id"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_missed_calls_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interactions.id"], name=op.f("fk_missed_calls_interaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_calls")),
    )
    op.create_index("ix_missed_calls_closed_at", "missed_calls", ["closed_at", "id"])
    op.create_index("ix_missed_calls_number_last_at", "missed_calls", ["number", "last_at"])
    op.create_index(
        op.f("ix_missed_calls_closed_interaction_id"), "missed_calls", ["closed_interaction_id"]
    )
    op.create_index("ix_missed_calls_customer_id", "missed_calls", ["customer_id"])
    op.create_index(
        "ix_missed_calls_due_at",
        "missed_calls",
        ["due_at", "id"],
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(op.f("ix_missed_calls_interaction_id"), "missed_calls", ["interaction_id"])
    op.create_index(
        "ix_missed_calls_number",
        "missed_calls",
        ["number"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_missed_calls_queue",
        "missed_calls",
        ["queue", "due_at"],
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )


def _make_line() -> None:
    op.create_table(
        "line_messages",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("sender_id", types.Id, nullable=False),
        sa.Column("recipient_id", types.Id, nullable=True),
        sa.Column("kind", sa.String(length=8), server_default="text", nullable=False),
        sa.Column("text", sa.String(length=2000), server_default="", nullable=False),
        sa.Column("call_id", sa.String(), nullable=True),
        sa.Column("read_at", types.UtcDateTime(), nullable=True),
        sa.Column("resolved_at", types.UtcDateTime(), nullable=True),
        sa.Column("resolved_by", types.Id, nullable=True),
        sa.CheckConstraint("kind IN ('text', 'help')", name=op.f("ck_line_messages_kind")),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["users.id"], name=op.f("fk_line_messages_recipient_id")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by"], ["users.id"], name=op.f("fk_line_messages_resolved_by")
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["users.id"], name=op.f("fk_line_messages_sender_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_messages")),
    )
    op.create_index(op.f("ix_line_messages_at"), "line_messages", ["at"])
    op.create_index(
        "ix_line_messages_help",
        "line_messages",
        ["id"],
        postgresql_where=sa.text("kind = 'help' AND resolved_at IS NULL"),
        sqlite_where=sa.text("kind = 'help' AND resolved_at IS NULL"),
    )
    op.create_index("ix_line_messages_recipient_id", "line_messages", ["recipient_id", "id"])
    op.create_index("ix_line_messages_sender_id", "line_messages", ["sender_id", "id"])
    op.create_index(
        "ix_line_messages_unread",
        "line_messages",
        ["recipient_id", "id"],
        postgresql_where=sa.text("read_at IS NULL"),
        sqlite_where=sa.text("read_at IS NULL"),
    )


def _make_sound() -> None:
    op.create_table(
        "leg_quality",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("uniqueid", sa.String(), nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("mos", sa.Float(), nullable=True),
        sa.Column("mos_worst", sa.Float(), nullable=True),
        sa.Column("loss_percent", sa.Float(), nullable=True),
        sa.Column("jitter_ms", sa.Float(), nullable=True),
        sa.Column("round_trip_ms", sa.Float(), nullable=True),
        sa.Column("codec", sa.String(length=40), server_default="", nullable=False),
        sa.Column("samples", sa.Integer(), server_default="0", nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_leg_quality_call_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_leg_quality_user_id")),
        sa.PrimaryKeyConstraint("call_id", "uniqueid", name=op.f("pk_leg_quality")),
    )
    op.create_index("ix_leg_quality_user_id", "leg_quality", ["user_id", "at"])
    op.create_table(
        "recording_pauses",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(length=120), nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("cause", sa.String(length=8), nullable=False),
        sa.Column("began_at", types.UtcDateTime(), nullable=False),
        sa.Column("resume_at", types.UtcDateTime(), nullable=False),
        sa.Column("resumed_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "cause IN ('button', 'field', 'script')", name=op.f("ck_recording_pauses_cause")
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_recording_pauses_call_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_recording_pauses_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_pauses")),
    )
    op.create_index(op.f("ix_recording_pauses_call_id"), "recording_pauses", ["call_id"])
    op.create_index(
        "ix_recording_pauses_open",
        "recording_pauses",
        ["call_id", "channel"],
        unique=True,
        postgresql_where=sa.text("resumed_at IS NULL"),
        sqlite_where=sa.text("resumed_at IS NULL"),
    )
    op.create_index(
        "ix_recording_pauses_resume_at",
        "recording_pauses",
        ["resume_at"],
        postgresql_where=sa.text("resumed_at IS NULL"),
        sqlite_where=sa.text("resumed_at IS NULL"),
    )


def _fill() -> None:
    op.bulk_insert(
        sa.table(
            "pause_reasons",
            *map(sa.column, ("code", "title", "productive", "limit_seconds", "position")),
        ),
        [
            {"code": code, "title": title, "productive": productive, "limit_seconds": limit}
            | {"position": position}
            for position, (code, title, productive, limit) in enumerate(_PAUSES)
        ],
    )
    op.bulk_insert(
        sa.table("queue_settings", *map(sa.column, ("name", "title", "wrap_up", "position"))),
        [
            {"name": name, "title": title, "wrap_up": "timed", "position": position}
            for position, (name, title) in enumerate(_QUEUES)
        ],
    )
    op.bulk_insert(
        sa.table("outbound_rights", sa.column("role")), [{"role": role} for role in _ROLES]
    )


def downgrade() -> None:
    for table in (
        "recording_pauses",
        "leg_quality",
        "line_messages",
        "missed_calls",
        "tasks",
        "deals",
        "script_runs",
        "outcome_drafts",
        "interaction_outcomes",
        "outcomes",
        "outbound_rights",
        "user_skills",
        "queue_settings",
        "scripts",
        "pause_reasons",
        "agent_history",
    ):
        op.drop_table(table)
    op.execute(
        "UPDATE agents SET state = CASE state WHEN 'hold' THEN 'talking' ELSE 'ready' END "
        "WHERE state IN ('hold', 'wrap_up')"
    )
    for column in (
        "missed_seen_at",
        "device",
        "wrap_up_until",
        "wrap_up_of",
        "chosen_reason",
        "chosen",
    ):
        op.drop_column("agents", column)
