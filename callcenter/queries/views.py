"""What the queries return: frozen values, made for showing. No SQL here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from callcenter.agents.status import AgentStatus
from callcenter.customers.customer import CustomerBrief
from callcenter.customers.tags import Tag
from callcenter.fields.definition import Value
from callcenter.realtime.payloads import LiveCall, LiveParty, ScreenPop
from callcenter.trade.classes import Classes
from callcenter.trade.figures import Figures

__all__ = [
    "CustomerBrief",
    "CustomerCard",
    "DeskSnapshot",
    "InteractionView",
    "InvoiceView",
    "LegView",
    "LiveCall",
    "LiveParty",
    "NoteView",
    "OrderView",
    "OrganizationView",
    "PbxLink",
    "PhoneView",
    "RoutingView",
    "RungView",
    "ScreenPop",
    "UserRef",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRef:
    id: int
    display_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationView:
    id: int
    name: str
    tax_id: str = ""
    region: str = ""
    city: str = ""
    notes: str = ""
    people: int = 0
    website: str = ""
    email: str = ""
    owner: UserRef | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneView:
    id: int
    e164: str
    extension: str
    kind: str
    is_primary: bool
    raw: str
    invalid: bool = False
    opted_out: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    """A mail address or a name in a messenger."""

    id: int
    kind: str
    value: str
    label: str
    is_primary: bool
    invalid: bool
    opted_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressView:
    id: int
    kind: str
    street: str
    postal_code: str
    city: str
    region: str
    country: str
    is_primary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipView:
    """A further organisation of a person, and what they are there."""

    id: int
    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    id: int
    number: str
    title: str
    amount_minor: int
    currency: str
    status: str
    placed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceView:
    id: int
    number: str
    amount_minor: int
    currency: str
    due_on: date
    overdue_days: int
    """0 while it is not overdue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    id: int
    text: str
    author: UserRef
    created_at: datetime
    updated_at: datetime
    interaction_id: int | None = None
    customer_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegView:
    channel: str
    uniqueid: str
    endpoint: str
    number: str
    role: str
    user: UserRef | None
    ringing_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    result: str
    talk_seconds: float
    hold_seconds: float
    ring_seconds: float = 0.0
    wrap_up_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RungView:
    """A phone that was rung, and what became of it."""

    user: UserRef | None
    endpoint: str
    number: str
    result: str
    ring_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingView:
    """Why the call went where it went."""

    route: str
    rule: str
    number: str
    dialed: str
    facts: Mapping[str, Any]
    failed_open: bool
    micros: int
    decided_at: datetime
    stage: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeView:
    """How a contact ended, who said so, and what was to follow."""

    id: int
    label: str
    labels: Mapping[str, str]
    kind: str
    user: UserRef
    at: datetime
    details: Mapping[str, Any]

    def label_in(self, locale: str) -> str:
        return self.labels.get(locale) or self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionView:
    """One logged contact. Candidates, legs, reasons and `settled_at` come with `get` only."""

    id: int
    channel: str
    call_id: str | None
    direction: str
    result: str
    number: str
    number_raw: str
    number_kind: str
    dialed: str
    queue: str
    match: str
    customer: CustomerBrief | None
    operator: UserRef | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    wait_seconds: float | None
    talk_seconds: float
    hold_seconds: float
    ring_seconds: float = 0.0
    repairs: int = 0
    """How many fields the PBX's ledger has mended."""
    notes: tuple[NoteView, ...] = ()
    rung: tuple[RungView, ...] = ()
    outcome: OutcomeView | None = None
    candidates: tuple[CustomerBrief, ...] = ()
    legs: tuple[LegView, ...] = ()
    explanation: Mapping[str, Any] = field(default_factory=dict)
    decision: RoutingView | None = None
    settled_at: datetime | None = None
    """When the PBX's ledger confirmed or corrected the call."""
    subject: str = ""
    """What a mail or a meeting was about."""
    handle_seconds: float | None = None
    """How long somebody worked on a conversation."""
    conversation_id: int | None = None
    survey: Mapping[str, Any] | None = None
    """What its caller answered after it; only where one contact is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCard:
    """The whole card: head, facts, what is open, and the newest of the timeline."""

    brief: CustomerBrief
    given_name: str
    family_name: str
    organization: OrganizationView | None
    position: str
    language: str
    city: str
    vip_level: int
    blocked: bool
    block_reason: str
    owner: UserRef | None
    confirmed: bool
    remarks: str
    created_at: datetime
    updated_at: datetime
    version: int
    status: str
    segment: str
    time_zone: str
    preferences: Mapping[str, Any]
    legal_hold: str
    phones: tuple[PhoneView, ...]
    contacts: tuple[ContactView, ...]
    addresses: tuple[AddressView, ...]
    memberships: tuple[MembershipView, ...]
    tags: tuple[Tag, ...]
    custom: Mapping[str, Value]
    """The company's own fields that have a value, by key."""
    open_orders: tuple[OrderView, ...]
    unpaid_invoices: tuple[InvoiceView, ...]
    colleagues: tuple[CustomerBrief, ...]
    interactions: tuple[InteractionView, ...]
    figures: Figures = field(default_factory=Figures)
    classes: Classes = field(default_factory=Classes)

    @property
    def id(self) -> int:
        return self.brief.id

    @property
    def display_name(self) -> str:
        return self.brief.display_name

    @property
    def email(self) -> str:
        """The main mail address."""
        return next((one.value for one in self.contacts if one.kind == "email"), "")

    @property
    def overdue_invoices(self) -> tuple[InvoiceView, ...]:
        return tuple(invoice for invoice in self.unpaid_invoices if invoice.overdue_days > 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSnapshot:
    """Everything an operator's screen is made from: a function of the database alone."""

    agent: AgentStatus | None
    calls: tuple[LiveCall, ...]
    pops: tuple[ScreenPop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxLink:
    pbx: str
    state: str
    detail: str
    since: datetime
    seen_at: datetime
    version: str
    steps_in: bool | None
    """Whether its dialplan lets supervisors into calls; None: nobody has asked it yet."""
