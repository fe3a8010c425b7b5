"""Two calls of the live stream that the ledger knows to be one stay one, whoever tells of them."""

from __future__ import annotations

from pathlib import Path

from ami.ledger.fold import GRACE_SECONDS
from ami.ledger.settling import Settler
from callcenter import bootstrap
from callcenter.calls.events import CallEnded
from callcenter.calls.ledger import LedgerBatch, LedgerCall
from callcenter.runtime import Runtime
from callcenter.services.call_identity import CallMemory
from callcenter.services.handle_calls import handle_call_events
from callcenter.settings import Settings
from tests.support.ledger import NOON, TOPOLOGY, answered_call, fold, line, lost_call


def told_live(runtime: Runtime, memory: CallMemory, *calls: LedgerCall) -> None:
    handle_call_events(
        [CallEnded(call=call.record, at=call.record.ended_at) for call in calls],
        unit_of_work=runtime.unit_of_work,
        publisher=runtime.bus,
        clock=runtime.clock,
        plan_for=runtime.settings.number_plan_for,
        memory=memory,
    )


def folded(*lines: str) -> list[LedgerCall]:
    return list(fold(lines).take(GRACE_SECONDS + 1))


def test_a_call_that_the_ledger_joined_to_another_does_not_come_back(
    sqlite_url: str, tmp_path: Path
) -> None:
    runtime = bootstrap.build(Settings(database_url=sqlite_url, data_dir=tmp_path))
    memory = CallMemory()
    one, other = answered_call(0), lost_call(2)
    (first,), (second,) = folded(*one), folded(*other)
    told_live(runtime, memory, first, second)
    met = line("BRIDGE_ENTER", NOON + 3, f"pbx1-{NOON}.2", linkedid=f"pbx1-{NOON}.0")
    (whole,) = folded(*one, *other, met)
    Settler(runtime, TOPOLOGY, memory).settle(
        LedgerBatch(pbx="pbx1", source="file", calls=(whole,))
    )
    told_live(runtime, memory, second)
    with runtime.reader() as connection:
        count = connection.exec_driver_sql("select count(*) from interactions").scalar()
    runtime.close()
    assert count == 1


def test_the_end_alone_of_a_channel_that_hung_for_days_is_no_other_call(
    sqlite_url: str, tmp_path: Path
) -> None:
    runtime = bootstrap.build(Settings(database_url=sqlite_url, data_dir=tmp_path))
    memory = CallMemory()
    (call,) = folded(*answered_call(0))
    told_live(runtime, memory, call)
    trunk = {"channame": "PJSIP/trunk-00000000", "cid_num": "+48600100101"}
    (end,) = folded(line("HANGUP", NOON + 30 * 3600, f"pbx1-{NOON}.0", **trunk))
    Settler(runtime, TOPOLOGY, memory).settle(LedgerBatch(pbx="pbx1", source="file", calls=(end,)))
    with runtime.reader() as connection:
        count = connection.exec_driver_sql("select count(*) from interactions").scalar()
    runtime.close()
    assert count == 1
