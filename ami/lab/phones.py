"""Callers and phones, played by SIPp: signalling only, no sound unless they are given a voice.

`Caller` is somebody out there, `DeskPhone` an operator's phone that signs in and takes calls,
`FarEnd` whoever is reached through the trunk. The scenarios are the files in `sipp/`; what stands
between @ signs in them is filled in here.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from ami.lab.jail import WITH_PARENT
from ami.lab.pbx import LabError, LabPbx
from ami.lab.ports import DEVICES_HOST, TRUNK_HOST, free_udp_port, udp_port_is_served

_SCENARIOS = Path(__file__).with_name("sipp")
_SILENT = {"VOICE": "", "MEDIA": "media_port"}
_NEVER = 3_600_000
_START_SECONDS = 10.0
_SIGN_INS = 5
HIDDEN = "anonymous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What a phone does with a call: rings so long, then answers, or refuses with `status`."""

    ring: float = 1.0
    talk: float = _NEVER / 1000
    """Seconds after which this side hangs up; by default it waits for the other."""
    status: str = ""
    voice: Path | None = None
    """What it says when it is lifted: PCMU without a header, over and over."""

    @property
    def scenario(self) -> str:
        return "phone_refuse" if self.status else "phone_answer"

    def fields(self) -> dict[str, str]:
        told = {"RING": _ms(self.ring), "TALK": _ms(self.talk), "STATUS": self.status}
        return told | _heard(self.voice)


