"""What screens hear after calls were written: the call itself, and each operator's pop."""

from __future__ import annotations

from collections.abc import Mapping

from callcenter.calls.record import CallRecord
from callcenter.realtime.messages import Audience, Message
from callcenter.realtime.payloads import Identified, live_call, screen_pop
from callcenter.services.call_identity import CallMemory
from callcenter.services.call_rows import WrittenCalls

_WATCHERS = ("supervisor", "admin")


def news_of(written: WrittenCalls, memory: CallMemory) -> list[Message]:
    out = [
        _absorbed(gone, into, written.absorbed_users[gone], memory)
        for gone, into in written.absorbed.items()
    ]
    for call_id, record in written.records.items():
        who = written.identified[call_id]
        endpoints = _endpoints_by_user(record, written.users_by_endpoint)
        if not record.live:  # whoever's leg proved to be none has it on the screen still
            endpoints |= {user: [] for user in _shown_to(record, memory) - endpoints.keys()}
        out += _pops(record, who, endpoints, written.users_by_endpoint, memory)
        call = live_call(record, written.users_by_endpoint, who)
        audience = Audience(users=tuple(sorted(endpoints)), roles=_WATCHERS)
        out.append(Message(kind="call", audience=audience, payload={"call": call.payload()}))
    return out


def _shown_to(record: CallRecord, memory: CallMemory) -> set[int]:
    return {user for call_id, user in memory.shown if call_id == record.id}


def _absorbed(gone: str, into: str, owners: frozenset[int], memory: CallMemory) -> Message:
    """Takes a call that was part of another off every screen that shows it."""
    shown = {user for call_id, user in memory.shown if call_id == gone}
    for user in shown:
        del memory.shown[gone, user]
    users = tuple(sorted(owners | shown))
    call = {"call_id": gone, "live": False, "merged_into": into}
    audience = Audience(users=users, roles=_WATCHERS)
    return Message(kind="call", audience=audience, payload={"call": call})


def _pops(
    record: CallRecord,
    who: Identified,
    endpoints: Mapping[int, list[str]],
    users_by_endpoint: Mapping[str, int],
    memory: CallMemory,
) -> list[Message]:
    """A pop for each operator whose screen would look different."""
    out: list[Message] = []
    for user_id, devices in endpoints.items():
        pop = screen_pop(record, devices, users_by_endpoint, who)
        key = (record.id, user_id)
        inherited = record.id in memory.before  # what an earlier process showed is not known here
        shown = memory.shown.get(key)
        gone_already = shown.phase == "gone" if shown is not None else not inherited
        if pop == shown or (pop.phase == "gone" and gone_already):
            continue
        memory.shown[key] = pop
        if pop.phase == "gone" and not inherited:
            del memory.shown[key]
        out.append(
            Message(kind="screen_pop", audience=Audience(users=(user_id,)), payload=pop.payload())
        )
    return out


def _endpoints_by_user(
    record: CallRecord, users_by_endpoint: Mapping[str, int]
) -> dict[int, list[str]]:
    devices: dict[int, list[str]] = {}
    for leg in record.legs:
        user_id = users_by_endpoint.get(leg.endpoint)
        if user_id is not None:
            devices.setdefault(user_id, []).append(leg.endpoint)
    return devices
