"""Use cases around the worklist of calls in vain: it follows the calls; people claim and close."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from callcenter.callbacks.request import CallbackRequest
from callcenter.calls.record import CallRecord
from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.missed.rule import (
    CLAIM,
    LOOK_BACK,
    LOST,
    USUAL,
    Contact,
    QueueRule,
    Wanted,
    closing,
    how_closed,
    in_vain,
    spoke,
    times,
    wanted,
)
from callcenter.ports import Clock, MissedCall, Publisher, UnitOfWork
from callcenter.realtime.messages import Audience, Message
from callcenter.realtime.payloads import Identified
from callcenter.services.call_rows import WrittenCalls

LONGEST_REASON = 255
_OPEN_AGAIN = {
    "closed_at": None,
    "closed_how": "",
    "closed_by": None,
    "closed_interaction_id": None,
    "closed_why": "",
}


def follow_calls(uow: UnitOfWork, written: WrittenCalls, clock: Clock) -> list[Message]:
    """Bring the worklist up to what was just written, inside the writer's transaction.

    Each number's row is made anew from its contacts, so that a call written again, late or
    corrected comes to the same. Costs nothing while no call of the batch has been answered or has
    ended, and one look-up while none of their numbers is wanted.
    """
    told = _Told.of(written)
    if not told.numbers:
        return []
    since = clock.now() - LOOK_BACK
    rows = uow.missed.rows(told.numbers | told.phones.keys(), told.customers.values(), since)
    promised = {one.number for one in uow.callbacks.open_for(told.lost, ())} if told.lost else set()
    again = (told.lost - promised) | {row.number for row in rows if told.touches(row)}
    if not again:
        return []
    work = _Recount(uow, rows, told, again, since)
    changed = [work.settle(number) for number in sorted(again)]
    return missed_news(uow) if any(changed) else []


def bring_back(uow: UnitOfWork, given_up: Sequence[CallbackRequest], clock: Clock) -> list[Message]:
    """Call-backs that never came about, in the transaction that says so: whoever asked for one
    waits among the calls in vain again, unless somebody has spoken with them since.
    """
    if not given_up:
        return []
    told = _Told(
        numbers={one.number for one in given_up},
        customers={one.number: one.customer_id for one in given_up if one.customer_id},
    )
    since = clock.now() - LOOK_BACK
    rows = uow.missed.rows(told.numbers, (), since)
    work = _Recount(uow, rows, told, told.numbers, since)
    for number in sorted(told.numbers):
        work.settle(number)
    return missed_news(uow)


def close_with_callback(
    uow: UnitOfWork, number: str, user_id: int, why: str, now: datetime
) -> list[Message]:
    """Who took a call-back off the list by hand has settled the calls before it as well."""
    for row in uow.missed.rows([number], (), now):
        if row.closed_at is None:
            uow.missed.change(row.id, _by_hand(user_id, why, now))
    return missed_news(uow)


def missed_news(uow: UnitOfWork) -> list[Message]:
    """How many wait, for everybody; lists that are open on a screen read themselves anew."""
    alike: dict[int, list[int]] = {}
    for user_id, count in uow.missed.counts().items():
        alike.setdefault(count, []).append(user_id)
    return [
        Message(
            kind="task",
            audience=Audience(users=tuple(sorted(users))),
            payload={"counts": {"missed_open": count}, "reminder": None, "missed": True},
        )
        for count, users in alike.items()
    ]


def claim(
    missed_id: int,
    *,
    user_id: int,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
    release: bool = False,
) -> None:
    """Say that one calls back, so that two do not; or give it back."""
    with unit_of_work() as uow:
        row = _open(uow, missed_id)
        now = clock.now()
        if release:
            if row.claimed_by == user_id:
                uow.missed.claim(missed_id, None, None, stale=now)
        elif not uow.missed.claim(missed_id, user_id, now, stale=now - CLAIM):
            raise Conflict("claimed_by", "somebody else is calling back already")
        news = missed_news(uow)
        uow.commit()
    publisher.publish(news)


def close(
    missed_id: int,
    why: str,
    *,
    user_id: int,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
) -> None:
    """Take it off the list by hand. A later call in vain brings the number back."""
    if not why.strip():
        raise Invalid("why", "say why it need not be called back")
    if len(why) > LONGEST_REASON:
        raise Invalid("why", f"must have at most {LONGEST_REASON} characters")
    with unit_of_work() as uow:
        row = _open(uow, missed_id)
        uow.missed.change(row.id, _by_hand(user_id, why, clock.now()))
        uow.audit.record(
            user_id=user_id,
            action="missed_closed",
            object_type="missed_call",
            object_id=str(row.id),
            at=clock.now(),
        )
        news = missed_news(uow)
        uow.commit()
    publisher.publish(news)


def _by_hand(user_id: int, why: str, now: datetime) -> dict[str, Any]:
    return {
        "closed_at": now,
        "closed_how": "by_hand",
        "closed_by": user_id,
        "closed_why": why.strip(),
    }


def _open(uow: UnitOfWork, missed_id: int) -> MissedCall:
    row = uow.missed.get(missed_id)
    if row is None:
        raise NotFound("missed_call", f"there is no missed call {missed_id}")
    if row.closed_at is not None:
        raise Conflict("closed_at", "this number is off the list already")
    return row


@dataclass(slots=True)
class _Told:
    """What a batch says of outside numbers: who was lost, who was spoken with, whose they are."""

    numbers: set[str] = field(default_factory=set)
    phones: dict[str, int] = field(default_factory=dict)
    """Every number of the customers spoken with, and whose it is."""
    lost: set[str] = field(default_factory=set)
    spoken: set[str] = field(default_factory=set)
    customers: dict[str, int] = field(default_factory=dict)
    spoken_customers: set[int] = field(default_factory=set)
    silent: set[int] = field(default_factory=set)
    """Interactions in which nobody spoke."""

    @classmethod
    def of(cls, written: WrittenCalls) -> _Told:
        told = cls()
        for call_id, record in written.records.items():
            who = written.identified[call_id]
            if who.number_e164 and _counts(record):
                told.add(record, who)
        return told

    def add(self, record: CallRecord, who: Identified) -> None:
        number = who.number_e164
        self.numbers.add(number)
        only = who.only
        if only is not None:
            self.customers[number] = only.id
        if record.result == "answered":
            self.spoken.add(number)
            if only is not None:
                self.phones.update(dict.fromkeys(only.phones, only.id))
                self.spoken_customers.add(only.id)
            return
        if who.interaction_id is not None:
            self.silent.add(who.interaction_id)
        if record.direction == "inbound" and record.result in LOST:
            self.lost.add(number)

    def touches(self, row: MissedCall) -> bool:
        """Whether what was told may change this row."""
        if row.closed_at is not None:  # only a conversation that proves to be none
            return row.closed_interaction_id in self.silent
        theirs = row.number in self.phones or row.customer_id in self.spoken_customers
        return row.number in self.numbers or theirs


def _counts(record: CallRecord) -> bool:
    """A conversation counts from its beginning: nobody else need call while it goes on."""
    outside = record.direction in ("inbound", "outbound")
    return outside and (not record.live or record.result == "answered")


class _Recount:
    """Makes the rows of some numbers anew from their contacts."""

    def __init__(
        self,
        uow: UnitOfWork,
        rows: Sequence[MissedCall],
        told: _Told,
        numbers: Iterable[str],
        since: datetime,
    ) -> None:
        wanted_numbers = sorted(numbers)
        self._uow = uow
        known = {row.number: row.customer_id for row in rows if row.customer_id}
        self._customers = {**told.phones, **known, **told.customers}
        self._open = {row.number: row for row in rows if row.closed_at is None}
        self._closed: dict[str, list[MissedCall]] = {}
        for row in rows:
            if row.closed_at is not None:
                self._closed.setdefault(row.number, []).append(row)
        owners = {self._customers[one] for one in wanted_numbers if one in self._customers}
        self._contacts = uow.missed.contacts(wanted_numbers, sorted(owners), since)
        self._rules: Mapping[str, QueueRule] = uow.missed.rules()
        self._by_hand = uow.missed.closed_by_hand(wanted_numbers)

    def settle(self, number: str) -> bool:
        """Whether anything changed that a screen shows."""
        contacts = self._of(number)
        want = wanted(number, contacts, self._rules, self._by_hand.get(number))
        row = self._open.get(number)
        if want is None:
            return row is not None and self._settle_open(row, contacts)
        values = self._values(number, want)
        if row is not None:
            if all(getattr(row, name) == value for name, value in values.items()):
                return False
            self._uow.missed.change(row.id, values)
            return True
        before = self._closed_for(number, want)
        if before is not None:
            self._uow.missed.change(before.id, values | _OPEN_AGAIN)
        else:
            self._uow.missed.add(values)
        return True

    def _of(self, number: str) -> list[Contact]:
        customer_id = self._customers.get(number)
        return [
            one
            for one in self._contacts
            if one.number == number
            or (customer_id is not None and one.customer_id == customer_id and spoke(one))
        ]

    def _values(self, number: str, want: Wanted) -> dict[str, Any]:
        return {
            "number": number,
            "customer_id": self._customers.get(number),
            "queue": want.last.queue,
            "first_at": want.first.at,
            "last_at": want.last.at,
            "times": want.times,
            "interaction_id": want.last.interaction_id,
            "due_at": want.due_at,
            "attempts": want.attempts,
            "last_attempt_at": want.last_attempt_at,
        }

    def _settle_open(self, row: MissedCall, contacts: Sequence[Contact]) -> bool:
        """Nobody waits any more: somebody spoke with them, or it was no call in vain after all."""
        lost = [
            one
            for one in contacts
            if one.number == row.number
            and one.at >= row.first_at
            and in_vain(one, self._rules.get(one.queue, USUAL))
        ]
        last_at = max((one.at for one in lost), default=row.last_at)
        after = closing(last_at, contacts) if lost else None
        if after is None:
            self._uow.missed.remove([row.id])
            return True
        values = {
            "last_at": last_at,
            "times": times(lost),
            "closed_at": after.at,
            "closed_how": how_closed(after),
            "closed_by": after.operator_id,
            "closed_interaction_id": after.interaction_id,
        }
        self._uow.missed.change(row.id, values)
        return True

    def _closed_for(self, number: str, want: Wanted) -> MissedCall | None:
        """The row that these same calls had, closed by a conversation that proved to be none."""
        return next(
            (
                row
                for row in reversed(self._closed.get(number, ()))
                if row.closed_how != "by_hand" and row.last_at >= want.first.at
            ),
            None,
        )
