"""Whose phones are in use, as far as calls tell. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from callcenter.calls.record import CallRecord


def in_use(records: Iterable[CallRecord], users: Mapping[str, int], besides: str) -> set[int]:
    """People with a phone in a live call other than `besides`: that a queue rings them for the very
    caller whom they are to be sent is no hindrance. `users`: whose each device is."""
    others = (one for one in records if one.live and one.id != besides)
    legs = (leg for one in others for leg in one.legs if leg.ended_at is None)
    return {users[leg.endpoint] for leg in legs if leg.endpoint in users}
