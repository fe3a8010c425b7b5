"""One running Asterisk of our own: its ports, folders, console and records."""

from __future__ import annotations

import csv
import fcntl
import shutil
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from ami.lab import jail, rootfs
from ami.lab.ports import TRUNK_HOST, free_ports, free_udp_port
from callcenter.pbx.ledger_columns import CEL_COLUMNS, CEL_FILE
from callcenter.pbx.plan import Folders, ManagerSecrets, PbxPlan, Trunk, new_secret
from callcenter.pbx.render import render

_FOLDERS = (
    "etc",
    "lib/keys",
    "run",
    "log/cel-custom",
    "log/cdr-csv",
    "spool/monitor",
    "prompts",
    "tmp",
)
CDR_COLUMNS = (
    "accountcode",
    "src",
    "dst",
    "dcontext",
    "clid",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
    "uniqueid",
    "userfield",
    "peeraccount",
    "linkedid",
    "sequence",
)
_BOOT_SECONDS = 40.0
_STOP_SECONDS = 10.0


class LabError(Exception):
    """The lab's PBX did not do what it was told; the message holds Asterisk's own words."""


def lab_plan(agi: tuple[str, int] = ("127.0.0.1", 4573), **changes: Any) -> PbxPlan:
    """The default plan on free loopback ports; `changes` are fields of `PbxPlan`."""
    where = {name: f"{jail.INSIDE}/{name}" for name in ("etc", "lib", "run", "log", "spool")}
    plan = PbxPlan(
        ports=free_ports(),
        folders=Folders(**where),
        trunks=(Trunk(match=(TRUNK_HOST,), host=TRUNK_HOST, port=free_udp_port(TRUNK_HOST)),),
        agi_host=agi[0],
        agi_port=agi[1],
        manager=ManagerSecrets(witness=new_secret()),
        record=False,
        phone_key=new_secret(),
    )
    return replace(plan, **changes)


class LabPbx:
    """`with LabPbx(work_dir, agi=(host, port)) as pbx:` runs Asterisk until the block ends.

    `changes` are fields of the lab's usual plan; `plan` is one in its place.
    """

    def __init__(
        self,
        work_dir: Path,
        agi: tuple[str, int] = ("127.0.0.1", 4573),
        plan: PbxPlan | None = None,
        **changes: Any,
    ) -> None:
        self.work_dir = work_dir.absolute()
        self.plan = plan or lab_plan(agi, **changes)
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    # -- life

    def start(self) -> None:
        root = rootfs.ensure(self.plan.asterisk)
        for folder in _FOLDERS:
            (self.work_dir / folder).mkdir(parents=True, exist_ok=True)
        self._hold_folder()
        self.cel_path.touch()  # Asterisk makes it with the first call: until then nobody could read
        (self.work_dir / "run/asterisk.ctl").unlink(missing_ok=True)  # of a killed one
        for name, text in self.configuration().items():
            path = self.work_dir / "etc" / name
            path.write_text(text, "utf-8")
            path.chmod(0o640)
        command = jail.jailed(root, self.work_dir, self._asterisk("-f"))
        with (self.work_dir / "asterisk.out").open("ab") as out:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for us: we stop Asterisk in our own order
            )
        self._wait_until_booted()

    def configuration(self) -> dict[str, str]:
        """Asterisk's files by name. A lab that wants something of its own adds it here."""
        return render(self.plan)

    def wait_until_gone(self) -> None:
        """Until Asterisk ends by itself (or a signal ends us)."""
        if self._process is not None:
            self._process.wait()

    def stop(self) -> None:
        """End Asterisk, politely first. Does nothing when it is not running."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """End Asterisk as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill()
            self._release_folder()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self._release_folder()

    # -- what it is and what it did

    @property
    def pid(self) -> int:
        if self._process is None:
            raise LabError("the lab's Asterisk is not running")
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def ami_url(self) -> str:
        return self.plan.ami_url

    @property
    def ami_originate_url(self) -> str:
        return self.plan.ami_originate_url

    @property
    def ws_url(self) -> str:
        return f"ws://{self.plan.bind}:{self.plan.ports.http}/ws"

    @property
    def cel_path(self) -> Path:
        return self.work_dir / "log/cel-custom" / CEL_FILE

    @property
    def recordings(self) -> Path:
        """Where the sound of calls is kept, if the plan keeps it."""
        return self.work_dir / "spool/monitor"

    @property
    def prompts(self) -> Path:
        """What the CRM lets callers hear: it writes here, Asterisk plays `prompts_inside`."""
        return self.work_dir / "prompts"

    @property
    def prompts_inside(self) -> str:
        return f"{jail.INSIDE}/prompts"

    @property
    def cdr_path(self) -> Path:
        return self.work_dir / "log/cdr-csv/Master.csv"

    def console(self, command: str, seconds: float = 20.0) -> str:
        done = jail.run_inside(self.pid, self._asterisk("-rx", command), seconds)
        if done.returncode != 0:
            raise LabError(f"{command}: {(done.stderr or done.stdout).strip()}")
        return done.stdout

    def console_command(self) -> list[str]:
        """What a person types to get Asterisk's own console."""
        return jail.inside(self.pid, self._asterisk("-r"))

    def cdr_rows(self) -> list[dict[str, str]]:
        """Asterisk's own call detail records, oldest first."""
        return _table(self.cdr_path, CDR_COLUMNS)

    def cel_rows(self) -> list[dict[str, str]]:
        """The channel event log, oldest first."""
        return _table(self.cel_path, CEL_COLUMNS)

    def log_text(self) -> str:
        return _text(self.work_dir / "log/messages.log")

    def channels(self) -> int:
        """How many channels exist now."""
        return int(self.console("core show channels count").split()[0])

    def wait_idle(self, seconds: float = 30.0) -> None:
        """Until the last channel is gone."""
        deadline = time.monotonic() + seconds
        while self.channels():
            if time.monotonic() > deadline:
                raise LabError("channels stay:\n" + self.console("core show channels concise"))
            time.sleep(0.1)

    # -- inside

    def _hold_folder(self) -> None:
        """Two labs in one folder would write into each other's files."""
        if self._lock is not None:
            return
        lock = (self.work_dir / ".lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise LabError(f"another lab runs in {self.work_dir}: stop it first") from None
        self._lock = lock
        self._sweep()

    def _sweep(self) -> None:
        """What a killed lab left in this folder: phones signed in to ports that nobody has now."""
        for database in (self.work_dir / "lib").glob("astdb.sqlite3*"):
            database.unlink()
        for sipp in self.work_dir.glob("sipp-*"):
            shutil.rmtree(sipp, ignore_errors=True)

    def _release_folder(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _asterisk(self, *arguments: str) -> list[str]:
        return ["asterisk", "-C", f"{self.plan.folders.etc}/asterisk.conf", *arguments]

    def _wait_until_booted(self) -> None:
        deadline = time.monotonic() + _BOOT_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                break
            if (self.work_dir / "run/asterisk.ctl").exists() and self._says_booted():
                return
            time.sleep(0.1)
        self.kill()
        words = _text(self.work_dir / "asterisk.out")[-2000:] + self.log_text()[-2000:]
        raise LabError(f"Asterisk did not start:\n{words}")

    def _says_booted(self) -> bool:
        try:
            return "fully booted" in self.console("core waitfullybooted", 10.0)
        except (LabError, subprocess.TimeoutExpired):
            return False


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace") if path.exists() else ""


def _table(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    rows = csv.reader(_text(path).splitlines())
    return [dict(zip(columns, row, strict=False)) for row in rows if row]
