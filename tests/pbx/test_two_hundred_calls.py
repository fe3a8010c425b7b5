"""200 calls through a real Asterisk: our interactions equal Asterisk's own records one to one.

What each caller and phone does is written down here; which calls there were and how long they
lasted comes from Asterisk's CDR file, and, for calls through a queue (whose CDR counts from the
queue's own Answer), from its channel event log.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ami.lab import LabPbx
from ami.lab.pbx import lab_plan
from ami.lab.phones import (
    HIDDEN,
    IS_BUSY,
    NO_ANSWER,
    Behaviour,
    Call,
    Caller,
    DeskPhone,
    call_in,
)
from ami.lab.ports import free_tcp_port
from callcenter.pbx.plan import Did, Operator, Queue
from tests.support.lab import require_lab
from tests.support.whole_product import WholeProduct, joined

pytestmark = [pytest.mark.pbx, pytest.mark.timeout(300)]

ANSWERING, QUEUE_PHONES, SILENT, BUSY = "1001", ("1002", "1003", "1006", "1007"), "1004", "1005"
PHONES = {
    ANSWERING: Behaviour(ring=1.0),
    SILENT: NO_ANSWER,
    BUSY: IS_BUSY,
    **{extension: Behaviour(ring=1.0) for extension in QUEUE_PHONES},
}
SECOND = 1.0


@dataclass(frozen=True)
class Group:
    """Callers who do the same. Their numbers are `prefix` and a count, so that each is known."""

    count: int
    prefix: str
    to: str
    result: str
    match: str
    by: tuple[str, ...] = ()
    talk: float = 2.0
    patience: float = 60.0
    rate: float = 1.0
    """Calls a second: all groups together stay below what Asterisk takes on a busy machine."""

    def calls(self) -> list[Call]:
        if self.prefix == HIDDEN:
            return [Call(number=HIDDEN, to=self.to)] * self.count
        return [Call(number=f"{self.prefix}{n:03d}", to=self.to) for n in range(self.count)]


def direct(extension: str) -> str:
    return f"+482210001{extension[2:]}"


KNOWN, STRANGER, SHARED = "+48601100", "+48602200", "+48221119998"
GROUPS = (
    Group(25, KNOWN, direct(ANSWERING), "answered", "one", (ANSWERING,)),
    # Somebody new who was spoken with has a card by themselves when the call has ended.
    Group(25, STRANGER, direct(ANSWERING), "answered", "one", (ANSWERING,)),
    Group(20, "shared", direct(ANSWERING), "answered", "several", (ANSWERING,)),
    Group(20, HIDDEN, direct(ANSWERING), "answered", "withheld", (ANSWERING,)),
    Group(30, "+48603300", "+48221000001", "answered", "one", QUEUE_PHONES, 6.0, rate=0.8),
    Group(20, "+48604400", "+48221000002", "abandoned", "none", talk=3.0),
    Group(30, "+48605500", direct(BUSY), "busy", "none"),
    Group(20, "+48606600", direct(SILENT), "missed", "none"),
    Group(10, "+48607700", direct(SILENT), "abandoned", "none", patience=3.0),
)


@pytest.fixture
def pbx(tmp_path: Path) -> Iterator[LabPbx]:
    require_lab()
    dids = (
        Did(number="+48221000001", kind="queue", target="support"),
        Did(number="+48221000002", kind="queue", target="sales"),
        *(Did(number=direct(e), kind="operator", target=e) for e in (ANSWERING, SILENT, BUSY)),
    )
    queues = (
        Queue(name="support", strategy="rrmemory", members=QUEUE_PHONES),
        Queue(name="sales", strategy="ringall", members=(SILENT,)),
        Queue(name="vip", strategy="leastrecent", members=QUEUE_PHONES),
        Queue(name="debtors", strategy="rrmemory", members=QUEUE_PHONES),
    )
    plan = lab_plan(
        ("127.0.0.1", free_tcp_port()),
        operators=tuple(Operator(extension=e, name=f"Operator {e}") for e in sorted(PHONES)),
        dids=dids,
        queues=queues,
    )
    with LabPbx(tmp_path / "pbx", plan=plan) as lab:
        yield lab


def test_interactions_equal_asterisks_own_records_one_to_one(
    pbx: LabPbx, sqlite_url: str, tmp_path: Path
) -> None:
    with joined(sqlite_url, pbx, tmp_path) as crm:
        operators = crm.add_operators(sorted(PHONES))
        for n in range(25):
            crm.add_customer(f"{KNOWN}{n:03d}")
        for name in ("Anna", "Jan"):
            crm.add_customer(SHARED, display_name=name)
        let_them_call(pbx)
        crm.wait_until_over(200)
        compare(pbx, crm, operators)
        assert crm.mappings("SELECT count(*) AS n FROM routing_decisions")[0]["n"] == 200


def let_them_call(pbx: LabPbx) -> None:
    phones = [DeskPhone(pbx, extension, does) for extension, does in PHONES.items()]
    for phone in phones:
        phone.start()
    callers: list[Caller] = []
    for group in GROUPS:
        calls = group.calls()
        if group.prefix == "shared":
            calls = [Call(number=SHARED, to=group.to)] * group.count
        callers.append(
            call_in(pbx, calls, talk=group.talk, patience=group.patience, rate=group.rate)
        )
    for caller in callers:
        caller.wait(150)
    pbx.wait_idle(60)
    for phone in phones:
        phone.stop()


def compare(pbx: LabPbx, crm: WholeProduct, operators: dict[str, int]) -> None:
    by_asterisk = group_by_call(pbx.cdr_rows())
    ours = interactions_by_linkedid(crm)
    assert len(by_asterisk) == 200
    assert sorted(ours) == sorted(by_asterisk)
    bridges = talk_by_ledger(pbx.cel_rows())
    for linkedid, rows in by_asterisk.items():
        check_one(ours[linkedid], rows, bridges.get(linkedid), operators)


def group_by_call(cdr: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    calls: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in cdr:
        calls[row["linkedid"]].append(row)
    return calls


def interactions_by_linkedid(crm: WholeProduct) -> dict[str, dict[str, Any]]:
    rows = crm.mappings(
        "SELECT i.*, c.caller_number, cc.uniqueid FROM interactions i "
        "JOIN calls c ON c.id = i.call_id JOIN call_channels cc ON cc.call_id = c.id"
    )
    per_call: dict[int, dict[str, Any]] = {}
    for row in rows:
        kept = per_call.setdefault(row["id"], row)
        kept["uniqueid"] = min(kept["uniqueid"], row["uniqueid"], key=_age)
    (count,) = crm.mappings("SELECT count(*) AS n FROM interactions")
    assert count["n"] == len(per_call)
    return {row["uniqueid"]: row for row in per_call.values()}


def _age(uniqueid: str) -> tuple[int, int]:
    epoch, serial = uniqueid.rpartition("-")[2].split(".")
    return int(epoch), int(serial)


@dataclass
class Talk:
    began: float | None = None
    queued: float | None = None
    start: float | None = None
    end: float | None = None
    left_queue: float | None = None


def talk_by_ledger(cel: list[dict[str, str]]) -> dict[str, Talk]:
    talks: dict[str, Talk] = defaultdict(Talk)
    for row in cel:
        talk, at = talks[row["linkedid"]], float(row["eventtime"])
        what = (row["eventtype"], row["appname"])
        if row["eventtype"] == "CHAN_START" and row["uniqueid"] == row["linkedid"]:
            talk.began = at
        elif what == ("APP_START", "Queue"):
            talk.queued = at
        elif what == ("APP_END", "Queue"):
            talk.left_queue = at
        elif row["eventtype"] == "BRIDGE_ENTER":
            talk.start = at  # the second of the two to enter
        elif row["eventtype"] == "BRIDGE_EXIT" and talk.end is None:
            talk.end = at
    return talks


def check_one(
    mine: dict[str, Any],
    rows: list[dict[str, str]],
    talk: Talk | None,
    operators: dict[str, int],
) -> None:
    group = group_of(rows[0]["src"], mine["dialed"])
    assert (mine["result"], mine["match"]) == (group.result, group.match), rows
    assert mine["caller_number"] == rows[0]["src"]
    assert mine["number"] == ("" if group.prefix == HIDDEN else rows[0]["src"])
    spoke = [r for r in rows if r["dstchannel"] and r["disposition"] == "ANSWERED"]
    if group.result != "answered":
        assert mine["operator_id"] is None
        assert mine["talk_seconds"] == 0.0
        assert mine["wait_seconds"] == pytest.approx(waited(rows, talk), abs=SECOND)
        return
    extension = spoke[-1]["dstchannel"].removeprefix("PJSIP/").partition("-")[0]
    assert extension in group.by
    assert mine["operator_id"] == operators[extension]
    # The ledger's times, to the microsecond: CDR cuts each moment to its second, so that what lies
    # between two of them is wrong by up to a second.
    assert talk is not None
    assert talk.start is not None
    assert talk.end is not None
    waits_from = talk.began if talk.queued is None else talk.queued
    assert waits_from is not None
    assert mine["talk_seconds"] == pytest.approx(talk.end - talk.start, abs=SECOND)
    assert mine["wait_seconds"] == pytest.approx(talk.start - waits_from, abs=SECOND)


def waited(rows: list[dict[str, str]], talk: Talk | None) -> float:
    if talk is not None and talk.queued is not None and talk.left_queue is not None:
        return talk.left_queue - talk.queued
    return seconds_between(rows[0]["start"], rows[-1]["end"])


def seconds_between(start: str, end: str) -> float:
    one, other = (
        datetime.strptime(moment, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        for moment in (start, end)
    )
    return (other - one).total_seconds()


def group_of(number: str, dialed: str) -> Group:
    if number == SHARED:
        return GROUPS[2]
    if not number.startswith("+"):
        return GROUPS[3]
    return next(g for g in GROUPS if number.startswith(g.prefix) and g.to == dialed)
