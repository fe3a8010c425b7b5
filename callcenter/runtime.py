"""What every door is handed: the built product (`Runtime`), and what a door must be (`Service`).

Builds nothing itself: `bootstrap` does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Connection

from callcenter.ports import Bus, Clock, UnitOfWork
from callcenter.ports.archive import ArchiveFiles
from callcenter.ports.files import FileStorage, NoFiles
from callcenter.ports.prompts import NoSounds, Sounds
from callcenter.settings import Settings


class StartupError(Exception):
    """Something outside the program stops it from starting. Says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Runtime:
    settings: Settings
    clock: Clock
    bus: Bus
    unit_of_work: Callable[[], UnitOfWork]
    reader: Callable[[], AbstractContextManager[Connection]]
    files: FileStorage = field(default_factory=NoFiles)
    sounds: Sounds = field(default_factory=NoSounds)
    archive: ArchiveFiles | None = None
    on_close: tuple[Callable[[], None], ...] = field(default=(), repr=False)

    def close(self) -> None:
        """Let go of bus and database. Safe to call twice."""
        self.bus.close()
        for release in self.on_close:
            release()


class Service(Protocol):
    """A long-running part of the product, registered under the entry points `callcenter.services`.

    `start` returns once it serves, or raises StartupError. `failed` is set by a service that dies
    while it runs, with the reason in `failure`: the whole process then stops, in order, with exit
    code 1, so that whoever supervises it can start it anew.
    """

    name: str
    failed: threading.Event
    failure: str

    def __init__(self, runtime: Runtime) -> None: ...

    def start(self) -> None: ...

    def stop(self, timeout: float) -> None: ...
