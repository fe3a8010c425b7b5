"""Services start in order, stop in reverse, and a dead one stops the process."""

from __future__ import annotations

import threading

import pytest

from callcenter.runtime import StartupError
from callcenter.supervise import StopSignal, run_until_stopped


class FakeService:
    def __init__(self, name: str, diary: list[str], *, fault: str = "") -> None:
        self.name, self._diary, self._fault = name, diary, fault
        self.failed, self.failure = threading.Event(), ""

    def start(self) -> None:
        if self._fault == "start":
            raise StartupError("no PBX: start one")
        self._diary.append(f"start {self.name}")
        if self._fault == "dies":
            self.failure = "its thread ended"
            self.failed.set()

    def stop(self, timeout: float) -> None:
        if self._fault == "stop":
            raise RuntimeError("cannot stop")
        self._diary.append(f"stop {self.name}")


def test_stopping_is_starting_backwards() -> None:
    diary: list[str] = []
    stop = StopSignal()
    services = [FakeService(name, diary) for name in ("agi", "ami", "web")]
    code = run_until_stopped(services, stop, on_ready=stop.asked.set)  # type: ignore[arg-type]
    assert code == 0
    assert diary == ["start agi", "start ami", "start web", "stop web", "stop ami", "stop agi"]


def test_a_service_that_dies_stops_the_process() -> None:
    diary: list[str] = []
    services = [FakeService("agi", diary), FakeService("ami", diary, fault="dies")]
    assert run_until_stopped(services, StopSignal()) == 1  # type: ignore[arg-type]
    assert diary[-1] == "stop agi"


def test_what_had_started_is_stopped_when_the_next_cannot_start() -> None:
    diary: list[str] = []
    services = [FakeService("agi", diary), FakeService("ami", diary, fault="start")]
    with pytest.raises(StartupError, match="no PBX"):
        run_until_stopped(services, StopSignal())  # type: ignore[arg-type]
    assert diary == ["start agi", "stop agi"]


def test_one_that_cannot_stop_keeps_no_other_from_stopping() -> None:
    diary: list[str] = []
    stop = StopSignal()
    services = [FakeService("agi", diary), FakeService("ami", diary, fault="stop")]
    run_until_stopped(services, stop, on_ready=stop.asked.set)  # type: ignore[arg-type]
    assert diary[-1] == "stop agi"


def test_a_stop_asked_for_during_the_start_starts_no_more() -> None:
    diary: list[str] = []
    stop = StopSignal()
    stop.asked.set()
    assert run_until_stopped([FakeService("agi", diary)], stop) == 0  # type: ignore[list-item]
    assert diary == []
