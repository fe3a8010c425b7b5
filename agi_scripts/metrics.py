"""What the AGI door counts. Names are part of the product's interface (docs/operations.md)."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

DECISIONS = Counter(
    "callcenter_agi_decisions_total", "Routing decisions sent to the dialplan", ["route", "rule"]
)
FAILED_OPEN = Counter(
    "callcenter_agi_failed_open_total", "Callers sent to the default route unlooked", ["cause"]
)
SKIPPED = Counter(
    "callcenter_agi_rules_skipped_total", "Rules that could not be evaluated for a call", ["rule"]
)
DECISION_SECONDS = Histogram(
    "callcenter_agi_decision_seconds",
    "From the request's first byte to the decision",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6),
)
SESSIONS = Gauge("callcenter_agi_active_sessions", "AGI sessions in progress")
CONNECTIONS = Gauge("callcenter_agi_open_connections", "Open FastAGI connections")
GARBAGE = Counter(
    "callcenter_agi_garbage_total", "Connections ended for what the peer sent", ["reason"]
)
ENDED = Counter(
    "callcenter_agi_sessions_total", "AGI sessions by script and end", ["script", "end"]
)
UNRECORDED = Counter(
    "callcenter_agi_unrecorded_total", "Decisions that could not be kept", ["cause"]
)
