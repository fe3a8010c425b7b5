"""Deals: their stages, their ends, and what may be changed in them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

from callcenter.errors import Invalid

DealState: TypeAlias = Literal["open", "won", "lost"]
STATES: tuple[DealState, ...] = ("open", "won", "lost")
STAGES: tuple[str, ...] = ("new", "qualified", "proposal", "negotiation")
"""In the order in which a deal goes through them."""
_LENGTHS = {"title": 160, "next_step": 255, "loss_reason": 255}
MOST_MONEY = 10**15
_CURRENCY = re.compile(r"[A-Z]{3}")
FIELDS = frozenset(
    {
        "title",
        "stage",
        "amount_minor",
        "currency",
        "state",
        "next_step",
        "next_step_on",
        "owner_id",
        "loss_reason",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DealDraft:
    customer_id: int
    title: str
    stage: str = STAGES[0]
    amount_minor: int = 0
    currency: str = "EUR"
    next_step: str = ""
    next_step_on: date | None = None
    owner_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    id: int
    customer_id: int
    title: str
    stage: str
    amount_minor: int
    currency: str
    state: DealState
    next_step: str
    next_step_on: date | None
    owner_id: int | None
    loss_reason: str
    created_at: datetime
    updated_at: datetime
    version: int


def following_stage(stage: str) -> str | None:
    """The stage after this one; None after the last, and after one that we do not know."""
    place = STAGES.index(stage) + 1 if stage in STAGES else len(STAGES)
    return STAGES[place] if place < len(STAGES) else None


def checked(values: Mapping[str, Any], before: Deal | None = None) -> dict[str, Any]:
    """What is to be written for a change of these fields. Raises Invalid for the first mistake.

    Won or lost, a deal has no next step any more; lost, it says why; opened again, it has no
    reason for a loss.
    """
    clean: dict[str, Any] = {k: v.strip() if isinstance(v, str) else v for k, v in values.items()}
    for field in sorted(set(clean) - FIELDS):
        raise Invalid(field, "is not a field of a deal")
    _check_texts(clean)
    _check_choices(clean)
    state = clean.get("state", before.state if before is not None else "open")
    if state == "lost" and not clean.get("loss_reason", before.loss_reason if before else ""):
        raise Invalid("loss_reason", "say why the deal was lost")
    if state != "lost":
        clean["loss_reason"] = ""
    if state != "open":
        clean |= {"next_step": "", "next_step_on": None}
    return clean


def _check_texts(clean: Mapping[str, Any]) -> None:
    if "title" in clean and not clean["title"]:
        raise Invalid("title", "say what the deal is about")
    for field, longest in _LENGTHS.items():
        if len(clean.get(field) or "") > longest:
            raise Invalid(field, f"must have at most {longest} characters")


def _check_choices(clean: Mapping[str, Any]) -> None:
    if "stage" in clean and clean["stage"] not in STAGES:
        raise Invalid("stage", f"must be one of: {', '.join(STAGES)}")
    if "state" in clean and clean["state"] not in STATES:
        raise Invalid("state", f"must be one of: {', '.join(STATES)}")
    if "amount_minor" in clean and not 0 <= clean["amount_minor"] <= MOST_MONEY:
        raise Invalid("amount_minor", "must be 0 or more")
    currency = clean.get("currency")
    if currency is not None and not (
        len(currency) == 3 and currency.isascii() and currency.isupper()
    ):
        raise Invalid("currency", "must be a currency code such as PLN")
