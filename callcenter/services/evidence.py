"""Use cases around what calls were made from: the ledger that a forwarder sends, and recordings
of calls that people take out of the house.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from callcenter.ports import Clock, UnitOfWork


@dataclass(frozen=True, slots=True)
class Received:
    """`offset`: what is expected next. `taken`: all of the piece is here, now or from before."""

    offset: int
    taken: bool


def receive_ledger(
    pbx: str,
    *,
    file_id: str,
    path: str,
    offset: int,
    data: bytes,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
) -> Received:
    """Keep a piece of a PBX's ledger for its reader. Sending it again changes nothing."""
    with unit_of_work() as uow:
        expected = uow.ledger.receive(pbx, file_id, path, offset, data, clock.now())
        uow.commit()
    return Received(expected, taken=expected >= offset + len(data))


def note_recording_taken(
    interaction_id: int,
    user_id: int,
    *,
    hidden: bool,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
) -> None:
    """Who took the events of which call out of the house, and whether numbers went with them."""
    with unit_of_work() as uow:
        uow.audit.record(
            user_id=user_id,
            action="recording_taken",
            object_type="interaction",
            object_id=str(interaction_id),
            at=clock.now(),
            detail={"masked": hidden},
        )
        uow.commit()
