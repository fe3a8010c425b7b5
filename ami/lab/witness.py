"""Listens while the lab works: the whole manager stream as bytes, and every FastAGI request."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from ami.lab.pbx import LabError, LabPbx

_BOOTED = b"Event: FullyBooted"


class ManagerWitness:
    """A manager session that may read everything; `stream` is what came, unfiltered.

    When Asterisk goes away it comes again with it: the stream then has two greetings.
    """

    def __init__(self, pbx: LabPbx) -> None:
        self._manager = pbx.plan.manager
        self._address = (pbx.plan.manager_bind, pbx.plan.ports.ami)
        self._received = bytearray()
        self._booted = threading.Event()
        self._ending = threading.Event()
        self._socket = socket.socket()
        self._reader = threading.Thread(target=self._read, name="manager-witness", daemon=True)

    @property
    def stream(self) -> bytes:
        return bytes(self._received)

    def __enter__(self) -> Self:
        self._log_in()
        self._reader.start()
        if not self._booted.wait(10):
            raise LabError(f"the witness cannot log in: {self.stream!r}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join(5)
        self._socket.close()

    def _log_in(self) -> None:
        self._socket.connect(self._address)
        log_in = f"Action: Login\r\nUsername: witness\r\nSecret: {self._manager.witness}\r\n\r\n"
        self._socket.sendall(log_in.encode())

    def _read(self) -> None:
        while not self._ending.is_set():
            chunk = self._chunk()
            self._received += chunk
            if _BOOTED in self._received:
                self._booted.set()
            if not chunk and not self._ending.wait(0.02):
                self._come_back()

    def _chunk(self) -> bytes:
        try:
            return self._socket.recv(65536)
        except OSError:
            return b""

    def _come_back(self) -> None:
        self._socket.close()
        self._socket = socket.socket()
        with suppress(OSError):
            self._log_in()


class _Request(socketserver.StreamRequestHandler):
    server: ScriptedAgi

    def handle(self) -> None:
        environment = []
        for line in self.rfile:
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            if not text:
                break
            environment.append(text)
        self.server.requests.append(environment)
        for name, value in self.server.answer.items():
            self.wfile.write(f'SET VARIABLE {name} "{value}"\n'.encode())
            if not self.rfile.readline().startswith(b"200"):
                return


class ScriptedAgi(socketserver.ThreadingTCPServer):
    """A FastAGI server that gives every caller the same decision and keeps what it was asked."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, answer: Mapping[str, str]) -> None:
        self.answer = dict(answer)
        self.requests: list[list[str]] = []
        super().__init__(("127.0.0.1", 0), _Request)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self) -> tuple[str, int]:
        host, port = self.server_address[:2]
        return str(host), int(port)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.shutdown()
        self._thread.join(5)
        self.server_close()
