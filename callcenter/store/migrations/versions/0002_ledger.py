"""The ledger, the journal and repairs of calls, and what was erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _widen_calls()
    _let_a_channel_belong_to_two_calls()
    _make_journal()
    _make_ledger()
    _make_names_and_erased()


def _widen_calls() -> None:
    op.add_column("calls", _seconds("ring_seconds"))
    op.add_column("calls", _seconds("park_seconds"))
    op.add_column(
        "calls", sa.Column("end_seen", sa.Boolean(), server_default=sa.true(), nullable=False)
    )
    op.add_column("calls", sa.Column("settled_at", types.UtcDateTime(), nullable=True))
    op.add_column("call_legs", _seconds("ring_seconds"))
    op.add_column("call_legs", _seconds("wrap_up_seconds"))
    op.add_column("interactions", _seconds("ring_seconds"))
    op.add_column(
        "interactions", sa.Column("repairs", sa.Integer(), server_default="0", nullable=False)
    )
    op.create_index("ix_calls_settled_at", "calls", ["started_at", "merged_into", "settled_at"])
    op.create_index(
        "ix_interactions_repaired",
        "interactions",
        ["started_at", "id"],
        postgresql_where=sa.text("repairs > 0"),
        sqlite_where=sa.text("repairs > 0"),
    )


def _seconds(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Float(), server_default="0", nullable=False)


def _let_a_channel_belong_to_two_calls() -> None:
    op.add_column("call_channels", sa.Column("at", types.UtcDateTime(), nullable=True))
    op.execute(
        "UPDATE call_channels SET at = (SELECT coalesce(started_at, answered_at, ended_at, "
        "updated_at) FROM calls WHERE calls.id = call_channels.call_id)"
    )
    with op.batch_alter_table("call_channels") as batch:
        batch.alter_column("at", existing_type=types.UtcDateTime(), nullable=False)
        batch.drop_constraint("pk_call_channels", type_="primary")
        batch.create_primary_key("pk_call_channels", ["uniqueid", "pbx", "call_id"])


def _make_journal() -> None:
    op.create_table(
        "call_journal",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("pbx", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("started_at", types.UtcDateTime(), nullable=True),
        sa.Column("dated_at", types.UtcDateTime(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_journal")),
        sa.UniqueConstraint(
            "call_id", "source", "digest", name=op.f("uq_call_journal_call_id_source_digest")
        ),
    )
    op.create_index(op.f("ix_call_journal_dated_at"), "call_journal", ["dated_at"])
    op.create_table(
        "call_repairs",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_repairs_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_repairs")),
        sa.UniqueConstraint("call_id", "digest", name=op.f("uq_call_repairs_call_id_digest")),
    )
    op.create_index(op.f("ix_call_repairs_at"), "call_repairs", ["at"])


def _make_ledger() -> None:
    op.create_table(
        "ledger_positions",
        sa.Column("pbx", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("file_id", sa.String(length=255), nullable=False),
        sa.Column("path", sa.String(length=1024), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("read_to", sa.BigInteger(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("pbx", "source", name=op.f("pk_ledger_positions")),
    )
    op.create_table(
        "ledger_set_aside",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("pbx", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("file", sa.String(length=512), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("line", sa.String(length=2000), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_set_aside")),
        sa.UniqueConstraint(
            "pbx",
            "source",
            "file",
            "position",
            name=op.f("uq_ledger_set_aside_pbx_source_file_position"),
        ),
    )
    op.create_index("ix_ledger_set_aside_at", "ledger_set_aside", ["at", "id"])
    op.create_table(
        "ledger_received",
        sa.Column("pbx", sa.String(length=80), nullable=False),
        sa.Column("file_id", sa.String(length=255), nullable=False),
        sa.Column("path", sa.String(length=1024), nullable=False),
        sa.Column("received_to", sa.BigInteger(), nullable=False),
        sa.Column("first_at", types.UtcDateTime(), nullable=False),
        sa.Column("last_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("pbx", "file_id", name=op.f("pk_ledger_received")),
    )
    op.create_table(
        "ledger_inbox",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("pbx", sa.String(length=80), nullable=False),
        sa.Column("file_id", sa.String(length=255), nullable=False),
        sa.Column("path", sa.String(length=1024), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_inbox")),
    )
    op.create_index("ix_ledger_inbox_pbx", "ledger_inbox", ["pbx", "id"])


def _make_names_and_erased() -> None:
    op.create_table(
        "pbx_names",
        sa.Column("pbx", sa.String(length=80), nullable=False),
        sa.Column("system_name", sa.String(length=80), nullable=False),
        sa.Column("first_seen", types.UtcDateTime(), nullable=False),
        sa.Column("last_seen", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("pbx", "system_name", name=op.f("pk_pbx_names")),
    )
    op.create_table(
        "erased",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("erased_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_erased")),
    )
    op.create_index(op.f("ix_erased_erased_at"), "erased", ["erased_at"])


def downgrade() -> None:
    for table in (
        "erased",
        "pbx_names",
        "ledger_inbox",
        "ledger_received",
        "ledger_set_aside",
        "ledger_positions",
        "call_repairs",
        "call_journal",
    ):
        op.drop_table(table)
    with op.batch_alter_table("call_channels") as batch:
        batch.drop_constraint("pk_call_channels", type_="primary")
        batch.create_primary_key("pk_call_channels", ["uniqueid", "pbx"])
        batch.drop_column("at")
    for table, columns in (
        ("interactions", ("repairs", "ring_seconds")),
        ("call_legs", ("wrap_up_seconds", "ring_seconds")),
        ("calls", ("settled_at", "end_seen", "park_seconds", "ring_seconds")),
    ):
        for column in columns:
            op.drop_column(table, column)
