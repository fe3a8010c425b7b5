"""Whoever carries out a call-back may die at any step, and another goes on: never two calls for one
request at once, none after somebody has spoken, and none forgotten. On SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from ami.pbx_commands import VALID
from callcenter.callbacks.request import OFFER_LEASE
from callcenter.calls.record import CallRecord
from callcenter.ports import PbxCommand
from callcenter.queries import callback_requests as queries
from callcenter.realtime.messages import Message
from callcenter.services import callback_turns
from callcenter.services.callback_turns import Desk, Door
from tests.support.callback_desks import Desks, make_desks, offered
from tests.support.store import NOW, Recorder, Store, leg

LIFTS, ANSWERS, NOT_REACHED, NOT_LIFTED, ENDS = 10, 20, 45, 40, 150
"""Seconds after the operator's phone began to ring."""
TICK = 10


class KilledError(BaseException):
    """The process ends here: nothing that catches errors sees it."""


@dataclass
class Pbx:
    """Does what a hand and an Asterisk do: nothing late, one channel for one id. `story`: what
    becomes of every call."""

    desks: Desks
    story: str
    begun: dict[str, datetime] = field(default_factory=dict)
    most_at_once: int = 0

    def obey(self, command: PbxCommand) -> None:
        now = self.desks.store.clock.now()
        assert command.issued_at is not None
        if now - command.issued_at <= VALID and command.id not in self.begun:
            self.begun[command.id] = now
            going_on = sum(self.record(one, now).live for one in self.begun)
            self.most_at_once = max(self.most_at_once, going_on)

    def told(self) -> list[CallRecord]:
        now = self.desks.store.clock.now()
        return [self.record(one, now) for one in self.begun]

    def record(self, command_id: str, now: datetime) -> CallRecord:
        start = self.begun[command_id]
        age = (now - start).total_seconds()
        end = {"reached": ENDS, "unreached": NOT_REACHED, "declined": NOT_LIFTED}[self.story]
        lifted = self.story != "declined" and age >= LIFTS
        spoke = self.story == "reached" and age >= ANSWERS
        first = f"crm-{command_id}"
        lifted_at = start + timedelta(seconds=LIFTS) if lifted else None
        over = age >= end
        return offered(
            command_id,
            started_at=start,
            live=not over,
            ended_at=start + timedelta(seconds=end) if over else None,
            answered_at=start + timedelta(seconds=ANSWERS) if spoke else None,
            result="answered" if spoke else "missed" if over else "unknown",
            legs=(leg(first, "PJSIP/1001", "caller", ringing_at=start, answered_at=lifted_at),),
        )


@dataclass
class Bus(Recorder):
    """What a process says to the others; it may die over it."""

    pbx: Pbx | None = None
    dies: str = ""

    def command(self, command: PbxCommand) -> None:
        if self.dies == "offer written":
            raise KilledError
        assert self.pbx is not None
        self.pbx.obey(command)
        if self.dies == "PBX told":
            raise KilledError

    def publish(self, messages: Sequence[Message]) -> None:
        if self.dies == "offer published":
            raise KilledError


@dataclass
class Centre:
    """A worker that offers, and a listener that tells of calls."""

    desks: Desks
    pbx: Pbx
    listens_from: datetime = NOW
    told: list[CallRecord] = field(default_factory=list)

    def worker(self, dies: str = "") -> None:
        bus = Bus(pbx=self.pbx, dies=dies)
        store = self.desks.store
        door = Door(unit_of_work=store.unit_of_work, publisher=bus, clock=store.clock)
        with store.engine.connect() as connection:
            if not queries.is_due(connection, store.clock.now()):
                return
            hears = queries.hears(connection, store.clock.now())
        ready = (self.desks.anna, self.desks.olga)
        callback_turns.turn(lambda _: Desk(ready=ready), self.desks.opens, door, hears=hears)

    def listener(self) -> None:
        now = self.desks.store.clock.now()
        up = now >= self.listens_from
        if not up:
            return
        with self.desks.store.unit_of_work() as uow:
            uow.pbx_links.set("pbx", "up", "", now)
            uow.commit()
        for record in self.pbx.told():
            if record not in self.told:
                self.desks.write(record)
                self.told.append(record)

    def away(self, seconds: float) -> None:
        """The listener dies; another is up after so long."""
        now = self.desks.store.clock.now()
        self.listens_from = now + timedelta(seconds=seconds)
        with self.desks.store.unit_of_work() as uow:
            uow.pbx_links.set("pbx", "connecting", "", now)
            uow.commit()

    def goes_on(self, minutes: float) -> None:
        for _ in range(int(minutes * 60 / TICK)):
            self.desks.store.clock.pass_by(TICK)
            self.listener()
            self.worker()


