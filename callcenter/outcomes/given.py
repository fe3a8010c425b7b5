"""An outcome as it was given to a contact, and who may give one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A contact as far as its outcome goes, seen by one user."""

    interaction_id: int
    queue: str
    customer_id: int | None
    number: str
    operator_id: int | None
    took_part: bool
    """That user's phone rang or spoke in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """`details` says what followed from it: ids of tasks, the deal, the call-back's time."""

    interaction_id: int
    outcome_id: int
    user_id: int
    at: datetime
    details: Mapping[str, Any]


def may_give(contact: Contact, given: Given | None, user_id: int, *, leads: bool) -> bool:
    """The first one: whoever took part, and anybody where nobody spoke. After that: its author,
    whose call it is now, and supervisors."""
    if leads or user_id == contact.operator_id:
        return True
    if given is not None:
        return user_id == given.user_id
    return contact.took_part or contact.operator_id is None
