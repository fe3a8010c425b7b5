"""What was erased does not come back: every writer of calls passes its records through here.

A call that began before the erasure loses the number and the name again, whoever tells of it: the
ledger from its beginning, an old file, a forwarder that sends once more, a listener that had it in
memory. A call that begins later is a new contact. Costs one look-up of one row where no call of
the batch is older than the last erasure, and one query for the whole batch otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from callcenter.calls.erased import Party, numbers_of, without
from callcenter.calls.ledger import LedgerBatch, LedgerCall
from callcenter.calls.record import CallRecord
from callcenter.customers.phone import NumberPlan, national_digits, parse_number
from callcenter.interactions.interaction import InteractionRow, outside_number
from callcenter.ports import UnitOfWork

PlanFor = Callable[[str], NumberPlan]


def number_key(e164: str) -> str:
    """What the store is asked for, and keeps as a keyed hash only."""
    return f"number {e164}"


def channel_key(pbx: str, uniqueid: str) -> str:
    return f"channel {pbx}/{uniqueid}"


def point_key(kind: str, value_key: str) -> str:
    """A mail address or a messenger, folded."""
    return f"{kind} {value_key}"


def message_key(external_id: str) -> str:
    """A message that was taken in, by the id that whoever carried it gave."""
    return f"message {external_id}"


def external_key(external_id: str) -> str:
    """Under which another system knows the customer."""
    return f"external {external_id}"


def erased_keys(
    uow: UnitOfWork, keys: Collection[str], told_at: datetime | None = None
) -> frozenset[str]:
    """Those of the keys (`number_key`, `point_key`, `external_key`) whose person was erased.

    `told_at`: when what names them was written; what came after an erasure is a new contact. An
    import of a file does not know, and warns of all.
    """
    last = uow.erasures.last() if keys else None
    if last is None or (told_at is not None and told_at > last):
        return frozenset()
    found = uow.erasures.erased(sorted(keys))
    return frozenset(key for key, at in found.items() if told_at is None or told_at <= at)


@dataclass(frozen=True, slots=True)
class _Claims:
    """What of a record may have been erased: its numbers by how they are written, its channels."""

    record: CallRecord
    began: datetime | None
    numbers: Mapping[str, str]
    channels: tuple[str, ...]

    def asks(self) -> tuple[str, ...]:
        return (*map(number_key, self.numbers.values()), *self.channels)


def without_erased(
    uow: UnitOfWork, records: Mapping[str, CallRecord], plan_for: PlanFor
) -> tuple[Mapping[str, CallRecord], frozenset[str]]:
    """The records, blanked where they must be, and the ids of those whose outside party was.

    Such a call is known by its channels from then on, since it has no number any more.
    """
    last = uow.erasures.last() if records else None
    if last is None:
        return records, frozenset()
    asked = {
        call_id: _claims(record, plan_for)
        for call_id, record in records.items()
        if _may_be_older(record, last)
    }
    erased = uow.erasures.erased([key for claims in asked.values() for key in claims.asks()])
    theirs = {call_id: _theirs(claims, erased) for call_id, claims in asked.items()}
    blanked = {call_id: (asked[call_id], raw) for call_id, raw in theirs.items() if raw}
    if not blanked:
        return records, frozenset()
    gone = {call_id for call_id, (claims, raw) in blanked.items() if _outside(claims.record) in raw}
    uow.erasures.remember([key for call_id in gone for key in asked[call_id].channels], last)
    fresh = {
        call_id: without(claims.record, party_of(claims.record, raw, claims.numbers))
        for call_id, (claims, raw) in blanked.items()
    }
    return {**records, **fresh}, frozenset(gone)


def ledger_without_erased(uow: UnitOfWork, batch: LedgerBatch, plan_for: PlanFor) -> LedgerBatch:
    """The batch as it may be kept: of an erased party's calls neither their lines nor numbers."""
    records = {str(at): call.record for at, call in enumerate(batch.calls)}
    blanked, _ = without_erased(uow, records, plan_for)
    if blanked is records:
        return batch
    calls = tuple(
        call
        if blanked[str(at)] is call.record
        else LedgerCall(record=blanked[str(at)], lines=(), signals=())
        for at, call in enumerate(batch.calls)
    )
    return replace(batch, calls=calls)


def erased_channels(uow: UnitOfWork, channels: Mapping[str, datetime | None]) -> frozenset[str]:
    """Of channels (`<pbx>/<uniqueid>` → when their call began), those of erased calls."""
    last = uow.erasures.last() if channels else None
    if last is None or all(began is not None and began > last for began in channels.values()):
        return frozenset()
    keys = {f"channel {name}": name for name in channels}
    found = uow.erasures.erased(list(keys))
    return frozenset(keys[key] for key, at in found.items() if _before(channels[keys[key]], at))


def anonymous(row: InteractionRow) -> InteractionRow:
    """The contact as a fact: which way, how it ended, how long, who of ours."""
    return replace(
        row,
        number="",
        number_raw="",
        number_kind="erased",
        dialed=row.dialed if row.direction == "inbound" else "",
        customer_id=None,
        match="none",
        candidate_ids=(),
        explanation={
            "erased": True,
            "route": row.explanation.get("route", ""),
            "uniqueids": row.explanation.get("uniqueids", []),
        },
    )


def party_of(record: CallRecord, theirs: Collection[str], numbers: Mapping[str, str]) -> Party:
    """`theirs` are number fields as written, `numbers` tells the E.164 form of those with one."""
    e164s = {numbers[raw] for raw in theirs if raw in numbers}
    calls_us = record.direction != "outbound" and _outside(record) in theirs
    return Party(
        is_number=lambda text: bool(text) and text in theirs,
        digits=tuple(sorted(filter(None, map(national_digits, e164s)))),
        names=(record.caller_name,) if calls_us else (),
    )


def e164s_of(record: CallRecord, plan_for: PlanFor) -> dict[str, str]:
    """Number field as written → its E.164 form, for those that have one."""
    plan = plan_for(record.trunk)
    parsed = {raw: parse_number(raw, plan).e164 for raw in numbers_of(record)}
    return {raw: e164 for raw, e164 in parsed.items() if e164}


def _claims(record: CallRecord, plan_for: PlanFor) -> _Claims:
    return _Claims(
        record=record,
        began=_began(record),
        numbers=e164s_of(record, plan_for),
        channels=tuple(channel_key(record.pbx, one) for one in record.uniqueids),
    )


def _theirs(claims: _Claims, erased: Mapping[str, datetime]) -> frozenset[str]:
    """The number fields, as written, that are an erased person's."""
    theirs = {
        raw
        for raw, e164 in claims.numbers.items()
        if _is_erased(number_key(e164), claims.began, erased)
    }
    if any(_is_erased(key, claims.began, erased) for key in claims.channels):
        theirs.add(_outside(claims.record))
    return frozenset(theirs)


def _outside(record: CallRecord) -> str:
    """'' also stands for a hidden caller; between our own phones nobody is outside."""
    return outside_number(record) if record.direction != "internal" else "nobody outside"


def _is_erased(key: str, began: datetime | None, erased: Mapping[str, datetime]) -> bool:
    return key in erased and _before(began, erased[key])


def _before(began: datetime | None, erased_at: datetime) -> bool:
    """An ended call whose time nobody knows is kept anonymous rather than told again."""
    return began is None or began <= erased_at


def _began(record: CallRecord) -> datetime | None:
    return record.started_at or record.answered_at or record.ended_at


def _may_be_older(record: CallRecord, last: datetime) -> bool:
    began = _began(record)
    return not record.live if began is None else began <= last
