"""The faults, each one function: what breaks, for how long, and that it is whole again at the end.

A fault says what it blinds. What can no longer be written to the ledger is known to the live link
alone; so a fault that destroys ledger lines runs only while the link is in step, and the next fault
waits until the calls of that time are over (`Fault.destroys`). All else may meet at any moment.
"""

from __future__ import annotations

import random
import signal
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.product import ProductUnderTest


@dataclass(slots=True)
class World:
    product: ProductUnderTest
    random: random.Random
    pause: Callable[[float], None]
    rotations: int = 0

    def hold(self, least: float, most: float) -> None:
        """Stay broken for a while."""
        self.pause(self.random.uniform(least, most))

    def next_rotation(self) -> int:
        self.rotations += 1
        return self.rotations


@dataclass(frozen=True, slots=True)
class Fault:
    name: str
    inject: Callable[[World], None]
    split: bool = True
    single: bool = True
    destroys: bool = False


FAULTS: list[Fault] = []


def fault(
    name: str, *, split: bool = True, single: bool = True, destroys: bool = False
) -> Callable[[Callable[[World], None]], Callable[[World], None]]:
    def note(inject: Callable[[World], None]) -> Callable[[World], None]:
        FAULTS.append(Fault(name, inject, split=split, single=single, destroys=destroys))
        return inject

    return note


def faults_for(*, split: bool) -> list[Fault]:
    return [one for one in FAULTS if (one.split if split else one.single)]


def listener_of(world: World) -> str:
    return "ami" if world.product.split else "product"


# -- our own processes ------------------------------------------------------------------------


@fault("listener killed", single=False)
def kill_listener(world: World) -> None:
    world.product.processes.kill("ami")
    world.hold(0, 3)


@fault("listener killed twice in a row", single=False)
def kill_listener_twice(world: World) -> None:
    world.product.processes.kill("ami")
    world.hold(1, 4)
    world.product.processes.kill("ami")


@fault("listener stopped politely")
def stop_listener(world: World) -> None:
    world.product.processes.kill(listener_of(world), number=signal.SIGTERM)
    world.hold(0, 3)


@fault("listener frozen")
def freeze_listener(world: World) -> None:
    world.product.processes.kill(listener_of(world), number=signal.SIGSTOP)
    world.hold(3, 12)
    world.product.processes.kill(listener_of(world), number=signal.SIGCONT)


@fault("web killed", single=False)
def kill_web(world: World) -> None:
    world.product.processes.kill("web")


@fault("agi killed", single=False)
def kill_agi(world: World) -> None:
    world.product.processes.kill("agi")


@fault("agi frozen", single=False)
def freeze_agi(world: World) -> None:
    world.product.processes.kill("agi", number=signal.SIGSTOP)
    world.hold(2, 6)
    world.product.processes.kill("agi", number=signal.SIGCONT)


@fault("product killed")
def kill_product(world: World) -> None:
    world.product.processes.kill(*world.product.processes.units)
    world.hold(0, 3)


@fault("product away for long")
def leave_product_away(world: World) -> None:
    _without_product(world, lambda: None)


@fault("product away while the ledger is rotated twice")
def rotate_without_product(world: World) -> None:
    def rotate_twice() -> None:
        world.product.pbx.rotate_ledger(world.next_rotation())
        world.hold(3, 6)
        world.product.pbx.rotate_ledger(world.next_rotation())

    _without_product(world, rotate_twice)


@fault("product away while the PBX is killed")
def kill_pbx_without_product(world: World) -> None:
    _without_product(world, lambda: _restart(world, politely=False))


def _without_product(world: World, meanwhile: Callable[[], None]) -> None:
    processes = world.product.processes
    processes.hold()
    processes.kill(*processes.units)
    world.hold(3, 9)
    meanwhile()
    world.hold(3, 9)
    processes.release()


# -- servers ----------------------------------------------------------------------------------


@fault("database stopped", single=False)
def stop_database(world: World) -> None:
    postgres = world.product.postgres
    assert postgres is not None
    postgres.stop()
    world.hold(1, 8)
    postgres.start()


