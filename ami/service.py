"""The manager door as a service: one thread with one event loop for all PBXs, one writer thread."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import structlog
import uvloop

from ami.client.backoff import Backoff
from ami.client.event_queue import EventQueue
from ami.client.link import DEFAULT_TIMING, AmiLink, Timing
from ami.client.outcome import AmiError, LinkStatus
from ami.config.desk import ACTION as APPLY_PLAN
from ami.config.desk import ConfigDesk
from ami.counting import Reporter
from ami.hand import Hand
from ami.ledger.reader import LedgerReader
from ami.ledger.service import ledger_readers
from ami.leftovers import find_leftovers
from ami.listener import PbxListener
from ami.outcomes import Outcome
from ami.pbx_commands import CommandDesk
from ami.presence import PresenceMirror
from ami.recording_timer import RecordingTimer
from ami.resync import Snapshot
from ami.rights_watch import RightsWatch
from ami.selection import wanted_events
from ami.stepping import is_prepared
from ami.writer import OrderedWriter
from callcenter.calls.events import CallEvent
from callcenter.calls.journal import JournalPart
from callcenter.calls.topology import Topology
from callcenter.calls.tracker import Tracker
from callcenter.collector import calm_collector
from callcenter.ports import PbxCommand
from callcenter.runtime import Runtime, StartupError
from callcenter.services.call_claims import release
from callcenter.services.handle_calls import CallMemory, handle_call_events
from callcenter.settings import PbxAddress

log = structlog.get_logger(__name__)

_REPORT_EVERY = 1.0
_DIALPLANS_FIRST, _DIALPLANS_EVERY = 2.0, 30.0


class AmiService:
    """See `callcenter.runtime.Service`."""

    name = "ami"

    def __init__(self, runtime: Runtime, timing: Timing = DEFAULT_TIMING) -> None:
        self.failed = threading.Event()
        self.failure = ""
        self.links: list[AmiLink] = []
        self.commands = CommandDesk(runtime.bus, runtime.clock, self._on_failure)
        self.presence = PresenceMirror(runtime)
        self._config = ConfigDesk(runtime)
        self._runtime = runtime
        self._timing = timing
        self._memory = CallMemory()
        self._writer = OrderedWriter(self._write, Backoff(0.1, 5.0, random.random))
        self.ledgers: dict[str, LedgerReader] = ledger_readers(runtime, self._writer, self._memory)
        self._recordings = RecordingTimer(runtime, self._without_hand, self._carry_out)
        self._rights = RightsWatch(runtime, self._carry_out)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ami-loop", daemon=True)
        self._end_commands: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Returns when the loop runs; a PBX that is away is no reason not to start."""
        if not self._runtime.settings.pbx_names:
            raise StartupError(
                "AMI_URL names no PBX. Set it, for example to ami://callcenter:SECRET@127.0.0.1:5038,"
                " or run without the ami service: callcenter run web agi worker"
            )
        calm_collector()
        self._writer.start()
        self._thread.start()
        self._ready.wait(10.0)
        for ledger in self.ledgers.values():
            ledger.start()
        self._end_commands = self._runtime.bus.serve_commands(self._on_command)
        self._recordings.start()
        self._rights.start()

    def stop(self, timeout: float) -> None:
        self._recordings.stop(timeout / 6)
        self._rights.stop(timeout / 6)
        self._end_commands()
        self._config.stop(timeout / 6)
        loop, ended = self._loop, self._ended
        if loop is not None and ended is not None and not loop.is_closed():
            loop.call_soon_threadsafe(ended.set)
        self._thread.join(timeout / 3)
        for ledger in self.ledgers.values():
            ledger.stop(timeout / 6)
        self._writer.stop(timeout / 2)

    # -- the loop's thread -------------------------------------------------------------------

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(self._serve())
        except Exception as error:
            log.exception("ami.service_died")
            self.failure = repr(error)
            self.failed.set()
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(work)
                for address in self._runtime.settings.ami
                for work in self._work_of(address)
            ]
            running += [
                tasks.create_task(self._hand_of(address))
                for address in self._runtime.settings.ami_originate
            ]
            running.append(tasks.create_task(self.presence.pass_time()))
            running.append(tasks.create_task(self._look_at_dialplans()))
            self.presence.start(self._loop)
            self._ready.set()
            await self._ended.wait()
            self.presence.stop()
            for link in self.links:
                link.close()
            for hand in self.commands.hands:
                hand.close()
            for task in running:
                task.cancel()

    def _work_of(self, address: PbxAddress) -> Sequence[Coroutine[Any, Any, None]]:
        settings = self._runtime.settings
        link = AmiLink(address, wanted_events(), EventQueue(), self._on_status, timing=self._timing)
        self.links.append(link)
        self.commands.links.append(link)
        topology = Topology(trunks=settings.trunks, internal_numbers=settings.internal_numbers)
        tracker = Tracker(pbx=address.name, topology=topology, deferred=True)
        listener = PbxListener(
            link,
            tracker,
            self._writer,
            self._runtime.clock,
            self._on_snapshot(address.name),
            self.ledgers[address.name].confirm_booted,
        )
        mirror = self.presence.sync_of(link)
        return link.run(), listener.run(), mirror.run(), _report(Reporter(listener), tracker)

    def _hand_of(self, address: PbxAddress) -> Coroutine[Any, Any, None]:
        hand = Hand(address, self._timing)
        self.commands.hands.append(hand)
        return hand.run()

    async def _look_at_dialplans(self) -> None:
        """Screens grey what a dialplan is not prepared for; another may be loaded at any time."""
        told: dict[str, bool] = {}
        while True:
            await asyncio.sleep(_DIALPLANS_EVERY if told else _DIALPLANS_FIRST)
            for hand in self.commands.hands:
                if not hand.up:
                    told.pop(hand.pbx, None)
                    continue
                with suppress(AmiError):
                    found = await is_prepared(hand)
                    if told.get(hand.pbx) != found:
                        told[hand.pbx] = found
                        self._writer.put(partial(self._note_steps, hand.pbx, found))

    def _note_steps(self, pbx: str, steps_in: bool) -> None:
        with self._runtime.unit_of_work() as uow:
            uow.pbx_links.note_steps(pbx, steps_in)
            uow.commit()

    def _on_command(self, command: PbxCommand) -> None:
        """On a thread of the bus."""
        if command.action == APPLY_PLAN:
            self._config.take(command)
            return
        loop = self._loop
        if loop is not None and not loop.is_closed():
            asyncio.run_coroutine_threadsafe(self.commands.carry_out(command), loop)

    def _on_failure(self, command: PbxCommand, outcome: Outcome) -> None:
        """Somebody else may do it now."""
        if command.action in ("step_in", "take_over", "pull") and command.id:
            runtime, came_to_nothing = self._runtime, outcome.why != "pbx_away"
            self._writer.put(
                partial(
                    release,
                    command.id,
                    came_to_nothing=came_to_nothing,
                    unit_of_work=runtime.unit_of_work,
                    clock=runtime.clock,
                )
            )

    def _carry_out(self, command: PbxCommand) -> bool:
        """False: another process has that PBX."""
        ours = any(hand.pbx == command.pbx for hand in self.commands.hands)
        if ours:
            self._on_command(command)
        return ours

    def _without_hand(self) -> set[str]:
        """PBXs that cannot be told anything now."""
        reached = {hand.pbx for hand in self.commands.hands if hand.up}
        return set(self._runtime.settings.pbx_names) - reached

    # -- what the writer carries out ---------------------------------------------------------

    def _write(self, events: Sequence[CallEvent], journal: Sequence[JournalPart] = ()) -> None:
        handle_call_events(
            events,
            journal=journal,
            unit_of_work=self._runtime.unit_of_work,
            publisher=self._runtime.bus,
            clock=self._runtime.clock,
            plan_for=self._runtime.settings.number_plan_for,
            memory=self._memory,
        )

    def _on_snapshot(self, pbx: str) -> Callable[[Snapshot], None]:
        def end_leftovers(snapshot: Snapshot) -> None:
            events = find_leftovers(self._runtime.unit_of_work, pbx, snapshot)
            if events:
                log.warning("ami.calls_ended_unseen", pbx=pbx, calls=len(events))
                self._write(events)
            if snapshot.system_name:
                with self._runtime.unit_of_work() as uow:
                    uow.pbx_links.note_name(pbx, snapshot.system_name, snapshot.at)
                    uow.commit()

        def on_snapshot(snapshot: Snapshot) -> None:
            self._writer.put(lambda: end_leftovers(snapshot))
            self.ledgers[pbx].confirm_alive(snapshot.alive, snapshot.at)
            self.presence.compare(pbx)

        return on_snapshot

    def _on_status(self, status: LinkStatus) -> None:
        at = self._runtime.clock.now()

        def save() -> None:
            with self._runtime.unit_of_work() as uow:
                uow.pbx_links.set(status.pbx, status.state, status.detail, at, status.version)
                uow.commit()

        self._writer.put(save)


async def _report(reporter: Reporter, tracker: Tracker) -> None:
    while True:
        reporter.report(tracker.live_calls())
        await asyncio.sleep(_REPORT_EVERY)
