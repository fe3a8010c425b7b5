"""What the manager door counts. Names are part of the product's interface (docs/operations.md)."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

LINK_UP = Gauge("callcenter_ami_link_up", "1 while the manager link is in step", ["pbx"])
ATTEMPTS = Counter("callcenter_ami_connects_total", "Attempts to connect to a PBX", ["pbx"])
EVENTS = Counter(
    "callcenter_ami_events_total",
    "Manager messages by what became of them: ignored, folded, untranslated, failed, "
    "oversized (over 1 MB), forged (written by a caller into a number, with what it was cut from), "
    "dropped (the queue was full)",
    ["pbx", "outcome"],
)
QUEUE_DEPTH = Gauge("callcenter_ami_queue_depth", "Events waiting to be folded", ["pbx"])
RESYNCS = Counter("callcenter_ami_resyncs_total", "Snapshots taken, by outcome", ["pbx", "outcome"])
ANOMALIES = Counter(
    "callcenter_ami_anomalies_total", "Signals that did not fit what was known", ["pbx", "kind"]
)
JOURNAL_BYTES = Gauge(
    "callcenter_ami_journal_bytes", "Messages of live calls held for their journals", ["pbx"]
)
JOURNAL_DROPPED = Counter(
    "callcenter_ami_journal_dropped_total",
    "Messages left out of journals: more than 400 or 128 KB of a call, or 64 MB of all",
    ["pbx"],
)
JOURNALS_LEFT_OUT = Counter(
    "callcenter_ami_journals_left_out_total",
    "Journals of ended calls that were not written: the database was away for long, or refused",
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
MEMBER_DRIFT = Counter(
    "callcenter_ami_member_drift_total",
    "Differences between the queue members that a PBX had and those that it should have, found "
    "after a log-in or by the comparison once a minute",
    ["pbx"],
)
MEMBER_CHANGES = Counter(
    "callcenter_ami_member_changes_total",
    "Queue members added, removed, paused, unpaused or given another penalty",
    ["pbx", "action", "outcome"],
)
LEDGER_LINES = Counter("callcenter_ledger_lines_total", "Ledger lines read", ["pbx", "source"])
LEDGER_SET_ASIDE = Counter(
    "callcenter_ledger_set_aside_total",
    "Ledger lines that are no call's, by reason: torn, not_cel, another_pbx, future, too_long, "
    "failed (its call could not be written)",
    ["pbx", "source", "reason"],
)
LEDGER_CALLS = Counter(
    "callcenter_ledger_calls_total",
    "Calls read from the ledger to their end: confirmed (as told live), or repaired, by cause: "
    "missed, unfinished, corrected",
    ["pbx", "outcome"],
)
LEDGER_OPEN = Gauge(
    "callcenter_ledger_calls_open",
    "Calls that the ledger has begun and not ended",
    ["pbx", "source"],
)
LEDGER_BEHIND = Gauge(
    "callcenter_ledger_behind_bytes", "Bytes of the ledger's file that are not read", ["pbx"]
)
LEDGER_LAG = Gauge(
    "callcenter_ledger_lag_seconds",
    "Since the ledger was last read to its end; 0 while it is",
    ["pbx", "source"],
)
LEDGER_READABLE = Gauge(
    "callcenter_ledger_readable", "1 while the ledger's file can be read", ["pbx"]
)
LEDGER_LOST = Counter(
    "callcenter_ledger_files_lost_total",
    "Ledger files taken away or cut before they were read to the end",
    ["pbx"],
)
