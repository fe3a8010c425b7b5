"""Every recording of the real PBX, from the live stream, from the ledger, and from both at once,
gives the calls that truly happened.

The truth in `scenario.json` is what the callers and phones were told to do (their own clocks), not
what any of our code made of the events. Seconds agree within half a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from callcenter.calls.record import CallRecord
from callcenter.calls.signals import Signal
from callcenter.calls.topology import Topology, endpoint_of
from callcenter.calls.tracker import Tracker
from tests.scenarios.recorded import Recording, recordings

TOLERANCE = 0.5
LAB = Topology(trunks=("PJSIP/trunk*",))

every_recording = pytest.mark.parametrize("recording", recordings(), ids=lambda r: r.name)


def records_of(recording: Recording, signals: Sequence[Signal]) -> list[CallRecord]:
    tracker = Tracker(recording.truth["pbx"], LAB)
    tracker.fold(signals)
    return tracker.records()


def seen(call: CallRecord) -> dict[str, Any]:
    callees = [leg for leg in call.legs if leg.role == "callee"]
    caller = next(leg for leg in call.legs if leg.role == "caller")
    by = "caller" if call.hangup_by == caller.channel else "callee"
    return {
        "direction": call.direction,
        "result": call.result,
        "number": call.caller_number,
        "name": call.caller_name,
        "dialed": call.dialed,
        "queues": list(call.queues),
        "rang": sorted({leg.endpoint for leg in callees}),
        "answered_by": [endpoint_of(channel) for channel in call.answered_by],
        "hangup_by": by if call.hangup_by else "pbx",
    }


def check(recording: Recording, records: Sequence[CallRecord]) -> None:
    truth = sorted(recording.truth["calls"], key=lambda c: (c["number"], c["dialed"]))
    made = sorted(records, key=lambda c: (c.caller_number, c.dialed))
    assert len(made) == len(truth)
    for call, expected in zip(made, truth, strict=True):
        facts = seen(call)
        assert facts == {key: expected[key] for key in facts}
        assert call.wait_seconds == pytest.approx(expected["wait_seconds"], abs=TOLERANCE)
        assert call.talk_seconds == pytest.approx(expected["talk_seconds"], abs=TOLERANCE)
        assert not call.live


@every_recording
def test_the_live_stream_tells_what_happened(recording: Recording) -> None:
    check(recording, records_of(recording, recording.signals))


@every_recording
def test_the_ledger_alone_tells_what_happened(recording: Recording) -> None:
    check(recording, records_of(recording, recording.ledger))


@every_recording
def test_stream_and_ledger_together_tell_it_once(recording: Recording) -> None:
    both = [*recording.signals, *recording.ledger]
    check(recording, records_of(recording, both))
    check(recording, records_of(recording, both[::-1]))
