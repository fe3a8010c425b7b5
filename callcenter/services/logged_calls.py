"""Use case: another system logs a call of its own, which then stands on the card like ours."""

from __future__ import annotations

from collections.abc import Callable

from callcenter.customers.matching import match_number
from callcenter.customers.phone import NumberPlan, parse_number
from callcenter.interactions.logged import LoggedCall, checked
from callcenter.ports import Clock, UnitOfWork
from callcenter.services.rights import require


def log_call(
    call: LoggedCall,
    note: str,
    *,
    operator_id: int | None,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
    plan: NumberPlan,
    user_id: int,
) -> tuple[int, bool]:
    """(the interaction's id, whether it is new). Of a known `external_id` nothing is changed.

    Who it was with follows from the number, by the same law as for calls of the PBX.
    """
    call = checked(call, clock.now())
    number = parse_number(call.number, plan)
    with unit_of_work() as uow:
        require(uow, user_id, "interaction", "create", owner_id=operator_id)
        found = uow.customers.find_by_numbers([number.e164]) if number.e164 else {}
        ids = [customer.id for customer in found.get(number.e164, ())]
        interaction_id, is_new = uow.interactions.log(
            call, number, match_number(number, ids), ids, operator_id
        )
        if is_new:
            if note.strip():
                uow.notes.save(
                    author_id=user_id,
                    text=note.strip(),
                    at=clock.now(),
                    interaction_id=interaction_id,
                )
            uow.audit.record(
                user_id=user_id,
                action="call_logged",
                object_type="interaction",
                object_id=str(interaction_id),
                at=clock.now(),
                detail={"external_id": call.external_id},
            )
        uow.commit()
    return interaction_id, is_new
