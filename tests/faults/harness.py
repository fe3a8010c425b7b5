"""One run: traffic, faults at seeded moments, time to settle, comparison."""

from __future__ import annotations

import json
import random
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ami.lab.ports import free_tcp_port
from tests.faults.comparison import SHOWN, Difference, compare, ours_of
from tests.faults.kinds import Fault, World, faults_for
from tests.faults.pbx import WitnessedPbx
from tests.faults.product import ProductUnderTest
from tests.faults.traffic import Traffic
from tests.faults.witness import TrueCall, true_calls
from tests.support.waiting import wait_until

_UP_WITHIN = 120.0
_UNCHANGED_SECONDS = 45.0
"""So long must our record stay as it is before a difference counts as final."""
_QUIET_SECONDS = 8.0
"""And so long when all is well."""
_SETTLE_AT_MOST = 900.0


@dataclass(frozen=True, kw_only=True)
class Options:
    calls: int
    faults: int
    seed: int
    rate: float
    split: bool
    scale: float = 1.0
    """Of the time that things stay broken."""
    only: tuple[str, ...] = ()
    """These faults in this order, instead of a random choice."""
    without: frozenset[str] = frozenset()
    """Groups of callers to leave out."""


@dataclass
class Outcome:
    faults: list[str] = field(default_factory=list)
    calls: list[TrueCall] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    restarts: dict[str, int] = field(default_factory=dict)
    unsettled: int = 0
    """Calls that the ledger has not confirmed."""
    repairs: list[dict[str, Any]] = field(default_factory=list)
    """Calls that the ledger mended, by cause."""


