"""Phones that a script uses as a person does: answer, hold, call a second number, transfer, press.

Each is a child process (`softphone_child`), so that one phone's PJSIP knows nothing of another's.
It rings by itself and does nothing else unasked.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from ami.lab.jail import WITH_PARENT
from ami.lab.pbx import LabError, LabPbx
from ami.lab.ports import DEVICES_HOST, TRUNK_HOST, free_udp_port, media_port

_SECONDS = 10.0
_NEEDS = "its last words are above; it needs PJSIP, pip install pjsua2-python"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the phone is. Without a secret it does not sign in: it is the telephone network."""

    user: str
    name: str = ""
    secret: str = field(default="", repr=False)
    host: str
    port: int
    media_port: int
    server: str


def desk_of(pbx: LabPbx, extension: str) -> Identity:
    """The desk phone of an operator."""
    secret = next(o.secret for o in pbx.plan.operators if o.extension == extension)
    return _identity(pbx, DEVICES_HOST, user=extension, secret=secret)


def outsider(pbx: LabPbx, number: str, name: str = "", *, is_called: bool = False) -> Identity:
    """Somebody out there. Only one of them at a time can be called through the trunk."""
    port = {"port": pbx.plan.trunk.port} if is_called else {}
    return _identity(pbx, TRUNK_HOST, user=number, name=name, **port)


def _identity(pbx: LabPbx, host: str, **fields: Any) -> Identity:
    places = {"port": free_udp_port(host), "media_port": media_port(host)}
    server = f"{DEVICES_HOST}:{pbx.plan.ports.sip}"
    return Identity(host=host, server=server, **{**places, **fields})


class SoftPhone:
    """`with SoftPhone(identity) as phone:` it is switched on, and signed in if it is a desk's."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self._changed = threading.Condition()
        self._answers: dict[int, dict[str, Any]] = {}
        self._signed_in = False
        self._fresh: list[Line] = []
        self._lines: dict[int, Line] = {}
        self._orders = 0
        self._process: subprocess.Popen[str] | None = None

    # -- life

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [*WITH_PARENT, sys.executable, "-m", "ami.lab.softphone_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._say(asdict(self.identity))
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
        if self.identity.secret:
            self.wait(lambda: self._signed_in, "sign in")
        return self

    def __exit__(self, *_: object) -> None:
        process = self._process
        assert process is not None  # noqa: S101 - our own order of calls
        if process.poll() is None and self._signed_in:
            self.order("sign_out")
            self.wait(lambda: not self._signed_in, "sign out")
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None  # noqa: S101
        process.stdin.close()  # type: ignore[union-attr]
        process.wait(_SECONDS)

    # -- what a person does

    def call(self, to: str) -> Line:
        return self._line(self.order("call", to=to))

    def ringing(self, seconds: float = _SECONDS) -> Line:
        """The next call that comes in."""
        self.wait(lambda: bool(self._fresh), "ring", seconds)
        return self._fresh.pop(0)

    def unplug(self) -> None:
        """Gone from one moment to the next: nobody is told good-bye."""
        assert self._process is not None  # noqa: S101 - our own order of calls
        self._process.kill()
        self._process.wait(_SECONDS)

    # -- inside

    def order(self, what: str, **arguments: Any) -> Any:
        with self._changed:
            self._orders += 1
            number = self._orders
        self._say({"id": number, "do": what, "with": arguments})
        self.wait(lambda: number in self._answers, what)
        answer = self._answers.pop(number)
        if "error" in answer:
            raise LabError(f"phone {self.identity.user}: {what}: {answer['error']}")
        return answer["result"]

    def wait(self, true: Callable[[], bool], what: str, seconds: float = _SECONDS) -> None:
        deadline = time.monotonic() + seconds
        with self._changed:
            while not true():
                left = deadline - time.monotonic()
                if self._process is None or self._process.poll() is not None:
                    raise LabError(f"phone {self.identity.user} is gone: {_NEEDS}")
                if left <= 0:
                    raise LabError(f"phone {self.identity.user} did not {what} in {seconds} s")
                self._changed.wait(min(left, 0.5))

    def _say(self, what: dict[str, Any]) -> None:
        assert self._process is not None and self._process.stdin is not None  # noqa: S101, PT018
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None  # noqa: S101
        with process.stdout as heard:
            for text in heard:
                with self._changed:
                    self._hear(json.loads(text))
                    self._changed.notify_all()

    def _hear(self, said: dict[str, Any]) -> None:
        if "id" in said:
            self._answers[said["id"]] = said
        elif said["event"] == "registered":
            self._signed_in = bool(said["active"])
        elif said["event"] == "transfer":
            self._line(said["call"]).transfer_code = said["code"]
        elif said["event"] == "state":
            self._hear_state(said)

    def _hear_state(self, said: dict[str, Any]) -> None:
        known = self._lines.get(said["call"])
        begins = known is None or known.over  # PJSIP gives a number to one call after another
        if begins and said["state"] == "DISCONNECTED":
            return
        line = Line(self, said["call"]) if begins else known
        assert line is not None  # noqa: S101
        self._lines[said["call"]] = line
        line.state, line.code = said["state"], said["code"]
        if begins and said["incoming"]:
            self._fresh.append(line)

    def _line(self, number: int) -> Line:
        with self._changed:
            return self._lines.setdefault(number, Line(self, number))


class Line:
    """One call of a soft phone. What it does is only begun; `until_…` waits for its effect."""

    def __init__(self, phone: SoftPhone, number: int) -> None:
        self._phone, self._number = phone, number
        self.state, self.code, self.transfer_code = "", 0, 0

    @property
    def over(self) -> bool:
        return self.state == "DISCONNECTED"

    def answer(self) -> Self:
        self._do("answer", status=200)
        return self.until_talking()

    def refuse(self, status: int = 486) -> None:
        self._do("answer", status=status)

    def hang_up(self) -> None:
        self._do("hang_up")

    def hold(self) -> None:
        self._do("hold")

    def unhold(self) -> None:
        self._do("unhold")

    def transfer(self, to: str) -> None:
        """Blind: REFER to a number."""
        self._do("transfer", to=to)

    def join(self, other: Line) -> None:
        """Attended: REFER to the far end of our other call (blonde while that one rings)."""
        self._do("join", other=other._number)

    def press(self, digits: str) -> None:
        self._do("press", digits=digits)

    def sing(self, hertz: int = 440) -> None:
        """A tone from now on: something to be heard."""
        self._do("sing", hertz=hertz)

    def record(self, file: Path) -> None:
        """What it hears, from now on, into `file`: 16-bit samples, 16,000 a second."""
        self._do("record", file=str(file))

    def until_ringing(self) -> Self:
        return self._until("EARLY", "CONFIRMED")

    def until_talking(self) -> Self:
        return self._until("CONFIRMED")

    def until_over(self, seconds: float = _SECONDS) -> Self:
        return self._until("DISCONNECTED", seconds=seconds)

    def _until(self, *states: str, seconds: float = _SECONDS) -> Self:
        self._phone.wait(lambda: self.state in states, f"get to {states[0]}", seconds)
        return self

    def _do(self, what: str, **arguments: Any) -> None:
        self._phone.order(what, call=self._number, **arguments)
