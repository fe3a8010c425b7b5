"""What the manager door counts. Names are part of the product's interface (docs/operations.md)."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

LINK_UP = Gauge("callcenter_ami_link_up", "1 while the manager link is in step", ["pbx"])
ATTEMPTS = Counter("callcenter_ami_connects_total", "Attempts to connect to a PBX", ["pbx"])
EVENTS = Counter(
    "callcenter_ami_events_total",
    "Manager messages by what became of them: ignored, folded, untranslated, failed, "
    "oversized (over 1 MB), dropped (the queue was full)",
    ["pbx", "outcome"],
)
QUEUE_DEPTH = Gauge("callcenter_ami_queue_depth", "Events waiting to be folded", ["pbx"])
RESYNCS = Counter("callcenter_ami_resyncs_total", "Snapshots taken, by outcome", ["pbx", "outcome"])
ANOMALIES = Counter(
    "callcenter_ami_anomalies_total", "Signals that did not fit what was known", ["pbx", "kind"]
)
LIVE_CALLS = Gauge("callcenter_calls_live", "Calls that have a channel now", ["pbx"])
WRITE_QUEUE = Gauge("callcenter_ami_write_queue_depth", "Call events waiting for the database")
WRITTEN = Counter(
    "callcenter_ami_call_events_total",
    "Call events by what became of them: written, compacted (a later one of the same call was "
    "written instead, after an outage), failed",
    ["outcome"],
)
WRITE_RETRIES = Counter(
    "callcenter_ami_write_retries_total", "Times that the database could not be written"
)
LAG = Histogram(
    "callcenter_ami_lag_seconds",
    "From the arrival of a manager event to the commit of what it meant",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60),
)
COMMANDS = Counter(
    "callcenter_ami_commands_total", "Wishes sent to a PBX, by outcome", ["action", "outcome"]
)
