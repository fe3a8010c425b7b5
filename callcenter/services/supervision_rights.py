"""Nobody's use case: who listens and may no more, since rights have changed, is put out."""

from __future__ import annotations

from callcenter.ports import PbxCommand, UnitOfWork
from callcenter.services.supervision import Door
from callcenter.supervision.stepping import Session, leg_of_channel


def put_out(door: Door) -> int:
    """How many have to go. A call that was taken over is their own and goes on. The stretch ends,
    and is written down as ended, with what the PBX says of it; until then the next look asks
    again."""
    with door.unit_of_work() as uow:
        stretches = uow.supervision.open_now()
        commands = [_end(uow, one, door) for one in stretches if not _may(uow, one)]
    wanted = [command for command in commands if command is not None]
    for command in wanted:
        door.publisher.command(command)
    return len(wanted)


def _may(uow: UnitOfWork, session: Session) -> bool:
    if session.mode == "take_over":
        return True
    viewer = uow.rights.viewer(session.supervisor_id)
    if viewer is None or viewer.base == "operator":
        return False
    # Of a call that no operator has answered yet: whether they listen to anybody at all.
    return viewer.reaches("supervision", session.mode, (session.operator_id,))


def _end(uow: UnitOfWork, session: Session, door: Door) -> PbxCommand | None:
    record = uow.outbound.call(session.call_id)
    leg = leg_of_channel(record, session.channel) if record is not None else None
    if record is None or leg is None or leg.role != "spy" or leg.ended_at is not None:
        return None
    return PbxCommand(
        action="hangup",
        arguments={"channel": leg.channel},
        pbx=record.pbx,
        issued_at=door.clock.now(),
    )