class Run:
    def __init__(self, options: Options, folder: Path, keep: Path | None = None) -> None:
        self.options = options
        self.keep = keep
        self.folder = folder
        self.outcome = Outcome()
        self.random = random.Random(options.seed)
        self._began = time.monotonic()

    def __call__(self) -> Outcome:
        with ExitStack() as stack:
            self.pbx = WitnessedPbx(self.folder / "pbx", ("127.0.0.1", free_tcp_port()))
            stack.callback(self.pbx.close)
            self.pbx.start()
            self.product = ProductUnderTest(
                self.pbx, self.folder / "product", split=self.options.split
            )
            stack.callback(self.product.close)
            self.traffic = Traffic(
                self.pbx, self.options.calls, self.options.rate, self.options.without
            )
            stack.callback(self._keep)
            self.product.add_people(self.traffic.blocked_numbers())
            self.product.processes.start()
            self._wait(self._in_step, "the product does not start")
            self.say("the product is in step with the PBX; callers start")
            self.traffic.start()
            stack.callback(self.traffic.stop)
            self._break_things()
            self._let_calls_end()
            self._settle()
            units = self.product.processes.units
            self.outcome.restarts = {name: unit.starts - 1 for name, unit in units.items()}
        return self.outcome

    def say(self, words: str) -> None:
        print(f"{time.monotonic() - self._began:7.1f} s  {words}", file=sys.stderr, flush=True)

    def _keep(self) -> None:
        """Logs, Asterisk's own records and the ledger, for whoever looks into a difference."""
        if self.keep is None:
            return
        shutil.rmtree(self.keep, ignore_errors=True)
        ignore = shutil.ignore_patterns("asterisk.ctl", "sipp-*", ".filler", "tmp")
        shutil.copytree(self.folder, self.keep, symlinks=True, ignore=ignore)
        for table in ("calls", "call_channels", "call_legs", "interactions", "call_repairs"):
            rows = self.product.rows(f"SELECT * FROM {table}")
            text = "\n".join(json.dumps(row, default=str) for row in rows)
            (self.keep / f"{table}.jsonl").write_text(text, "utf-8")

    # -- breaking

    def _break_things(self) -> None:
        seconds = self.options.calls / self.options.rate
        began, chosen = time.monotonic(), self._chosen()
        world = World(self.product, self.random, self._pause)
        for n, fault in enumerate(chosen):
            due = began + seconds * (n + self.random.uniform(0.2, 0.8)) / len(chosen)
            time.sleep(max(0.0, due - time.monotonic()))
            self._break(fault, world)

    def _chosen(self) -> list[Fault]:
        """Every kind once before any comes again."""
        kinds = faults_for(split=self.options.split)
        if self.options.only:
            by_name = {fault.name: fault for fault in kinds}
            return [by_name[name] for name in self.options.only]
        chosen: list[Fault] = []
        while len(chosen) < self.options.faults:
            self.random.shuffle(kinds)
            chosen += kinds
        return chosen[: self.options.faults]

    def _break(self, fault: Fault, world: World) -> None:
        if fault.destroys:
            self._wait(self._in_step, f"no link before: {fault.name}")
        self.say(fault.name)
        fault.inject(world)
        self.outcome.faults.append(fault.name)
        if fault.destroys:
            self._wait_for_calls_until(time.time())

    def _in_step(self) -> bool:
        return self.product.processes.running() and self.product.linked()

    def _wait(self, condition: Callable[[], bool], words: str) -> None:
        try:
            wait_until(condition, timeout=_UP_WITHIN, words=words)
        except AssertionError as error:
            error.add_note(self.product.last_words())
            raise

    def _wait_for_calls_until(self, moment: float) -> None:
        """Until every call that began before `moment` is over."""

        def over() -> bool:
            began, ended = set(), set()
            for row in self.pbx.witness_rows():
                # Calls that a death of the PBX took with it have no end.
                if self.pbx.booted_at < float(row["eventtime"]) <= moment:
                    began.add(row["linkedid"])
                if row["eventtype"] == "LINKEDID_END":
                    ended.add(row["linkedid"])
            time.sleep(1)
            return began <= ended

        wait_until(over, timeout=180, words="calls do not end")

    def _pause(self, seconds: float) -> None:
        time.sleep(seconds * self.options.scale)

    # -- settling

    def _let_calls_end(self) -> None:
        self.say("no more faults; waiting for the last calls")
        wait_until(self._calls_are_over, timeout=300, words="calls do not end")
        self._wait(self._in_step, "the product did not come back")

    def _calls_are_over(self) -> bool:
        """Callers whose PBX died would still send it their farewells for half a minute."""
        if not self.traffic.over() and not self.traffic.all_began():
            return False
        for _ in range(3):
            if self.pbx.channels():
                return False
            time.sleep(1)
        return True

    def _settle(self) -> None:
        """Until nothing differs, or our record has long been the same."""
        self.say("calls are over; waiting until the record is settled")
        deadline = time.monotonic() + _SETTLE_AT_MOST
        state, since = self._state(), time.monotonic()
        while time.monotonic() < deadline:
            self._compare()
            now = self._state()
            if now != state:
                state, since = now, time.monotonic()
            wrong = any(one.kind not in SHOWN for one in self.outcome.differences)
            doubtful = wrong or self.outcome.unsettled
            if time.monotonic() - since > (_UNCHANGED_SECONDS if doubtful else _QUIET_SECONDS):
                break
            time.sleep(1)
        self.say(f"settled: {len(self.outcome.differences)} differences")

    def _state(self) -> object:
        """Changes whenever the record does; also counts what the ledger has not confirmed yet."""
        (row,) = self.product.rows(
            "SELECT count(*) AS calls, max(updated_at) AS at, count(settled_at) AS settled, "
            "sum(CASE WHEN live THEN 1 ELSE 0 END) AS live FROM calls WHERE merged_into IS NULL"
        )
        self.outcome.unsettled = row["calls"] - row["settled"]
        self.outcome.repairs = self.product.rows(
            "SELECT cause, count(DISTINCT call_id) AS calls FROM call_repairs GROUP BY cause"
        )
        return row

    def _compare(self) -> None:
        self.outcome.calls = true_calls(
            self.pbx.cdr_rows(), self.pbx.witness_rows(), self.pbx.deaths
        )
        self.outcome.differences = compare(self.outcome.calls, *ours_of(self.product.rows))
