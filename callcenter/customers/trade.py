"""What a customer ordered and owes, as plain values. Money is in minor units. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

OrderStatus = Literal["open", "shipped", "closed", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    number: str
    title: str
    amount_minor: int
    currency: str
    status: OrderStatus
    placed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    number: str
    amount_minor: int
    currency: str
    due_on: date
    paid_on: date | None = None
