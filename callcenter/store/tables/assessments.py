"""Score cards in their versions, assessments made by them, samples and calibration rounds.

Scores and shares are hundredths of a percent, 0 to 10000; a place in a recording is seconds from
the beginning of its file. `interaction_id` is no foreign key: an old contact moves to the archive,
and what was said of it stays.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    false,
    text,
    true,
)

from callcenter.store.tables.base import metadata, one_of, partial
from callcenter.store.types import Id, UtcDateTime

# What may change without a new version: its name, and whom it is for (none named: everybody).
score_cards = Table(
    "score_cards",
    metadata,
    Column("id", Id, primary_key=True),
    Column("title", String(80), nullable=False, unique=True),
    Column("queues", JSON, nullable=False, server_default=text("'[]'")),
    Column("channels", JSON, nullable=False, server_default=text("'[]'")),
    Column("active", Boolean, nullable=False, server_default=true()),
    # The number of the version that new assessments are made by.
    Column("number", Integer, nullable=False, server_default="1"),
    # Counts every change, for who changes it at the same time.
    Column("version", Integer, nullable=False, server_default="1"),
)

# What scores: an assessment keeps the version that it was made by.
score_card_versions = Table(
    "score_card_versions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("card_id", Id, ForeignKey("score_cards.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("sections", JSON, nullable=False),
    # From this score on a contact is well done; 0: nothing is said of it.
    Column("pass_score", Integer, nullable=False, server_default="0"),
    Column("made_by", Id, ForeignKey("users.id")),
    Column("made_at", UtcDateTime, nullable=False),
    CheckConstraint("pass_score BETWEEN 0 AND 10000", name="pass_score"),
    Index("ix_score_card_versions_card_id", "card_id", "number", unique=True),
)

# What was drawn for a week: by which rules and which seed, so that anybody can draw it again.
samples = Table(
    "samples",
    metadata,
    Column("id", Id, primary_key=True),
    Column("card_id", Id, ForeignKey("score_cards.id"), nullable=False),
    # The Monday of the week, in `zone`.
    Column("week", Date, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("rules", JSON, nullable=False),
    Column("seed", String(64), nullable=False),
    # Operator → how many fitted and how many were drawn.
    Column("outcome", JSON, nullable=False, server_default=text("'[]'")),
    Column("made_by", Id, ForeignKey("users.id"), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index("ix_samples_card_id", "card_id", "week"),
)

sample_items = Table(
    "sample_items",
    metadata,
    Column("id", Id, primary_key=True),
    Column("sample_id", Id, ForeignKey("samples.id"), nullable=False, index=True),
    Column("interaction_id", Id, nullable=False, index=True),
    Column("operator_id", Id, ForeignKey("users.id"), nullable=False),
    Column("queue", String(80), nullable=False, server_default=""),
    Column("hour", Integer, nullable=False),
    Column("state", String(16), nullable=False, server_default="open"),
    # Why it was set aside.
    Column("reason", String(255), nullable=False, server_default=""),
    one_of("state", "open", "taken", "aside"),
    partial("ix_sample_items_open", "state = 'open'", "id", "operator_id"),
)

# One contact that several assess, none of them seeing the others' answers before it is closed.
calibrations = Table(
    "calibrations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("title", String(120), nullable=False),
    Column("card_version_id", Id, ForeignKey("score_card_versions.id"), nullable=False),
    Column("interaction_id", Id, nullable=False, index=True),
    Column("assessor_ids", JSON, nullable=False),
    Column("made_by", Id, ForeignKey("users.id"), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    partial("ix_calibrations_open", "closed_at IS NULL", "id"),
)

# `score` is empty where nothing applied. `contact_at`: when the contact began, by which it counts.
assessments = Table(
    "assessments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("card_id", Id, ForeignKey("score_cards.id"), nullable=False),
    Column("card_version_id", Id, ForeignKey("score_card_versions.id"), nullable=False),
    Column("interaction_id", Id, nullable=False, index=True),
    Column("operator_id", Id, ForeignKey("users.id"), nullable=False),
    Column("assessor_id", Id, ForeignKey("users.id"), nullable=False),
    Column("sample_item_id", Id, ForeignKey("sample_items.id")),
    Column("calibration_id", Id, ForeignKey("calibrations.id")),
    Column("channel", String(16), nullable=False),
    Column("queue", String(80), nullable=False, server_default=""),
    Column("contact_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False, server_default="draft"),
    Column("score", Integer),
    Column("fatal", Boolean, nullable=False, server_default=false()),
    Column("comment", String(2000), nullable=False, server_default=""),
    # What the operator says to it, and what they are answered.
    Column("reply", String(2000), nullable=False, server_default=""),
    Column("closing", String(2000), nullable=False, server_default=""),
    Column("closed_by", Id, ForeignKey("users.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("version", Integer, nullable=False, server_default="1"),
    one_of("state", "draft", "final", "answered", "disputed", "closed"),
    CheckConstraint("score BETWEEN 0 AND 10000", name="score"),
    Index("ix_assessments_contact_at", "contact_at", "id"),
    Index("ix_assessments_operator_id", "operator_id", "contact_at", "id"),
    Index("ix_assessments_assessor_id", "assessor_id", "contact_at", "id"),
    Index("ix_assessments_queue", "queue", "contact_at", "id"),
    partial(
        "ix_assessments_once",
        "calibration_id IS NULL",
        "interaction_id",
        "card_id",
        unique=True,
    ),
    partial(
        "ix_assessments_round",
        "calibration_id IS NOT NULL",
        "calibration_id",
        "assessor_id",
        unique=True,
    ),
    partial("ix_assessments_draft", "state = 'draft'", "assessor_id", "id"),
    partial("ix_assessments_final", "state = 'final'", "operator_id"),
    partial("ix_assessments_disputed", "state = 'disputed'", "contact_at", "id"),
)

# `question`: its key in the card. `share`: what was earned of what can be; empty where it did not
# apply. `at_seconds` is a place in the recording with this number.
assessment_answers = Table(
    "assessment_answers",
    metadata,
    Column(
        "assessment_id", Id, ForeignKey("assessments.id"), primary_key=True, autoincrement=False
    ),
    Column("question", String(40), primary_key=True),
    Column("value", Integer),
    Column("not_applicable", Boolean, nullable=False, server_default=false()),
    Column("share", Integer),
    Column("comment", String(1000), nullable=False, server_default=""),
    Column("recording", Integer),
    Column("at_seconds", Float),
    CheckConstraint("share BETWEEN 0 AND 10000", name="share"),
)