@fault("database crashed", single=False)
def crash_database(world: World) -> None:
    postgres = world.product.postgres
    assert postgres is not None
    postgres.crash()
    world.hold(0.5, 4)
    postgres.start()


@fault("database slow", single=False)
def slow_database(world: World) -> None:
    assert world.product.database is not None
    world.product.database.delay = world.random.uniform(0.05, 0.3)
    world.hold(4, 10)
    world.product.database.heal()


@fault("database hangs", single=False)
def hang_database(world: World) -> None:
    assert world.product.database is not None
    world.product.database.freeze()
    world.hold(3, 12)
    world.product.database.heal()


@fault("database connections reset", single=False)
def reset_database(world: World) -> None:
    assert world.product.database is not None
    world.product.database.cut()


@fault("product killed while the database is away", single=False)
def kill_without_database(world: World) -> None:
    postgres = world.product.postgres
    assert postgres is not None
    postgres.stop()
    world.hold(2, 5)
    world.product.processes.kill(*world.product.processes.units)
    world.hold(1, 4)
    postgres.start()


@fault("Redis killed", single=False)
def kill_redis(world: World) -> None:
    redis = world.product.redis
    assert redis is not None
    redis.kill()
    world.hold(0.5, 5)
    redis.start()


@fault("Redis frozen", single=False)
def freeze_redis(world: World) -> None:
    redis = world.product.redis
    assert redis is not None
    redis.freeze()
    world.hold(2, 8)
    redis.thaw()


# -- the link to the PBX ----------------------------------------------------------------------


@fault("link cut")
def cut_link(world: World) -> None:
    world.product.link.cut()


@fault("link away")
def refuse_link(world: World) -> None:
    world.product.link.refuse()
    world.hold(2, 12)
    world.product.link.heal()


@fault("link half-open")
def half_open_link(world: World) -> None:
    world.product.link.freeze()
    world.hold(2, 25)
    if world.random.random() < 0.5:
        world.product.link.cut()
    world.product.link.heal()


@fault("link slow")
def slow_link(world: World) -> None:
    world.product.link.delay = world.random.uniform(0.2, 1.5)
    world.hold(3, 8)
    world.product.link.heal()


# -- the PBX ----------------------------------------------------------------------------------


@fault("PBX restarted")
def restart_pbx(world: World) -> None:
    _restart(world, politely=True)


@fault("PBX killed")
def kill_pbx(world: World) -> None:
    _restart(world, politely=False)


@fault("PBX killed while the listener is away")
def kill_pbx_unseen(world: World) -> None:
    world.product.link.refuse()
    world.hold(1, 4)
    _restart(world, politely=False)
    world.hold(0, 2)
    world.product.link.heal()


def _restart(world: World, *, politely: bool) -> None:
    world.product.pbx.die(politely=politely)
    world.hold(0, 2)
    world.product.pbx.start()  # phones stay signed in: Asterisk keeps their addresses on its disk


# -- disks and the ledger's file ---------------------------------------------------------------


@fault("product's disk full")
def fill_data_disk(world: World) -> None:
    world.product.data_disk.fill()
    world.hold(2, 8)
    world.product.data_disk.free()


@fault("product killed while its disk is full")
def kill_on_full_disk(world: World) -> None:
    world.product.data_disk.fill()
    world.hold(1, 3)
    world.product.processes.kill(*world.product.processes.units)
    world.hold(2, 5)
    world.product.data_disk.free()


@fault("ledger's disk full", destroys=True)
def fill_ledger_disk(world: World) -> None:
    world.product.pbx.ledger_disk.fill()
    world.hold(2, 6)
    world.product.pbx.ledger_disk.free()


@fault("ledger rotated")
def rotate_ledger(world: World) -> None:
    world.product.pbx.rotate_ledger(world.next_rotation())


@fault("ledger rotated while the listener is away")
def rotate_unseen(world: World) -> None:
    world.product.processes.kill(listener_of(world))
    world.product.pbx.rotate_ledger(world.next_rotation())
    world.hold(0, 2)


@fault("ledger truncated", destroys=True)
def truncate_ledger(world: World) -> None:
    world.product.pbx.truncate_ledger(world.next_rotation())
