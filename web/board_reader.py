"""What boards need of the bus and of the database, and what is the matter with either.

Who tells screens never waits for the database: a thread of its own reads it. While this process is
deaf (see `board_echo`), and for a while after, the board is read every few seconds instead of being
folded from news alone. What cannot be read stays as it was; `about` says how old that is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final

import structlog

from callcenter.realtime.messages import Message
from callcenter.runtime import Runtime
from callcenter.services.boards import BOARDS_CHANGED
from callcenter.services.staffing import STAFFING_CHANGED
from web import board_alerts
from web.assets import build_id
from web.board_counts import BoardCounts
from web.board_crowd import BoardCrowd
from web.board_echo import ECHO, Echo
from web.board_state import BoardState

log = structlog.get_logger(__name__)

BETWEEN: Final = 0.5
"""Seconds between two turns."""
CHECK_EVERY: Final = 60.0
REVIEW_EVERY: Final = 20.0
IN_DOUBT_EVERY: Final = 2.0
DOUBT: Final = 10.0
"""Seconds after a gap in the news: others may still send what they could not."""
SLOW: Final = 3.0
"""A reading that takes longer is told as the database's trouble."""
_REVIEWED: Final = ("sessions_changed", BOARDS_CHANGED)


class BoardReader:
    """`review` looks who may still watch what; `told` says that there may be something to tell;
    `afterwards` is what can wait until everything is read."""

    def __init__(
        self,
        runtime: Runtime,
        crowd: BoardCrowd,
        review: Callable[[], None],
        told: Callable[[], None],
        afterwards: Callable[[], None],
    ) -> None:
        self._runtime, self._crowd = runtime, crowd
        self._review, self._told, self._afterwards = review, told, afterwards
        self.state = BoardState(runtime)
        self.counts = BoardCounts(runtime, board_alerts.open_alerts)
        self.echo = Echo(runtime.bus, runtime.clock.now)
        self._due, self._stopped = threading.Event(), threading.Event()
        self._gaps = self._gaps_mended = 0
        self._review_due = self._setup_due = False
        self._checked = self._reviewed = self._made = self._doubt_until = 0.0
        self._since: float | None = None
        self._failing = False
        self._thread = threading.Thread(target=self._run, name="realtime-board-reader", daemon=True)

    # --- life -----------------------------------------------------------------------------------

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._due.set()
        if self._thread.is_alive():
            self._thread.join(2)

    def wake(self) -> None:
        self._due.set()

    # --- news ------------------------------------------------------------------------------------

    def hear(self, message: Message) -> None:
        kind = message.payload.get("type")
        if kind == ECHO:
            self._hear_echo(message)
        elif kind in _REVIEWED:
            self._review_due = True
            self._due.set()
        elif kind == STAFFING_CHANGED:
            self._setup_due = True
            self._due.set()
        elif self.state.hear(message):
            if message.kind == "call":
                self.counts.stir()
            self._told()
        elif message.kind in ("task", "wallboard"):
            self.counts.stir()

    def _hear_echo(self, message: Message) -> None:
        sent = self.echo.heard(message.payload)
        if sent is not None and self.state.is_made and not self._in_doubt():
            self.state.reach(sent)

    def lost(self) -> None:
        """Messages may be missing: the board is made anew."""
        self._gaps += 1
        self._due.set()

    # --- what is the matter, and how old everything is ----------------------------------------

    def troubles(self) -> list[str]:
        since = self._since
        slow = since is not None and time.monotonic() - since > SLOW
        found = {"bus": self.echo.is_late, "database": self._failing or slow}
        return [name for name, here in found.items() if here]

    def about(self) -> dict[str, Any]:
        until, read_at, checked = (
            self.state.complete_until,
            self.counts.read_at,
            self.state.checked,
        )
        return {
            "told_at": self._runtime.clock.now().isoformat(),
            "as_of": until.isoformat() if until else None,
            "counted_at": read_at.isoformat() if read_at else None,
            "checked_at": checked.at.isoformat() if checked.at else None,
            "differences": checked.differences,
            "build": build_id(),
        }

    # --- the thread that reads --------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._due.wait(BETWEEN if self._crowd else None)
            self._due.clear()
            if self._stopped.is_set():
                return
            self._since = time.monotonic()
            try:
                self._turn()
            except Exception:
                if not self._failing:  # in the log once, however long it lasts
                    log.exception("wallboard.not_read")
                self._failing = True
            else:
                self._failing = False
            self._since = None
            self._stopped.wait(BETWEEN)

    def _turn(self) -> None:
        if not self._crowd:
            self.state.forget()
            self.counts.forget()
            self.echo.forget()
            return
        self._make_if_due()
        self._review_if_due()
        self._check_if_due()
        self.counts.refresh({feed.view.layout.zone for feed in self._crowd.feeds()})
        self._since = None  # it answered
        self._told()
        self._afterwards()

    def _in_doubt(self) -> bool:
        """Whether news may be missing."""
        now = time.monotonic()
        if self.echo.is_late:
            self._doubt_until = now + DOUBT
        return now < self._doubt_until or self._gaps != self._gaps_mended

    def _make_if_due(self) -> None:
        begun, gaps, now = self.state.is_made, self._gaps, time.monotonic()
        missed = gaps != self._gaps_mended
        doubted = self._in_doubt() and now - self._made >= IN_DOUBT_EVERY
        if begun and not missed and not doubted:
            return
        self._made = self._checked = now
        differed = self.state.make()
        if begun and (missed or differed):
            self._doubt_until = time.monotonic() + DOUBT
        self._gaps_mended = gaps

    def _review_if_due(self) -> None:
        if self._review_due or time.monotonic() - self._reviewed >= REVIEW_EVERY:
            self._review_due, self._reviewed = False, time.monotonic()
            try:
                self._review()
            except BaseException:
                self._review_due = True  # whoever may watch no more is still to be cut
                raise

    def _check_if_due(self) -> None:
        if self._setup_due:
            self._setup_due = False
            try:
                self.state.read_setup()
            except BaseException:
                self._setup_due = True
                raise
        if time.monotonic() - self._checked >= CHECK_EVERY:
            self._checked = time.monotonic()
            if self.state.check():
                self._doubt_until = time.monotonic() + DOUBT
