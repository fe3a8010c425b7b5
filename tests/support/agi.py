"""Plays Asterisk's side of a FastAGI session, well or badly, over a real socket."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

_SET = re.compile(r'SET VARIABLE "(\w+)" "(.*)"')
_SET_ALL = re.compile(r'EXEC MSet "(.*)"')


def head(script: str = "route", **fields: str) -> bytes:
    """What Asterisk sends first. Field names without `agi_`."""
    env = {
        "network": "yes",
        "network_script": script,
        "request": f"agi://127.0.0.1/{script}",
        "channel": "PJSIP/trunk-00000001",
        "uniqueid": "lab-1700000000.1",
        "callerid": "+48601000001",
        "calleridname": "unknown",
        "callingpres": "0",
        "dnid": "+48221000001",
        "extension": "+48221000001",
        **fields,
    }
    return "".join(f"agi_{name}: {value}\n" for name, value in env.items()).encode() + b"\n"


def variables_in(command: str) -> dict[str, str]:
    """What this command sets: one variable, or all that MSet() takes apart."""
    if match := _SET.fullmatch(command):
        return {match[1]: match[2]}
    if match := _SET_ALL.fullmatch(command):
        return dict(pair.split("=", 1) for pair in match[1].split(","))
    return {}


class Caller:
    """One connection. `variables` keeps what was set, in order."""

    def __init__(self, port: int, timeout: float = 20.0) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self._file = self.socket.makefile("rb")
        self.variables: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read(self) -> str:
        """The next line, '' at the end. A connection cut off counts as its end."""
        try:
            return self._file.readline().decode()
        except ConnectionResetError:
            return ""

    def answer_all(self, reply: bytes = b"200 result=1\n") -> dict[str, str]:
        """Reply to every command until the server closes, as Asterisk does."""
        while line := self.read():
            self.variables.update(variables_in(line.strip()))
            try:
                self.send(reply)
            except ConnectionError:
                break
        return self.variables


@contextmanager
def caller(port: int, script: str = "route", **fields: str) -> Iterator[Caller]:
    """A caller whose request has been sent."""
    with Caller(port) as one:
        one.send(head(script, **fields))
        yield one


def ask(port: int, script: str = "route", **fields: str) -> dict[str, str]:
    """The variables that a well-behaved Asterisk gets."""
    with caller(port, script, **fields) as one:
        return one.answer_all()