ANSWERS = Behaviour()
IS_BUSY = Behaviour(ring=0.001, status="486 Busy Here")
DECLINES = Behaviour(ring=1.0, status="603 Decline")
NO_ANSWER = Behaviour(ring=_NEVER / 1000)
UNAVAILABLE = Behaviour(ring=0.001, status="480 Temporarily Unavailable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call to make: from which number (HIDDEN for none) and name to which number."""

    number: str
    to: str
    name: str = ""

    def row(self) -> str:
        display = f'"{self.name}" ' if self.name else ""
        for text in (self.number, self.to, display):
            if any(sign in text for sign in ";\r\n"):
                raise LabError(f"SIPp's table cannot hold {text!r}")
        return f"{self.number};{display};{self.to}"


class Sipp:
    """One SIPp process. Ends with us; `stop` ends it sooner."""

    def __init__(self, work_dir: Path, name: str, scenario: str, target: str, here: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix=f"sipp-{name}-", dir=work_dir))
        self._scenario = self._folder / "scenario.xml"
        self._scenario.write_text(scenario, "utf-8")
        self._scenario.chmod(0o600)
        host, _, port = here.partition(":")
        self._here = (host, int(port))
        self._command = [*WITH_PARENT, "sipp", target, "-sf", str(self._scenario)]
        self._command += ["-i", host, "-p", port, "-nostdin", "-trace_err", "-error_file"]
        self._command += [str(self._folder / "errors.log"), "-timeout_error"]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str, rows: Sequence[str] = ()) -> None:
        if rows:
            table = self._folder / "calls.csv"
            table.write_text("SEQUENTIAL\n" + "\n".join(rows) + "\n", "utf-8", "surrogateescape")
            arguments = ("-inf", str(table), "-m", str(len(rows)), *arguments)
        self._process = subprocess.Popen(
            [*self._command, *arguments],
            cwd=self._folder,
            env={**os.environ, "TERM": "xterm"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def start_listening(self) -> None:
        """Start a phone: returns once its socket is there to be called."""
        self.start()
        host, port = self._here
        deadline = time.monotonic() + _START_SECONDS
        while not udp_port_is_served(host, port):
            if not self.running() or time.monotonic() > deadline:
                raise LabError(f"SIPp does not listen on {host}:{port}: {self.errors()}")
            time.sleep(0.02)

    def wait(self, seconds: float) -> bool:
        """Until it is through; whether every call went as its scenario says."""
        assert self._process is not None  # noqa: S101 - our own order of calls
        try:
            return self._process.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            self.stop()
            raise LabError(f"SIPp did not end in {seconds} s: {self.errors()}") from None

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def errors(self) -> str:
        log = self._folder / "errors.log"
        return log.read_text("utf-8", "replace")[-2000:] if log.exists() else ""


class DeskPhone:
    """An operator's phone: signed in while the `with` block lasts."""

    def __init__(self, pbx: LabPbx, extension: str, behaviour: Behaviour = ANSWERS) -> None:
        self._pbx, self.extension = pbx, extension
        self._port = free_udp_port()
        self.secret = next(o.secret for o in pbx.plan.operators if o.extension == extension)
        self._sipp = self._sipp_for(behaviour.scenario, **behaviour.fields())

    def _sipp_for(self, scenario: str, **fields: str) -> Sipp:
        text = _scenario(scenario, EXTENSION=self.extension, SECRET=self.secret, **fields)
        target = f"{DEVICES_HOST}:{self._pbx.plan.ports.sip}"
        here = f"{DEVICES_HOST}:{self._port}"
        return Sipp(self._pbx.work_dir, f"phone{self.extension}", text, target, here)

    def register(self, seconds: int = 7200) -> None:
        """Answers further challenges too, as phones do.

        Asterisk made one on a busy machine, once in some thousand sign-ins, and another for the
        answer to that; 1,300 in a row on an idle one, with 700 different secrets, did not show why.
        """
        for _ in range(_SIGN_INS):
            sipp = self._sipp_for("register", EXPIRES=str(seconds))
            sipp.start("-m", "1")
            if sipp.wait(10):
                return
            errors = sipp.errors()
            if "401 Unauthorized" not in errors:
                break
        raise LabError(f"phone {self.extension} could not sign in: {errors}")

    def start(self) -> None:
        self.register()
        self._sipp.start_listening()

    def stop(self) -> None:
        self._sipp.stop()
        if self._pbx.running:
            self.register(0)

    def call(self, to: str, *, talk: float = 2.0, patience: float = 60.0) -> Caller:
        """Call from this phone (from a second socket, as the first one waits for calls)."""
        fields = {"EXTENSION": self.extension, "SECRET": self.secret}
        text = _scenario("phone_call", TALK=_ms(talk), PATIENCE=_ms(patience), **fields)
        target = f"{DEVICES_HOST}:{self._pbx.plan.ports.sip}"
        here = f"{DEVICES_HOST}:{free_udp_port()}"
        sipp = Sipp(self._pbx.work_dir, f"call{self.extension}", text, target, here)
        sipp.start(rows=[Call(number=self.extension, to=to).row()])
        return Caller(sipp)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class FarEnd:
    """Who answers (or does not) when an operator calls out through the trunk."""

    def __init__(self, pbx: LabPbx, behaviour: Behaviour = ANSWERS) -> None:
        text = _scenario(behaviour.scenario, **behaviour.fields())
        here = f"{TRUNK_HOST}:{pbx.plan.trunk.port}"
        target = f"{DEVICES_HOST}:{pbx.plan.ports.sip}"
        self._sipp = Sipp(pbx.work_dir, "farend", text, target, here)

    def __enter__(self) -> Self:
        self._sipp.start_listening()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._sipp.stop()


class Caller:
    """Calls under way."""

    def __init__(self, sipp: Sipp) -> None:
        self._sipp = sipp

    def wait(self, seconds: float = 120.0) -> bool:
        return self._sipp.wait(seconds)

    def running(self) -> bool:
        return self._sipp.running()

    def stop(self) -> None:
        self._sipp.stop()

    def errors(self) -> str:
        return self._sipp.errors()


def call_in(
    pbx: LabPbx,
    calls: Sequence[Call],
    *,
    talk: float = 2.0,
    patience: float = 120.0,
    rate: float = 5.0,
    digit: str = "",
    echo: bool = False,
    voice: Path | None = None,
) -> Caller:
    """Let people call from the network. `talk`: seconds after the PBX's answer until they hang up.

    `patience`: seconds until they give up while it only rings. `digit` is pressed in the menu: one
    key or several, where a comma is a second of waiting.
    `echo`: they say what they hear; `voice`: they say this (see `Behaviour`).
    """
    hidden = {call.number == HIDDEN for call in calls}
    if len(hidden) > 1:
        raise LabError("hidden and other callers are two groups: call twice")
    private = "Privacy: id\nP-Asserted-Identity: <sip:+48600999999@127.0.0.2>\n"
    fields = {
        "HOST": "anonymous.invalid" if True in hidden else TRUNK_HOST,
        "EXTRA": private if True in hidden else "",
        "MENU": _pressed(digit),
        "TALK": _ms(talk),
        "PATIENCE": _ms(patience),
    }
    text = _scenario("caller", **{"MENU": fields.pop("MENU"), **fields, **_heard(voice)})
    target = f"{DEVICES_HOST}:{pbx.plan.ports.sip}"
    sipp = Sipp(pbx.work_dir, "caller", text, target, f"{TRUNK_HOST}:{free_udp_port(TRUNK_HOST)}")
    # Without a limit of our own SIPp allows few calls at once, and the rate is not kept.
    at_once = ("-l", str(len(calls)))
    sound = ("-rtp_echo",) if echo else ()
    sipp.start("-r", str(rate), *at_once, *sound, rows=[call.row() for call in calls])
    return Caller(sipp)


def _pressed(digits: str) -> str:
    """One after the other; the first after a moment in which the menu begins."""
    parts, wait = [], 1500
    for place, digit in enumerate(digits):
        if digit == ",":
            wait += 1000
            continue
        part = _scenario("menu_digit.part", DIGIT=digit, PAUSE=str(wait), NUMBER=str(place + 2))
        parts.append(part)
        wait = 300
    if wait > 300 and parts:
        parts.append(f'<pause milliseconds="{wait}"/>\n')
    return "".join(parts)


def _heard(voice: Path | None) -> dict[str, str]:
    """SIPp sends sound from ports of its own."""
    if voice is None:
        return _SILENT
    play = f'<nop><action><exec rtp_stream="{voice},-1,0"/></action></nop>\n'
    return {"VOICE": play, "MEDIA": "rtpstream_audio_port"}


def _scenario(name: str, **fields: str) -> str:
    text = (_SCENARIOS / f"{name}.xml").read_text("utf-8")
    for field, value in (_SILENT | fields).items():
        text = text.replace(f"@{field}@", value)
    return text


def _ms(seconds: float) -> str:
    return str(max(1, round(seconds * 1000)))
