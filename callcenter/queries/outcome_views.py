"""Outcomes, scripts and deals as pages and the API are told of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from callcenter.customers.customer import CustomerBrief
from callcenter.outcomes.given import Contact, Given
from callcenter.outcomes.tree import Node
from callcenter.queries.views import UserRef
from callcenter.scripts.run import Position
from callcenter.scripts.stored import Run, StoredScript


@dataclass(frozen=True, slots=True, kw_only=True)
class DealView:
    id: int
    customer: CustomerBrief | None
    title: str
    stage: str
    amount_minor: int
    currency: str
    state: str
    next_step: str
    next_step_on: date | None
    owner: UserRef | None
    loss_reason: str
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeDesk:
    """All that the wrap-up of a contact needs."""

    contact: Contact
    given: Given | None
    draft: Mapping[str, str]
    tree: tuple[Node, ...]
    required: bool
    deals: tuple[DealView, ...]
    callback_at: datetime | None = None
    """When the open call-back of the given outcome is due."""
    task: str = ""
    task_due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptDesk:
    """A script on a contact: where it stands, and what its texts are filled from."""

    contact: Contact
    stored: StoredScript
    run: Run | None
    position: Position
    values: Mapping[str, Any] = field(default_factory=dict)
    owes: tuple[int, str] = (0, "")
