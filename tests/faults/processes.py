"""The product's processes and a supervisor that starts again what died, as systemd would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_RESTART_AFTER = 0.5
_LOOK_EVERY = 0.05


class Unit:
    """One process under supervision: `callcenter run SERVICE…`."""

    def __init__(self, name: str, services: tuple[str, ...], log: Path) -> None:
        self.name = name
        self.log = log
        self.command = [sys.executable, "-m", "tests.faults.callcenter", "run", *services]
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0
        self.due = 0.0


class Supervisor:
    """Restart=always, and a short pause before each new try."""

    def __init__(self, environment: Mapping[str, str], logs: Path) -> None:
        self._environment = {**_inherited(), "PYTHONPATH": str(_ROOT), **environment}
        self._logs = logs
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._held = False
        self.units: dict[str, Unit] = {}
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def add(self, name: str, *services: str) -> None:
        self.units[name] = Unit(name, services, self._logs / f"{name}.log")

    def start(self) -> None:
        self._thread.start()

    def kill(self, *names: str, number: signal.Signals = signal.SIGKILL) -> None:
        """A signal to these units at once (SIGTERM: the polite stop of an upgrade)."""
        with self._lock:
            for name in names:
                process = self.units[name].process
                if process is not None and process.poll() is None:
                    process.send_signal(number)

    def hold(self) -> None:
        """Start nothing again until `release`."""
        self._held = True

    def release(self) -> None:
        self._held = False

    def running(self) -> bool:
        with self._lock:
            units = self.units.values()
            return all(u.process is not None and u.process.poll() is None for u in units)

    def stop(self) -> None:
        self._ending.set()
        self._thread.join(5)
        self.kill(*self.units, number=signal.SIGCONT)
        self.kill(*self.units, number=signal.SIGTERM)
        for unit in self.units.values():
            if unit.process is not None:
                try:
                    unit.process.wait(20)
                except subprocess.TimeoutExpired:
                    unit.process.kill()

    def _watch(self) -> None:
        while not self._ending.wait(_LOOK_EVERY):
            with self._lock:
                for unit in self.units.values():
                    self._tend(unit)

    def _tend(self, unit: Unit) -> None:
        if unit.process is not None and unit.process.poll() is not None:
            unit.process, unit.due = None, time.monotonic() + _RESTART_AFTER
        if unit.process is None and not self._held and time.monotonic() >= unit.due:
            unit.starts += 1
            with unit.log.open("ab") as log:
                unit.process = subprocess.Popen(
                    unit.command,
                    cwd=_ROOT,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )


def _inherited() -> dict[str, str]:
    """Nothing of the user's own settings reaches the product under test."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
