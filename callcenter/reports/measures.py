"""What is summed up for each half hour: the columns of the aggregates, and what each counts.

A *visit* is one stay of a contact in one queue; a contact that met no queue is one visit without a
queue. Visits count in the half hour in which they began, with all that came of them later. Every
figure is a sum (or, for `wait_longest`, a maximum), so that halves add up to hours, days and years.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from callcenter.reports.waits import BOUNDS, abandoned_within, answered_within

COUNTS: Final = (
    "contacts",  # each contact once: where it came first
    "offered",  # visits of callers to a queue, or to us without a queue
    "answered",  # somebody spoke with them
    "abandoned",  # they hung up while they waited
    "short_abandoned",  # of these, within the queue's own seconds for a short abandon
    "overflowed",  # they went on unanswered: another queue, a voice message, a call-back
    "given_up",  # nobody answered and the telephone system ended it, or took nobody in
    "waiting",  # still wait
    "handled",  # conversations that the handling times are of
    "transferred",  # conversations that were handed to somebody else
    "placed",  # calls that we made
    "reached",  # of these, answered
)
SECONDS: Final = (
    "wait_answered",
    "wait_abandoned",
    "talk",
    "hold",
    "wrap_up",
    "ring",
)
LONGEST: Final = ("wait_longest",)
WITHIN: Final = (
    *(answered_within(bound) for bound in BOUNDS),
    *(abandoned_within(bound) for bound in BOUNDS),
)
CONTACT_MEASURES: Final = (*COUNTS, *SECONDS, *LONGEST, *WITHIN)
OPERATOR_MEASURES: Final = (
    "rung",  # phones of theirs that rang, or were told of a contact
    "answered",
    "not_taken",  # rang until somebody else or nobody took it
    "transferred",
    "placed",
    "reached",
    "talk",
    "hold",
    "wrap_up",
    "ring",
)

Sums = Mapping[str, float]
"""Measure → its sum. What is missing is 0."""
