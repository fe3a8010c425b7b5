"""Thirty calls through a real Asterisk whose truth is known: what a report says of them is what the
callers were told to do, and as long as Asterisk's own ledger says by rules of this file's own; the
wallboard says the same.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ami.lab.pbx import LabPbx, lab_plan
from ami.lab.phones import (
    HIDDEN,
    IS_BUSY,
    NO_ANSWER,
    Behaviour,
    Call,
    Caller,
    DeskPhone,
    FarEnd,
    call_in,
)
from ami.lab.ports import free_tcp_port
from ami.lab.softphones import SoftPhone, desk_of
from callcenter.pbx.destinations import Destination
from callcenter.pbx.plan import Did, Operator, Queue
from callcenter.queries import wallboard as board_queries
from callcenter.queries.reports import answer
from callcenter.reports.periods import HALF, Period, half_of
from callcenter.reports.question import Answer, By, Question
from callcenter.services import report_facts
from callcenter.store import engine as store_engine
from callcenter.wallboard.board import Board
from tests.support.figures_compared import of_report, of_tile, reported, shown
from tests.support.lab import require_lab
from tests.support.store import StandingClock, Store
from tests.support.waiting import wait_until
from tests.support.whole_product import WholeProduct, joined

pytestmark = [pytest.mark.pbx, pytest.mark.timeout(300)]

DESKS = ("1001", "1002", "1003", "1007", "1009", "1010", "1011")  # never all of them at once
SILENT, BUSY, DIRECT, HOLDING = "1004", "1005", "1006", "1008"
PHONES = {
    **{extension: Behaviour(ring=1.0) for extension in (*DESKS, DIRECT)},
    SILENT: NO_ANSWER,
    BUSY: IS_BUSY,
}
QUEUES = ("support", "sales", "vip", "debtors")
SUPPORT, SALES, VIP, DEBTORS = (f"+4822100000{n}" for n in range(1, 5))
WAIT_IN_SALES = 4
MOST_APART = 0.5
"""Seconds between two clocks in one Asterisk: when its manager told, and when its ledger did."""


def direct(extension: str) -> str:
    return f"+482210001{extension[2:]}"


@dataclass(frozen=True)
class Group:
    """Callers who do the same: `talk` seconds after the PBX has answered they hang up."""

    numbers: tuple[str, ...]
    to: str
    talk: float
    patience: float = 60.0
    rate: float = 2.0

    def calls(self) -> list[Call]:
        return [Call(number=number, to=self.to) for number in self.numbers]


def numbers(first: int, count: int) -> tuple[str, ...]:
    return tuple(f"+48600100{first + n:03}" for n in range(count))


GROUPS = (
    Group(numbers(100, 7), SUPPORT, talk=9.0, rate=0.5),  # answered after a ring of one second
    Group((HIDDEN,) * 3, SUPPORT, talk=9.0, rate=0.2),  # as they are
    Group((*numbers(300, 3), "+48600100300"), DEBTORS, talk=9.0),  # give up; one comes twice
    Group(numbers(400, 2), DEBTORS, talk=3.0),  # give up within five seconds
    Group(numbers(500, 3), SALES, talk=13.0, rate=0.5),  # nobody is there: answered in support
    Group(numbers(600, 3), direct(DIRECT), talk=2.0, rate=0.25),
    Group(numbers(700, 2), direct(BUSY), talk=2.0),
    Group(numbers(800, 2), direct(SILENT), talk=2.0, patience=8.0),  # give up while it rings
)
INBOUND = sum(len(group.numbers) for group in GROUPS) + 2  # and two whom a desk holds or hands on
# queue       offered, answered, abandoned, short, overflowed, given up, transferred
PLANNED = {
    "support": (7 + 3 + 3, 13, 0, 0, 0, 0, 0),
    "sales": (3, 0, 0, 0, 3, 0, 0),
    "vip": (2, 2, 0, 0, 0, 0, 1),
    "debtors": (4 + 2, 0, 6, 2, 0, 0, 0),
    "": (3 + 2 + 2, 3, 2, 0, 0, 2, 0),
}
_COUNTED = ("offered", "answered", "abandoned", "short_abandoned", "overflowed", "given_up")


# -- what Asterisk's ledger says, as a person with a spreadsheet would read it ---------------------


@dataclass
class Stay:
    """One run of the Queue application: when the caller came, was joined with somebody, left."""

    queue: str
    came: float
    joined: float | None = None
    left: float | None = None

    @property
    def wait(self) -> float:
        end = self.joined if self.joined is not None else self.left
        assert end is not None
        return end - self.came


@dataclass
class Ledger:
    stays: list[Stay] = field(default_factory=list)
    talk: float = 0.0
    """Of callers of queues, with whomever they spoke, music on hold and all."""
    held: float = 0.0
    """Of it, while they heard music."""

    @classmethod
    def read(cls, rows: list[dict[str, str]]) -> Ledger:
        calls: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in rows:
            if row["uniqueid"] == row["linkedid"]:  # the caller's own channel
                calls[row["linkedid"]].append(row)
        found = cls()
        for own in calls.values():
            found._follow(sorted(own, key=lambda row: float(row["eventtime"])))
        return found

    def _follow(self, rows: list[dict[str, str]]) -> None:
        stay: Stay | None = None
        entered: float | None = None
        music: float | None = None
        queued = False
        for row in rows:
            at, what = float(row["eventtime"]), row["eventtype"]
            if what == "APP_START" and row["appname"] == "Queue":
                stay, queued = Stay(row["appdata"].split(",")[0], at), True
                self.stays.append(stay)
            elif what == "APP_END" and row["appname"] == "Queue" and stay is not None:
                stay.left = at
                stay = None
            elif what == "BRIDGE_ENTER":
                entered = at
                if stay is not None and stay.joined is None:
                    stay.joined = at
            elif what == "STREAM_BEGIN":
                music = at if entered is not None else None
            elif what == "STREAM_END" and music is not None:
                self.held += at - music
                music = None
            elif what == "BRIDGE_EXIT" and entered is not None:
                self.talk += at - entered if queued else 0.0
                entered = None

    def of(self, queue: str, *, answered: bool) -> list[float]:
        return [
            one.wait
            for one in self.stays
            if one.queue == queue and (one.joined is not None) == answered
        ]


# -- the calls -------------------------------------------------------------------------------------


@pytest.fixture
def pbx(tmp_path: Path) -> Iterator[LabPbx]:
    require_lab()
    after = Destination(kind="queue", target="support")
    queues = (
        Queue(name="support", strategy="rrmemory", members=DESKS),
        Queue(
            name="sales",
            strategy="ringall",
            members=(),
            wait_seconds=WAIT_IN_SALES,
            overflow=after,
        ),
        Queue(name="vip", strategy="leastrecent", members=(HOLDING,)),
        Queue(name="debtors", strategy="rrmemory", members=(SILENT,)),
    )
    lines = zip((SUPPORT, SALES, VIP, DEBTORS), QUEUES, strict=True)
    desks = sorted((*PHONES, HOLDING))
    plan = lab_plan(
        ("127.0.0.1", free_tcp_port()),
        operators=tuple(Operator(extension=one, name=f"Operator {one}") for one in desks),
        dids=(
            *(Did(number=number, kind="queue", target=queue) for number, queue in lines),
            *(Did(number=direct(e), kind="operator", target=e) for e in (DIRECT, BUSY, SILENT)),
        ),
        queues=queues,
    )
    with LabPbx(tmp_path / "pbx", plan=plan) as lab:
        yield lab


def let_them_call(pbx: LabPbx) -> None:
    phones = {extension: DeskPhone(pbx, extension, does) for extension, does in PHONES.items()}
    for phone in phones.values():
        phone.start()
    callers = [
        call_in(pbx, group.calls(), talk=group.talk, patience=group.patience, rate=group.rate)
        for group in GROUPS
    ]
    with FarEnd(pbx, Behaviour(ring=1.0)):
        callers.append(phones[DIRECT].call("+48501501501", talk=2.0))
        callers += hold_and_hand_on(pbx)
        for caller in callers:
            assert caller.wait(90), caller.errors()
        pbx.wait_idle(60)
    for phone in phones.values():
        phone.stop()


def hold_and_hand_on(pbx: LabPbx) -> list[Caller]:
    """One caller is held and hangs up; another is handed on to a colleague."""
    callers: list[Caller] = []
    with SoftPhone(desk_of(pbx, HOLDING)) as phone:
        callers.append(call_in(pbx, [Call(number="+48600100900", to=VIP)], talk=10.0))
        line = phone.ringing().answer()
        line.hold()
        began = time.monotonic()
        wait_until(lambda: time.monotonic() - began > 2)
        line.unhold()
        line.until_over()
        callers.append(call_in(pbx, [Call(number="+48600100901", to=VIP)], talk=10.0))
        line = phone.ringing().answer()
        line.transfer(DIRECT)
        line.until_over()
        for caller in callers:
            caller.wait(60)
    return callers


@dataclass
class Figures:
    crm: WholeProduct
    period: Period

    def ask(self, *kpis: str, by: tuple[By, ...] = ()) -> Answer:
        with self.crm.runtime.reader() as connection:
            return answer(connection, Question(kpis=kpis, period=self.period, by=by))

    def sum_up(self) -> None:
        runtime = self.crm.runtime
        while report_facts.turn(unit_of_work=runtime.unit_of_work, clock=runtime.clock):
            pass


def test_a_report_says_what_callers_did_and_as_long_as_the_pbx_says(
    pbx: LabPbx, sqlite_url: str, tmp_path: Path
) -> None:
    begun = datetime.now(UTC)
    with joined(sqlite_url, pbx, tmp_path) as crm:
        operators = crm.add_operators(sorted((*PHONES, HOLDING)))
        board = Board.empty()
        crm.runtime.bus.subscribe(lambda one: board.fold(one.kind, one.payload), lambda: None)
        let_them_call(pbx)
        crm.wait_until_over(INBOUND + 1)
        ends = half_of(datetime.now(UTC)) + HALF
        figures = Figures(crm, Period(start=half_of(begun) - HALF, end=ends))
        wait_until(lambda: all(one.left for one in Ledger.read(pbx.cel_rows()).stays))
        ledger = Ledger.read(pbx.cel_rows())
        for _ in range(2):  # from the calls themselves, and then from their sums
            compare_counts(figures, ledger)
            compare_times(figures, ledger)
            figures.sum_up()
        compare_work(figures, operators)
        compare_board(sqlite_url, board)


def compare_counts(figures: Figures, ledger: Ledger) -> None:
    found = figures.ask(*_COUNTED, "transferred", by=("queue",))
    assert {row.key[0]: tuple(row.values.values()) for row in found.rows} == PLANNED
    told = Counter((one.queue, one.joined is not None) for one in ledger.stays)
    for queue in QUEUES:
        offered, taken = PLANNED[queue][:2]
        assert (told[queue, True], told[queue, False]) == (taken, offered - taken), queue
    totals = figures.ask("contacts", "offered", "placed", "reached", "repeated", "handled").totals
    planned = {"contacts": INBOUND + 1, "offered": INBOUND + 3, "placed": 1, "reached": 1}
    assert totals == {**planned, "repeated": 1, "handled": 18 + 1}


def compare_times(figures: Figures, ledger: Ledger) -> None:
    kpis = ("asa", "abandon_wait", "service_level", "talk", "hold")
    rows = {row.key[0]: row.values for row in figures.ask(*kpis, by=("queue",)).rows}
    for queue in QUEUES:
        waits, lost = ledger.of(queue, answered=True), ledger.of(queue, answered=False)
        near = pytest.approx(sum(waits) / len(waits), abs=MOST_APART) if waits else None
        assert rows[queue]["asa"] == near, queue
        if queue == "debtors":
            assert rows[queue]["abandon_wait"] == pytest.approx(sum(lost) / 6, abs=MOST_APART)
    in_time = sum(wait <= 20 for wait in ledger.of("support", answered=True))
    assert rows["support"]["service_level"] == in_time / 13
    assert rows["debtors"]["service_level"] == 0
    assert ledger.held > 1.0
    assert rows["vip"]["hold"] == pytest.approx(ledger.held, abs=MOST_APART)
    spoken = sum((rows[queue][one] or 0) for queue in QUEUES for one in ("talk", "hold"))
    assert spoken == pytest.approx(ledger.talk, abs=MOST_APART * 16)


def compare_work(figures: Figures, operators: dict[str, int]) -> None:
    kpis = ("rung", "answered", "not_taken", "placed", "transferred")
    found = figures.ask(*kpis, by=("operator",)).rows
    rows = {row.key[0]: tuple(row.values.values()) for row in found}
    mine = {extension: rows.get(str(user)) for extension, user in operators.items()}
    assert mine[HOLDING] == (2, 2, 0, 0, 1)
    assert mine[BUSY] == (2, 0, 2, 0, 0)
    assert mine[DIRECT] == (3 + 1, 4, 0, 1, 0)  # and whoever was handed on to them
    assert sum((mine[desk] or (0, 0))[1] or 0 for desk in DESKS) == 13


def compare_board(database_url: str, board: Board) -> None:
    """Opened now, and folded from what was told meanwhile, it says what the report says."""
    engine = store_engine.create(database_url, busy_seconds=5.0)
    try:
        now = datetime.now(UTC)
        store = Store(engine, clock=StandingClock(now + timedelta(seconds=1)))
        with engine.connect() as connection:
            opened = board_queries.board(connection, now)
        wait_until(lambda: board == opened, words=f"folded {board}, opened {opened}")
        tiles = shown(store, opened, "UTC", QUEUES)
        report = reported(store, Period.until_now(store.clock.at, "UTC"), QUEUES)
        for queue in ("", *QUEUES):
            assert of_tile(tiles[queue]) == of_report(report.get(queue, {})), queue
    finally:
        engine.dispose()
