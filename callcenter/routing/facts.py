"""What a routing decision is made from. Pure data: nothing here looks anything up."""

from __future__ import annotations

from dataclasses import dataclass

from callcenter.customers.phone import PhoneNumber


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

    @property
    def is_debtor(self) -> bool:
        return self.overdue_minor > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFacts:
    """The call being routed: who calls (already normalised), what they dialled, who they may be."""

    caller: PhoneNumber
    dialed: str
    customers: tuple[CustomerFacts, ...] = ()

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
        return tuple(customer for customer in self.customers if not customer.blocked)
