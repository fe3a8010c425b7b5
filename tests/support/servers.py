"""PostgreSQL and Redis servers of the tests' own: free port, own folder, gone afterwards.

A server that happens to run on this machine is never used. PostgreSQL refuses to run as root;
then it runs as `postgres` or `nobody`.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
import redis

from ami.lab.ports import free_tcp_port
from tests.support.memory_disk import memory_disk
from tests.support.require import postgresql_bin, require

_START_SECONDS = 30
_STOP_SECONDS = 10
_LIBC = ctypes.CDLL(None)


class _Server:
    """A child process that dies with the tests, even when they are killed."""

    def __init__(self, name: str, place: Path | None = None) -> None:
        self._owner = _unprivileged() if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix=f"callcenter-{name}-", dir=place))
        if self._owner:
            os.chown(self.folder, self._owner.pw_uid, self._owner.pw_gid)
        self.port = free_tcp_port()
        self.process: subprocess.Popen[bytes] | None = None

    def _spawn(self, command: Sequence[str | Path]) -> None:
        log = (self.folder / "server.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - one system call, looked up before
                **self._as_owner(),
            )

    def _as_owner(self) -> dict[str, Any]:
        if self._owner is None:
            return {}
        return {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []}

    def _wait(self, ready: Callable[[], object], errors: type[Exception]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                ready()
            except errors:
                dead = self.process is None or self.process.poll() is not None
                if dead or time.monotonic() > deadline:
                    raise RuntimeError(f"it did not start:\n{self.log()}") from None
                time.sleep(0.05)
            else:
                return

    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")[-3000:]

    def kill(self) -> None:
        """As a crash would: no goodbye."""
        self._signal(signal.SIGKILL)

    def freeze(self) -> None:
        """Alive for TCP, dead for everybody who waits for an answer."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(number)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(_STOP_SECONDS)

    def close(self) -> None:
        if self.process is not None:
            self.thaw()
        self._signal(signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgresServer(_Server):
    """On a real disk, or in memory where there is room: for many small databases."""

    def __init__(self, *, in_memory: bool = False, settings: Mapping[str, str] = {}) -> None:
        require("postgresql")
        super().__init__("postgresql", memory_disk() if in_memory else None)
        self._settings = {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "shared_buffers": "64MB",
            "max_connections": "120",
            "autovacuum": "off",
        } | dict(settings)
        self._bin = postgresql_bin() or Path()
        self._data = self.folder / "data"
        self._databases = 0
        self._administrator: psycopg.Connection | None = None
        command = [self._bin / "initdb", "-D", self._data, "-U", "postgres", "-A", "trust"]
        command += ["--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
        result = subprocess.run(
            command,
            capture_output=True,
            text=True,
            cwd=self.folder,
            check=False,
            **self._as_owner(),
        )
        if result.returncode:
            raise RuntimeError(f"initdb failed:\n{result.stdout}{result.stderr}")
        self.start()

    def start(self) -> None:
        command = [self._bin / "postgres", "-D", self._data, "-p", str(self.port)]
        command += ["-h", "127.0.0.1", "-k", self.folder]
        for name, value in self._settings.items():
            command += ["-c", f"{name}={value}"]
        self._spawn(command)
        self._wait(lambda: self.execute("select 1"), psycopg.Error)

    def stop(self) -> None:
        """In order, as an administrator does; `start` brings it back on the same port."""
        self._signal(signal.SIGINT)

    def crash(self) -> None:
        """All its processes at once, without a last word to the disk."""
        self._signal(signal.SIGQUIT)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        with self._connect() as connection:
            connection.execute(statement.encode())

    def _connect(self) -> psycopg.Connection:
        where = f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres connect_timeout=5"
        return psycopg.connect(where, autocommit=True)

    def _administer(self, statement: str) -> None:
        """By a connection that stays: each test makes a database and drops it, and to connect is a
        fifth of that."""
        if self._administrator is not None:
            try:
                self._administrator.execute("select 1")
            except psycopg.OperationalError:  # it was stopped meanwhile, or crashed
                self._leave()
        if self._administrator is None:
            self._administrator = self._connect()
        self._administrator.execute(statement.encode())

    def _leave(self) -> None:
        if self._administrator is not None:
            self._administrator.close()
            self._administrator = None

    def close(self) -> None:
        self._leave()
        super().close()

    def create_database(self, template: str = "template1") -> str:
        """The name of a new database, a copy of `template`."""
        self._databases += 1
        name = f"test_{self._databases}"
        # The usual way writes every page of the template to the log: twice the work.
        self._administer(f"create database {name} template {template} strategy file_copy")
        return name

    def drop_database(self, name: str) -> None:
        self._administer(f"drop database if exists {name} with (force)")


class RedisServer(_Server):
    def __init__(self) -> None:
        require("redis")
        super().__init__("redis")
        self.start()

    def start(self) -> None:
        """Also after `kill`: on the same port, and empty."""
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        self._spawn(command)
        self._wait(lambda: self.execute("PING"), redis.RedisError)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def execute(self, *command: str) -> object:
        with redis.Redis.from_url(self.url, socket_timeout=5) as client:
            return client.execute_command(*command)


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("this machine has neither a user postgres nor nobody")


def _die_with_parent() -> None:
    pr_set_pdeathsig = 1
    _LIBC.prctl(pr_set_pdeathsig, signal.SIGKILL)
