"""What a pop says beside the call and its customer, read once for any number of calls.

The service that publishes and the query that makes a snapshot both go through here, so that a
snapshot says what the events before it said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from callcenter.callbacks.request import command_in
from callcenter.calls.record import CallRecord
from callcenter.customers.customer import CustomerBrief
from callcenter.ports import Pops
from callcenter.realtime.payloads import AskedBack, Identified, QueueFace, transferers


@dataclass(frozen=True, slots=True)
class Beside:
    queues: Mapping[str, QueueFace]
    operators: Mapping[int, str]
    last_chosen: Mapping[str, int]
    callbacks: Mapping[str, AskedBack]

    def identified(
        self,
        record: CallRecord,
        *,
        interaction_id: int | None,
        number: str,
        number_e164: str,
        match: str,
        customers: Sequence[CustomerBrief],
        explanation: Mapping[str, Any],
    ) -> Identified:
        """Of several customers the one chosen the last time comes first. `explanation` is what the
        contact keeps of how it came to be as it is."""
        last = self.last_chosen.get(number_e164) if match == "several" else None
        known = last if any(one.id == last for one in customers) else None
        return Identified(
            interaction_id=interaction_id,
            number=number,
            number_e164=number_e164,
            match=match,
            customers=tuple(sorted(customers, key=lambda one: one.id != known))
            if known is not None
            else tuple(customers),
            reason=str(explanation.get("route", "")),
            organization=str(explanation.get("match", {}).get("organization", "")),
            last_chosen=known,
            queue=self.queues.get(record.queues[-1], QueueFace()) if record.queues else QueueFace(),
            operators=self.operators,
            callback=self.callbacks.get(command_in(record)),
        )


def read_beside(
    pops: Pops,
    records: Iterable[CallRecord],
    shared_numbers: Iterable[str],
    users_by_endpoint: Mapping[str, int],
) -> Beside:
    """`shared_numbers` are those that several customers have. Calls that are over pop nowhere."""
    live = [record for record in records if record.live]
    moved = {one for record in live for one in transferers(record, users_by_endpoint)}
    offers = {command for record in live if (command := command_in(record))}
    return Beside(
        queues=pops.queue_faces() if any(record.queues for record in live) else {},
        operators=pops.user_names(moved) if moved else {},
        last_chosen=pops.last_chosen(shared_numbers),
        callbacks=pops.asked_back(offers) if offers else {},
    )
