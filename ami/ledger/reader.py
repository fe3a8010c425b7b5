"""The ledger of one PBX, read by a thread for each of its sources (`AmiService` starts them)."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

import structlog

from ami.client.backoff import Backoff
from ami.ledger.counting import SourceCounts
from ami.ledger.fold import GRACE_SECONDS, LedgerFolder
from ami.ledger.intake import LedgerIntake
from ami.ledger.names import SystemNames
from ami.ledger.settling import OrderedSettler
from ami.ledger.sources import Source
from callcenter.calls.ledger import LedgerPosition
from callcenter.calls.topology import Topology
from callcenter.errors import Unavailable
from callcenter.runtime import Runtime

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.5
LOOK_EVERY = 30.0
SILENT_SECONDS = 600.0
BOOT_SECONDS = timedelta(seconds=1)
"""The PBX tells its age in whole seconds."""
LISTING_SECONDS = 2.0
"""The PBX may have made its list so long before we have it."""


class SourceReader:
    """Reads on where the stored position says, for ever. `finish` of a call may wait `grace`."""

    def __init__(
        self,
        runtime: Runtime,
        pbx: str,
        source: Source,
        settler: OrderedSettler,
        *,
        grace: float = GRACE_SECONDS,
        poll: float = POLL_SECONDS,
    ) -> None:
        self._runtime = runtime
        self._pbx = pbx
        self._source = source
        self._settler = settler
        self._grace = grace
        self._poll = poll
        self._alive: tuple[frozenset[str], float] | None = None
        self._booted: tuple[datetime, float] | None = None
        self._stopping = threading.Event()
        self._backoff = Backoff(0.2, 10.0, lambda: 0.5)
        self._said = ""
        self._looked_at = 0.0
        self._counts = SourceCounts(pbx, source)
        self._thread = threading.Thread(
            target=self._run, name=f"ledger-{source.kind}-{pbx}", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def confirm_alive(self, alive: frozenset[str], at: datetime) -> None:
        """What the PBX said that it has when it was asked at that moment. Any thread."""
        ago = (self._runtime.clock.now() - at).total_seconds()
        self._alive = (alive, time.monotonic() - max(0.0, ago) - LISTING_SECONDS)

    def confirm_booted(self, at: datetime) -> None:
        """The PBX said that it has been running since then. Any thread."""
        self._booted = (at, time.monotonic())

    # -- the thread

    def _run(self) -> None:
        """Whatever goes wrong, reading begins again at what is stored: nothing is lost by it."""
        while not self._stopping.is_set():
            try:
                self._read_on(self._begin())
            except Unavailable:
                self._counts.stuck()
            except Exception:
                self._counts.stuck()
                log.exception("ledger.reader_failed", pbx=self._pbx, source=self._source.kind)
            self._stopping.wait(self._backoff.next())

    def _begin(self) -> LedgerIntake:
        with self._runtime.unit_of_work() as uow:
            position = uow.ledger.position(self._pbx, self._source.kind)
            known = uow.pbx_links.names(self._pbx)
            if position is None and self._source.kind == "file":
                position = self._first_look()
                uow.ledger.save_position(position)
                uow.commit()
        self._source.begin_at(position)
        settings = self._runtime.settings
        topology = Topology(trunks=settings.trunks, internal_numbers=settings.internal_numbers)
        folder = LedgerFolder(self._pbx, topology, grace=self._grace)
        names = SystemNames(self._pbx, known)
        self._looked_at = time.monotonic()
        log.info(
            "ledger.reading",
            pbx=self._pbx,
            source=self._source.kind,
            path=self._source.path,
            offset=position.offset if position else 0,
        )
        return LedgerIntake(self._pbx, self._source.kind, self._source.path, folder, names)

    def _first_look(self) -> LedgerPosition:
        """Kept before there is a line: a log that is rotated while we are away then is ours."""
        return LedgerPosition(
            pbx=self._pbx,
            source=self._source.kind,
            file_id="",
            path=self._source.path,
            offset=0,
            read_to=0,
            at=self._runtime.clock.now(),
        )

    def _read_on(self, intake: LedgerIntake) -> None:
        while not self._stopping.is_set():
            read = self._read_all(intake)
            self._backoff.reset()
            if read is None:
                return
            self._stopping.wait(self._poll)

    def _read_all(self, intake: LedgerIntake) -> bool | None:
        """All that is there now. None when it has to stop."""
        while True:
            piece = self._source.read()
            now, at = time.monotonic(), self._runtime.clock.now()
            if piece is not None:
                intake.take_in(piece, now, at)
            else:
                self._at_the_end(intake, now)
            for batch in intake.batches(now, at):
                if not self._settler.settle(batch, self._keep_waiting):
                    return None
            self._source.passed(intake.mark)
            self._counts.report(intake, caught_up=piece is None)
            self._say(self._source.words)
            if piece is None or self._stopping.is_set():
                return None if self._stopping.is_set() else True

    def _at_the_end(self, intake: LedgerIntake, now: float) -> None:
        intake.tick(now, self._runtime.clock.now())
        ended = 0
        if self._booted is not None and now - self._booted[1] >= self._grace:
            (booted_at, _), self._booted = self._booted, None
            ended += intake.folder.end_before_boot(booted_at - BOOT_SECONDS)
        elif self._alive is not None and now - self._alive[1] >= self._grace:
            (alive, told_at), self._alive = self._alive, None
            ended += intake.folder.end_unseen(alive, told_at)
        if now - self._looked_at >= LOOK_EVERY:
            self._looked_at = now
            ended += self._look_into_the_log(intake, now)
        if ended:
            log.warning("ledger.calls_ended_unseen", pbx=self._pbx, calls=ended)

    def _look_into_the_log(self, intake: LedgerIntake, now: float) -> int:
        """The PBX's names; and whether calls that fell silent were seen to end by the live stream
        (Asterisk could not write the last rows: its disk was full).
        """
        silent = intake.folder.silent_calls(now, SILENT_SECONDS)
        with self._runtime.unit_of_work() as uow:
            names = uow.pbx_links.names(self._pbx)
            stored = uow.calls.id_map(self._pbx, sorted(silent))
            records = {uniqueid: uow.calls.get(call_id) for uniqueid, call_id in stored.items()}
        intake.learn_names(names, now, self._runtime.clock.now())
        over = {uniqueid for uniqueid, record in records.items() if record and not record.live}
        return intake.folder.end_silent(over)

    def _say(self, words: str) -> None:
        if words != self._said:
            told = log.bind(pbx=self._pbx, path=self._source.path)
            if words:
                told.warning("ledger.cannot_read", why=words)
            else:
                told.info("ledger.reads_again")
        self._said = words

    def _keep_waiting(self) -> bool:
        self._counts.waiting()
        return not self._stopping.is_set()


class LedgerReader:
    """Everything that tells of one PBX's past calls."""

    def __init__(self, readers: list[SourceReader]) -> None:
        self._readers = readers

    def start(self) -> None:
        for reader in self._readers:
            reader.start()

    def stop(self, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        for reader in self._readers:
            reader.stop(max(0.1, deadline - time.monotonic()))

    def confirm_booted(self, at: datetime) -> None:
        """See `SourceReader.confirm_booted`."""
        for reader in self._readers:
            reader.confirm_booted(at)

    def confirm_alive(self, alive: frozenset[str], at: datetime) -> None:
        """See `SourceReader.confirm_alive`."""
        for reader in self._readers:
            reader.confirm_alive(alive, at)
