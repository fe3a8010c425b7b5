"""An AGI server in a process of its own, for tests that stop, freeze or kill it.

    python -m tests.support.agi_process PORT [kill|stop]

Every caller is a VIP. With `kill` or `stop` the process sends itself SIGKILL or SIGSTOP in the
middle of the first look-up: "in mid-request", without a race.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import structlog

from agi_scripts.service import AgiService
from callcenter.clock import SystemClock
from callcenter.realtime.in_process import InProcessBus
from callcenter.routing.facts import CallerFacts, CustomerFacts
from callcenter.runtime import Runtime
from callcenter.settings import BindAddress, Settings

_ROOT = Path(__file__).parents[2]
_AT_LOOK_UP = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


@contextmanager
def agi_process(port: int, at_look_up: str = "") -> Iterator[subprocess.Popen[str]]:
    """The process, once it listens; gone (frozen or not) after the block."""
    command = [sys.executable, "-m", __name__, str(port), at_look_up]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "listening\n"
            yield process
        finally:
            process.kill()


def _find(number: signal.Signals | None) -> Callable[[str], CallerFacts]:
    def find(_e164: str) -> CallerFacts:
        if number is not None:
            os.kill(os.getpid(), number)
            threading.Event().wait()  # it may reach another thread first: this one goes no further
        return CallerFacts(customers=(CustomerFacts(customer_id=1, vip_level=1),))

    return find


def main(port: int, at_look_up: str) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    runtime = Runtime(
        settings=Settings(agi_bind=BindAddress("127.0.0.1", port)),
        clock=SystemClock(),
        bus=InProcessBus(),
        unit_of_work=_nothing_is_kept,
        reader=nullcontext,
    )
    service = AgiService(runtime, find_caller=_find(_AT_LOOK_UP.get(at_look_up)))
    service.start()
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    threading.Event().wait()


def _nothing_is_kept():
    raise OSError("no database in this process")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
