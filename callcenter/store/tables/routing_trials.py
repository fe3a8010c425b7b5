"""How a draft of the rules would have routed calls that came: the question, and each moved call."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, text

from callcenter.store.tables.base import metadata, one_of, partial
from callcenter.store.types import Id, UtcDateTime

routing_trials = Table(
    "routing_trials",
    metadata,
    Column("id", Id, primary_key=True),
    Column("state", String(8), nullable=False),
    Column("asked_by", Id, ForeignKey("users.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    # Both as they were when it was asked: a later publication changes no answer.
    Column("draft", JSON, nullable=False),
    Column("live", JSON, nullable=False),
    Column("version", Integer),
    # The last decision that was looked at, and the last there was.
    Column("position", Id, nullable=False, server_default="0"),
    Column("until_id", Id, nullable=False, server_default="0"),
    Column("total", Integer, nullable=False, server_default="0"),
    Column("looked", Integer, nullable=False, server_default="0"),
    Column("moved", Integer, nullable=False, server_default="0"),
    # Decisions without facts that can be read: from before they were kept whole, or erased.
    Column("unreadable", Integer, nullable=False, server_default="0"),
    Column("leased_until", UtcDateTime),
    Column("ended_at", UtcDateTime),
    one_of("state", "waiting", "done", "failed"),
    partial("ix_routing_trials_waiting", "state = 'waiting'", "id"),
)

routing_trial_calls = Table(
    "routing_trial_calls",
    metadata,
    Column("trial_id", Id, ForeignKey("routing_trials.id"), primary_key=True, autoincrement=False),
    # No foreign key: decisions are pruned sooner than somebody looks back at a trial.
    Column("decision_id", Id, primary_key=True, autoincrement=False),
    # Places: "queue-support", "menu:main"; "~" for the same place in another way.
    Column("was", String(120), nullable=False),
    Column("would", String(120), nullable=False),
    Column("rule_was", String(80), nullable=False, server_default=text("''")),
    Column("rule_would", String(80), nullable=False, server_default=text("''")),
    Index("ix_routing_trial_calls_group", "trial_id", "was", "would", "decision_id"),
)
