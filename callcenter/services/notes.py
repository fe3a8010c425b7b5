"""Use case: an operator writes something down, on a contact or on a card."""

from __future__ import annotations

from collections.abc import Callable

from callcenter.errors import Invalid, NotFound
from callcenter.ports import Clock, UnitOfWork

LONGEST = 10_000


def save_note(
    *,
    author_id: int,
    text: str,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
    interaction_id: int | None = None,
    customer_id: int | None = None,
) -> int:
    """On a contact each author has one note, replaced as it is typed; a card gets a new one.

    Returns the note's id. An empty text empties one's note on a contact.
    """
    if (interaction_id is None) == (customer_id is None):
        raise Invalid("", "a note belongs to one interaction or to one customer")
    if len(text) > LONGEST:
        raise Invalid("text", f"must have at most {LONGEST} characters")
    if customer_id is not None and not text.strip():
        raise Invalid("text", "write something first")
    with unit_of_work() as uow:
        if interaction_id is not None and uow.interactions.get(interaction_id) is None:
            raise NotFound("interaction", f"there is no interaction {interaction_id}")
        if customer_id is not None and uow.customers.get(customer_id) is None:
            raise NotFound("customer", f"there is no customer {customer_id}")
        note_id = uow.notes.save(
            author_id=author_id,
            text=text.strip(),
            at=clock.now(),
            interaction_id=interaction_id,
            customer_id=customer_id,
        )
        uow.commit()
    return note_id
