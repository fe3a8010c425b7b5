"""The demo's gentle flow of calls: people who call in by themselves, and desk phones that answer.

    with DemoTraffic(pbx):            # or .start() and .stop()
        ...

Every operator's desk phone is signed in, rings 6 to 8 seconds (a visitor sees the card while
it rings), is answered, and the caller talks for 15 to 40 seconds. A supervisor's is lifted sooner:
it rings when they step into a call. Who calls comes from the demo company's data
(`callcenter.seed.demo.demo_callers()`: known, VIP, debtor, blocked, shared and hidden numbers,
strangers).
"""

from __future__ import annotations

import logging
import random
import subprocess
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from ami.lab.pbx import LabError, LabPbx
from ami.lab.phones import HIDDEN, Behaviour, Call, Caller, DeskPhone, call_in
from ami.lab.voices import voices
from callcenter.pbx.plan import Did, Operator

_LOG = logging.getLogger(__name__)
_RING = (6.0, 7.0, 8.0)
_LEADER_LIFTS = 1.5
_TALK = (15.0, 40.0)
_BETWEEN = (8.0, 20.0)
_FIRST_AFTER = 4.0
_AT_ONCE = 3


class DemoCaller(Protocol):
    """What the demo company says about someone who may call."""

    @property
    def number(self) -> str: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Stranger:
    number: str
    name: str = ""


STRANGERS = (
    Stranger(HIDDEN, "Anonymous"),
    Stranger("+48601777001"),
    Stranger("+48221777002", "RECEPCJA"),
    Stranger("+442079460958", "J Smith"),
)


def known_callers() -> Sequence[DemoCaller]:
    """The demo company's people; strangers only, where there is no such company."""
    try:
        callers: Sequence[DemoCaller] = import_module("callcenter.seed.demo").demo_callers()
    except (ImportError, AttributeError):
        return STRANGERS
    return callers or STRANGERS


class DemoTraffic:
    """Phones and callers for a running PBX, until stopped. Faults are logged, never raised."""

    def __init__(self, pbx: LabPbx, callers: Sequence[DemoCaller] | None = None) -> None:
        self._pbx = pbx
        self._callers = callers
        self._random = random.Random()  # noqa: S311 - who calls next is no secret
        self._ending = threading.Event()
        # One thread for all: SIPp processes die with the thread that started them (see `jail`).
        self._thread = threading.Thread(target=self._run, name="demo-traffic", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(15)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            with ExitStack() as stack:
                said = voices(self._pbx.work_dir)
                for extension, ring in rings(self._pbx.plan.operators):
                    lifts = Behaviour(ring=ring, voice=said["operator"])
                    stack.enter_context(DeskPhone(self._pbx, extension, lifts))
                self._call_in_turn(stack, said["caller"])
        except (LabError, OSError, subprocess.SubprocessError):
            _LOG.exception("demo callers ended")

    def _call_in_turn(self, stack: ExitStack, voice: Path) -> None:
        known = self._callers if self._callers is not None else known_callers()
        under_way: list[Caller] = []
        stack.callback(_stop_all, under_way)
        pause = _FIRST_AFTER
        while not self._ending.wait(pause):
            under_way[:] = [caller for caller in under_way if caller.running()]
            if len(under_way) < _AT_ONCE and self._pbx.running:
                under_way.append(self._call(known, voice))
            pause = self._random.uniform(*_BETWEEN)

    def _call(self, known: Sequence[DemoCaller], voice: Path) -> Caller:
        who = self._random.choice(known)
        talk = self._random.uniform(*_TALK) + max(_RING)
        if self._random.random() < 0.1:
            talk = 5.0  # gives up before anyone answers
        did = self._dialled()
        call = Call(number=who.number, name=_sayable(who.name), to=did.number)
        digit = self._random.choice("12") if did.kind == "ivr" else ""
        return call_in(self._pbx, [call], talk=talk, patience=40, digit=digit, voice=voice)

    def _dialled(self) -> Did:
        """Most call the main number; some sales, the menu, or an operator directly."""
        dids = self._pbx.plan.dids
        main = next((did for did in dids if did.number == self._pbx.plan.main_number), dids[0])
        return main if self._random.random() < 0.6 else self._random.choice(dids)


def rings(operators: Sequence[Operator]) -> list[tuple[str, float]]:
    """Whose desk phone is played, and after how many seconds it is lifted."""
    staff = [one.extension for one in operators if not one.supervisor]
    leaders = [(one.extension, _LEADER_LIFTS) for one in operators if one.supervisor]
    return [*zip(staff, _RING, strict=False), *leaders]


def _stop_all(callers: Sequence[Caller]) -> None:
    for caller in callers:
        caller.stop()


def _sayable(name: str) -> str:
    """A network shows few names, and none with the signs that SIPp's table needs."""
    return "".join(sign for sign in name if sign not in '";\r\n\\')[:40]
