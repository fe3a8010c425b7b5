"""The whole CallRecord as JSON and back: `decode(encode(record)) == record`.

A row of an earlier version lacks fields, one of a later version has more: the first get their
defaults, the others are left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from callcenter.calls.record import CallRecord, Leg, QueueVisit, SoundFile, Transfer

_TIMES: Final = frozenset(
    {
        "started_at",
        "answered_at",
        "ended_at",
        "ringing_at",
        "stopped_at",
        "queued_at",
        "held_since",
        "joined_at",
        "left_at",
        "at",
    }
)
_LEG_FIELDS: Final = tuple(f.name for f in fields(Leg) if f.name != "recordings")
_TRANSFER_FIELDS: Final = tuple(field.name for field in fields(Transfer))
_SOUND_FIELDS: Final = tuple(f.name for f in fields(SoundFile) if f.name != "pauses")
_VISIT_FIELDS: Final = tuple(field.name for field in fields(QueueVisit))
_PARTS: Final = ("legs", "transfers", "queue_visits")
_CALL_FIELDS: Final = tuple(f.name for f in fields(CallRecord) if f.name not in _PARTS)


def encode(record: CallRecord) -> dict[str, Any]:
    plain = _encode(record, _CALL_FIELDS)
    plain["legs"] = [_encode_leg(leg) for leg in record.legs]
    plain["transfers"] = [_encode(transfer, _TRANSFER_FIELDS) for transfer in record.transfers]
    if record.queue_visits:
        plain["queue_visits"] = [_encode(visit, _VISIT_FIELDS) for visit in record.queue_visits]
    return plain


def decode(plain: Mapping[str, Any]) -> CallRecord:
    values = _decode(plain, _CALL_FIELDS)
    values["legs"] = tuple(_decode_leg(leg) for leg in plain["legs"])
    values["transfers"] = tuple(
        Transfer(**_decode(one, _TRANSFER_FIELDS)) for one in plain["transfers"]
    )
    values["queue_visits"] = tuple(
        QueueVisit(**_decode(one, _VISIT_FIELDS)) for one in plain.get("queue_visits", ())
    )
    return CallRecord(**values)


def _encode_leg(leg: Leg) -> dict[str, Any]:
    plain = _encode(leg, _LEG_FIELDS)
    if leg.recordings:
        plain["recordings"] = [_encode_sound(sound) for sound in leg.recordings]
    return plain


def _decode_leg(plain: Mapping[str, Any]) -> Leg:
    recordings = tuple(_decode_sound(sound) for sound in plain.get("recordings", ()))
    return Leg(**_decode(plain, _LEG_FIELDS), recordings=recordings)


def _encode_sound(sound: SoundFile) -> dict[str, Any]:
    plain = _encode(sound, _SOUND_FIELDS)
    plain["pauses"] = [[_encode_value(moment) for moment in pause] for pause in sound.pauses]
    return plain


def _decode_sound(plain: Mapping[str, Any]) -> SoundFile:
    pauses = tuple((_moment(start), _moment(end)) for start, end in plain["pauses"])
    return SoundFile(**_decode(plain, _SOUND_FIELDS), pauses=pauses)


def _encode(thing: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _encode_value(getattr(thing, name)) for name in names}


def _encode_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _decode(plain: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _decode_value(name, plain[name]) for name in names if name in plain}


def _decode_value(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return _moment(value) if name in _TIMES else value


def _moment(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
