"""What customers bought, owe and paid, and what that says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from callcenter.trade.classes import BoundsByCurrency, Classes
from callcenter.trade.figures import Debt, Figures, Purchases, Visits
from callcenter.trade.records import Invoice, Kind, Order, Record, Visit


class Trade(Protocol):
    """Orders, invoices, payments and visits of customers."""

    def add(
        self,
        customer_id: int,
        orders: Sequence[Order],
        invoices: Sequence[Invoice],
        visits: Sequence[Visit] = (),
    ) -> None:
        """Many at once, of a customer who has none of them yet. A paid invoice has its payment."""
        ...

    def get(self, kind: Kind, record_id: int) -> Record | None: ...

    def by_number(self, kind: Kind, number: str, source: str) -> Record | None: ...

    def visit_at(self, customer_id: int, at: datetime, source: str) -> Record | None: ...

    def invoices_numbered(self, number: str) -> tuple[Record, ...]:
        """From whatever source; at most two, since more help nobody."""
        ...

    def insert(
        self, kind: Kind, customer_id: int, values: Mapping[str, Any], at: datetime
    ) -> int: ...

    def update(self, kind: Kind, record_id: int, values: Mapping[str, Any]) -> None: ...

    def hold(self, invoice_id: int) -> None:
        """Until the end of the transaction nobody else pays it."""
        ...

    def settle(self, invoice_id: int) -> None:
        """Make `paid_minor` and `paid_on` follow from the payments."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a customer's figures are made from."""

    purchases: tuple[Purchases, ...] = ()
    debts: tuple[Debt, ...] = ()
    visits: Visits = field(default_factory=Visits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A contact with a customer: when it began, and whether there was a conversation."""

    customer_id: int
    at: datetime
    spoken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Classed:
    """What a customer's classes follow from, and what they are now."""

    customer_id: int
    figures: Figures
    classes: Classes


class CustomerFigures(Protocol):
    """The rows of `customer_figures`, and the bounds of the classes."""

    def facts(self, customer_ids: Sequence[int], today: date) -> dict[int, Facts]:
        """For all that were asked for."""
        ...

    def save(
        self, found: Mapping[int, tuple[Figures, Classes]], at: datetime, *, contacts: bool = False
    ) -> None:
        """With `contacts`, the times of the last contact and talk are made anew as well."""
        ...

    def met(self, contacts: Sequence[Contact]) -> None:
        """Later contacts than are known; one statement for all."""
        ...

    def bounds(self) -> BoundsByCurrency: ...

    def work_out_bounds(self) -> BoundsByCurrency:
        """From everybody's figures; reads the base through."""
        ...

    def keep_bounds(self, bounds: BoundsByCurrency) -> None: ...

    def classed(self, after: int, limit: int) -> list[Classed]:
        """Those who bought something, by id."""
        ...

    def reclass(self, classes: Mapping[int, Classes]) -> None: ...

    def aged(self, today: date, since: datetime, after: int, limit: int) -> list[int]:
        """Customers by id whose figures time may have changed, and who were last worked out
        before `since`."""
        ...

    def without(self, after: int, limit: int) -> list[int]:
        """Customers by id with records or contacts whose figures were never worked out."""
        ...
