"""A few lines of manager protocol for tests that ask Asterisk itself."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Self

from ami.lab.pbx import LabPbx

Message = dict[str, str]


class ManagerUser:
    def __init__(self, pbx: LabPbx, name: str, secret: str) -> None:
        self._socket = socket.create_connection((pbx.plan.manager_bind, pbx.plan.ports.ami), 10)
        self._file = self._socket.makefile("rwb")
        self._file.readline()
        self.logged_in = self.ask("Login", Username=name, Secret=secret)

    def ask(self, action: str, **headers: str) -> Message:
        """The response to an action; events that come in between are passed over."""
        lines = [f"Action: {action}", *(f"{name}: {value}" for name, value in headers.items())]
        self._file.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        self._file.flush()
        while True:
            message = self.next()
            if "Response" in message:
                return message

    def next(self) -> Message:
        message: Message = {}
        for line in self._file:
            name, colon, value = line.decode("utf-8", "replace").rstrip("\r\n").partition(": ")
            if not name and message:
                return message
            if colon:
                message[name] = value
        raise EOFError

    def events_until(self, name: str) -> list[Message]:
        events: list[Message] = []
        while not events or events[-1].get("Event") != name:
            events.append(self.next())
        return events

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self._socket.close()


def listener(pbx: LabPbx) -> ManagerUser:
    return ManagerUser(pbx, "callcenter", pbx.plan.manager.listener)


def originator(pbx: LabPbx) -> ManagerUser:
    return ManagerUser(pbx, "callcenter-originate", pbx.plan.manager.originate)
