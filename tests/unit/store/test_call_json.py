"""A call's record survives its way into JSON and back, whatever version wrote it."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime

from callcenter.calls.record import NOTHING_KNOWN, CallRecord, Leg, QueueVisit, SoundFile, Transfer
from callcenter.store.call_json import decode, encode

AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
SOUND = SoundFile(file="calls/1.wav", started_at=AT, stopped_at=None, pauses=((AT, None), (AT, AT)))
LEG = Leg(
    channel="PJSIP/1001-1",
    uniqueid="1.1",
    endpoint="PJSIP/1001",
    number="1001",
    name="Jan Żółć",
    role="callee",
    ringing_at=AT,
    answered_at=AT,
    ended_at=None,
    result="answered",
    talk_seconds=1.5,
    hold_seconds=0.25,
    ring_seconds=3.0,
    wrap_up_seconds=7.0,
    recordings=(SOUND,),
)
FULL = replace(
    NOTHING_KNOWN,
    id="pbx/1.1",
    pbx="pbx",
    live=False,
    direction="inbound",
    result="answered",
    started_at=AT,
    answered_at=AT,
    ended_at=AT,
    queues=("support", "sales"),
    legs=(LEG, replace(LEG, uniqueid="1.2", recordings=())),
    answered_by=("PJSIP/1001-1",),
    transfers=(Transfer(kind="blind", by="PJSIP/1001-1", to="1002", at=AT),),
    wait_seconds=2.0,
    hangup_cause=16,
    ring_seconds=3.0,
    park_seconds=4.0,
    end_seen=False,
    queue_visits=(
        QueueVisit(
            queue="support",
            joined_at=AT,
            left_at=AT,
            answered_at=None,
            how="overflow",
            wait_seconds=3.5,
        ),
    ),
    channels=("PJSIP/1001-1",),
    uniqueids=("1.1", "1.2"),
    linkedids=("1.1",),
)


def there_and_back(record: CallRecord) -> CallRecord:
    return decode(json.loads(json.dumps(encode(record))))


def test_every_field_of_a_record_comes_back() -> None:
    assert there_and_back(FULL) == FULL
    assert there_and_back(NOTHING_KNOWN) == NOTHING_KNOWN


def test_a_row_that_lacks_what_came_later_gets_the_defaults() -> None:
    old = encode(FULL)
    for name in ("ring_seconds", "park_seconds", "end_seen", "queue_visits"):
        del old[name]
    for leg in old["legs"]:
        for name in ("ring_seconds", "wrap_up_seconds", "recordings"):
            leg.pop(name, None)
    read = decode(old)
    assert (read.ring_seconds, read.park_seconds, read.end_seen) == (0.0, 0.0, True)
    assert read.queue_visits == ()
    assert read.legs[0].recordings == ()
    assert read.legs[0].wrap_up_seconds == 0.0


def test_a_row_of_a_later_version_is_read_without_what_is_not_known_here() -> None:
    new = encode(FULL) | {"weather": "rain"}
    new["legs"][0]["mood"] = "good"
    assert decode(new) == FULL


def test_no_field_is_forgotten() -> None:
    plain = encode(FULL)
    assert set(plain) == {field.name for field in fields(CallRecord)}
    assert set(plain["legs"][0]) == {field.name for field in fields(Leg)}
