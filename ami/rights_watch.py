"""Ends the listening of whoever may no more: looks when rights have changed, and now and then.

It lives beside the manager links, which alone can end it: no web process has to be there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from ami.own_hand import OwnHand
from callcenter.errors import Unavailable
from callcenter.ports import PbxCommand
from callcenter.queries.supervision import any_open
from callcenter.realtime.messages import Message
from callcenter.runtime import Runtime
from callcenter.services.supervision import Door
from callcenter.services.supervision_rights import put_out

log = structlog.get_logger(__name__)

_EVERY = 5.0
"""Seconds after which it looks without having heard of a change, which may have been lost."""
_CHANGED = "sessions_changed"


class RightsWatch:
    """`carry_out` takes a command to a PBX of this process, and says False of another's: there the
    process that has it looks itself."""

    def __init__(self, runtime: Runtime, carry_out: Callable[[PbxCommand], bool]) -> None:
        self._runtime = runtime
        self._carry_out = carry_out
        self._told = 0
        self._warned: set[str] = set()
        publisher = OwnHand(runtime.bus, self._tell, elsewhere=False)
        self._door = Door(
            unit_of_work=runtime.unit_of_work, publisher=publisher, clock=runtime.clock
        )
        self._ended = False
        self._news = threading.Event()
        self._end_hearing: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._run, name="rights-watch", daemon=True)

    def start(self) -> None:
        self._end_hearing = self._runtime.bus.subscribe(self._hear, self._news.set)
        self._thread.start()

    def stop(self, timeout: float) -> None:
        self._end_hearing()
        self._ended = True
        self._news.set()
        self._thread.join(timeout)

    def look(self) -> int:
        """How many were told to go. Mostly nobody listens: then it takes no lock."""
        self._told = 0
        with self._runtime.reader() as connection:
            if not any_open(connection):
                self._warned.clear()
                return 0
        put_out(self._door)
        return self._told

    def _tell(self, command: PbxCommand) -> bool:
        """Without a hand on a PBX that this process hears of, nobody can: that is said once of
        each."""
        if self._carry_out(command):
            self._told += 1
            return True
        channel = command.arguments["channel"]
        if command.pbx in self._runtime.settings.pbx_names and channel not in self._warned:
            self._warned.add(channel)
            why = "this PBX has no AMI_ORIGINATE_URL"
            log.warning("supervision.cannot_put_out", pbx=command.pbx, channel=channel, why=why)
        return False

    def _hear(self, message: Message) -> None:
        if message.payload.get("type") == _CHANGED:
            self._news.set()

    def _run(self) -> None:
        while not self._ended:
            self._news.wait(_EVERY)
            self._news.clear()
            try:
                if not self._ended and self.look():
                    log.info("supervision.put_out")
            except Unavailable as error:
                log.warning("supervision.rights_wait", why=error.message)
            except Exception:
                log.exception("supervision.rights_failed")