@pytest.fixture
def desks(store: Store) -> Desks:
    made = make_desks(store)
    with store.unit_of_work() as uow:
        uow.pbx_links.set("pbx", "up", "", NOW - timedelta(hours=1))
        uow.pbx_links.set("pbx", "up", "", NOW)
        uow.commit()
    made.ask()
    return made


def holds(desks: Desks, pbx: Pbx) -> None:
    """What must be true whoever died when."""
    request = desks.get()
    assert pbx.most_at_once == 1
    if pbx.story == "reached":
        assert (len(pbx.begun), request.state) == (1, "done")
    elif pbx.story == "unreached":
        assert (len(pbx.begun), request.attempts, request.state) == (2, 2, "failed")
    else:
        assert (len(pbx.begun) > 2, request.attempts) == (True, 0)
        assert request.closed_at is None


@pytest.mark.parametrize("story", ["reached", "unreached", "declined"])
@pytest.mark.parametrize("step", ["offer written", "PBX told", "offer published"])
def test_a_worker_that_dies_over_an_offer_is_followed_by_another(
    desks: Desks, step: str, story: str
) -> None:
    pbx = Pbx(desks, story)
    centre = Centre(desks, pbx)
    with pytest.raises(KilledError):
        centre.worker(dies=step)
    assert desks.get().state == "offered"
    assert len(pbx.begun) == (step != "offer written")
    centre.goes_on(21)
    holds(desks, pbx)


@pytest.mark.parametrize("story", ["reached", "unreached"])
@pytest.mark.parametrize("heard", ["nothing", "the phone rings", "lifted"])
def test_a_listener_that_dies_over_a_call_back_leaves_it_to_the_next(
    desks: Desks, heard: str, story: str
) -> None:
    """It is away for longer than the lease, and the call may be over when the next one comes."""
    pbx = Pbx(desks, story)
    centre = Centre(desks, pbx)
    centre.worker()
    if heard != "nothing":
        desks.store.clock.pass_by(LIFTS + 2 if heard == "lifted" else 1)
        centre.listener()
        assert desks.get().state == ("calling" if heard == "lifted" else "offered")
    centre.away(2 * OFFER_LEASE.total_seconds() + 20)
    centre.goes_on(30)
    holds(desks, pbx)


def test_an_answer_whose_writer_died_before_the_commit_is_written_by_the_next(
    desks: Desks,
) -> None:
    pbx = Pbx(desks, "reached")
    centre = Centre(desks, pbx)
    centre.worker()
    desks.store.clock.pass_by(ANSWERS + 1)
    living = desks.store.unit_of_work
    with pytest.raises(KilledError):
        write_and_die(desks, *pbx.told())
    assert desks.store.unit_of_work == living
    assert desks.get().state == "offered"
    centre.goes_on(5)
    holds(desks, pbx)


def test_an_offer_to_a_pbx_that_is_never_heard_of_again_expires(desks: Desks) -> None:
    centre = Centre(desks, Pbx(desks, "reached"))
    centre.worker(dies="")
    centre.away(7 * 86400)
    for _ in range(26):
        desks.store.clock.pass_by(3600)
        centre.worker()
    assert desks.get().state == "expired"
    with desks.store.unit_of_work() as uow:
        assert uow.missed.counts()[desks.anna] == 1


def test_two_workers_at_the_same_moment_ring_one_phone(desks: Desks) -> None:
    pbx = Pbx(desks, "reached")
    centre = Centre(desks, pbx)
    with desks.store.unit_of_work() as uow:
        (seen,) = uow.callbacks.due(NOW, 10)
    centre.worker()
    with desks.store.unit_of_work() as uow:  # the slower one goes by what it read before
        ready = Desk(ready=(desks.olga,))
        work = callback_turns._Turn(lambda _: ready, desks.opens, desks.door, hears=True)
        work.look_at(uow, seen)
        uow.commit()
    assert work.commands == []
    centre.goes_on(5)
    holds(desks, pbx)


def write_and_die(desks: Desks, *records: CallRecord) -> None:
    """The whole transaction is done but for its commit."""
    dead: Any = replace(desks, store=replace(desks.store))

    class Dying(type(desks.store.unit_of_work())):  # type: ignore[misc]
        def commit(self) -> None:
            raise KilledError

    dead.store.unit_of_work = lambda: Dying(desks.store.engine)
    dead.write(*records)
