"""What a routing decision is made from. Pure data: nothing here looks anything up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from callcenter.customers.phone import PhoneNumber

LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who may be rung: '' for whoever has no extension, or works here no more."""

    user_id: int
    extension: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFacts:
    """One customer who has the caller's number, as far as routing is concerned.

    `overdue_minor` is the sum of overdue invoices in minor units; above zero makes a debtor.
    `overdue_days` is the age of the oldest of them. Value and classes are those of
    `callcenter.trade`, in the customer's own currency; 0 and '' for who bought nothing.
    """

    customer_id: int
    vip_level: int = 0
    blocked: bool = False
    overdue_minor: int = 0
    language: str = ""
    overdue_days: int = 0
    lifetime_minor: int = 0
    currency: str = ""
    abc: str = ""
    rfm: str = ""
    """Three digits, recency first: "553"."""
    shared: bool = False
    """Others answer at this number too: it may be anybody there."""
    status: str = ""
    segment: str = ""
    """Keys of the company's own lists of choices."""
    owner: Operator | None = None
    last_operator: Operator | None = None
    """Who spoke with them last, on any of their numbers."""
    open_deal: int | None = None
    deal_stage: str = ""
    deal_owner: Operator | None = None
    """Of the open deal that was worked on last."""
    open_task: int | None = None
    task_kind: str = ""
    task_assignee: Operator | None = None
    """Of the open task or call-back that is due first."""
    tags: frozenset[int] = frozenset()
    segments: frozenset[int] = frozenset()
    """Frozen segments they are in."""
    consents: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    """Channel → given or refused; a channel that was never asked about is not there."""

    @property
    def is_debtor(self) -> bool:
        return self.overdue_minor > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Calls from the caller's number before this one."""

    calls_today: int = 0
    seconds_since: int | None = None
    """Since the last one began; None when there was none."""
    answered: bool = False
    """Whether anybody spoke with them in that last one."""
    queue: str = ""
    last_operator: Operator | None = None
    """Who spoke with this number last, whoever had it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerFacts:
    """What the database says of one number: all of it comes in one read."""

    customers: tuple[CustomerFacts, ...] = ()
    history: History = History()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueNow:
    """One queue at this moment. `service_level` is per cent, None when nobody called today.
    `skill` is what its operators need; '' when everybody may."""

    waiting: int = 0
    longest_wait: int = 0
    ready: int = 0
    service_level: int | None = None
    skill: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyOperator:
    user_id: int
    extension: str
    skills: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreFacts:
    """The centre as it was a moment ago; the longest ready operators first."""

    queues: Mapping[str, QueueNow] = field(default_factory=lambda: MappingProxyType({}))
    ready: tuple[ReadyOperator, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFacts:
    """The call being routed: who calls (already normalised), what they dialled, who they may be.

    `centre` is None when nobody knows how it is there. `hours` says of each calendar whether it is
    open, and why: `week`, `holiday`, `closure`, or a special day.
    """

    caller: PhoneNumber
    dialed: str
    customers: tuple[CustomerFacts, ...] = ()
    history: History = History()
    at: datetime = LONG_AGO
    trunk: str = ""
    stage: str = "arrival"
    from_queue: str = ""
    queue_result: str = ""
    """What Queue() let the caller go with: TIMEOUT, FULL, JOINEMPTY, LEAVEEMPTY, CONTINUE…"""
    centre: CentreFacts | None = None
    hours: Mapping[str, tuple[bool, str]] = field(default_factory=lambda: MappingProxyType({}))
    messages: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    """Of calendars that are closed for a time: the reason, and the prompt that callers hear."""

    @property
    def only_customer(self) -> CustomerFacts | None:
        """Whoever it must be. At a shared number it may be somebody we do not know."""
        if len(self.customers) != 1 or self.customers[0].shared:
            return None
        return self.customers[0]

    @property
    def shared(self) -> bool:
        return any(customer.shared for customer in self.customers)

    @property
    def unblocked(self) -> tuple[CustomerFacts, ...]:
        for customer in self.customers:
            if customer.blocked:
                return tuple(one for one in self.customers if not one.blocked)
        return self.customers
