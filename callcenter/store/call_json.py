"""The whole CallRecord as JSON and back: `decode(encode(record)) == record`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from callcenter.calls.record import CallRecord, Leg, Transfer

_TIMES = frozenset({"started_at", "answered_at", "ended_at", "ringing_at", "at"})
_LEG_FIELDS = tuple(field.name for field in fields(Leg))
_TRANSFER_FIELDS = tuple(field.name for field in fields(Transfer))
_CALL_FIELDS = tuple(field.name for field in fields(CallRecord))


def encode(record: CallRecord) -> dict[str, Any]:
    plain = _encode(record, _CALL_FIELDS)
    plain["legs"] = [_encode(leg, _LEG_FIELDS) for leg in record.legs]
    plain["transfers"] = [_encode(transfer, _TRANSFER_FIELDS) for transfer in record.transfers]
    return plain


def decode(plain: Mapping[str, Any]) -> CallRecord:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else _decode(name, value)
        for name, value in plain.items()
        if name in _CALL_FIELDS
    }
    values["legs"] = tuple(Leg(**_decode_all(leg)) for leg in plain["legs"])
    values["transfers"] = tuple(Transfer(**_decode_all(one)) for one in plain["transfers"])
    return CallRecord(**values)


def _encode(thing: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _encode_value(getattr(thing, name)) for name in names}


def _encode_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [part for part in value if isinstance(part, str)]
    return value


def _decode_all(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _decode(name, value) for name, value in plain.items()}


def _decode(name: str, value: Any) -> Any:
    if name in _TIMES and isinstance(value, str):
        return datetime.fromisoformat(value)
    return value
