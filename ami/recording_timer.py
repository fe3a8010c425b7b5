"""Resumes recordings whose pause is over: looks once a second for pauses that are due.

It lives beside the manager links because nothing else could carry a resume out: while this process
runs, every pause ends in time, whatever became of the web processes; when it was away, it finds
what is due as it starts. The job runner counts in minutes, which is too long to lose of a call.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection

import structlog

from ami.own_hand import OwnHand
from callcenter.errors import Unavailable
from callcenter.ports import PbxCommand
from callcenter.queries.recordings import any_pause_open
from callcenter.runtime import Runtime
from callcenter.services.recordings import resume_due

log = structlog.get_logger(__name__)

_EVERY = 1.0


class RecordingTimer:
    """`away` names the PBXs that could not be told just now; `carry_out` takes a command to a PBX
    of this process, and says False of another's.
    """

    def __init__(
        self,
        runtime: Runtime,
        away: Callable[[], Collection[str]],
        carry_out: Callable[[PbxCommand], bool],
    ) -> None:
        self._runtime = runtime
        self._away = away
        self._publisher = OwnHand(runtime.bus, carry_out)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recording-timer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float) -> None:
        self._ended.set()
        self._thread.join(timeout)

    def look(self) -> int:
        """How many pauses ended now. The look itself takes no lock: mostly there is none."""
        with self._runtime.reader() as connection:
            if not any_pause_open(connection):
                return 0
        return resume_due(
            self._away(),
            unit_of_work=self._runtime.unit_of_work,
            publisher=self._publisher,
            clock=self._runtime.clock,
        )

    def _run(self) -> None:
        while not self._ended.wait(_EVERY):
            try:
                self.look()
            except Unavailable as error:
                log.warning("recordings.timer_waits", why=error.message)
            except Exception:
                log.exception("recordings.timer_failed")
