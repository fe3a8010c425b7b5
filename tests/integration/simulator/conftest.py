"""The simulated PBX alone (`pbx`), and with the product behind it (`product`)."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from ami.lab.ports import free_tcp_port
from ami.simulator import SimulatedPbx
from tests.support.product import Product

Message = dict[str, str]


class ManagerClient:
    """A few lines of manager protocol, spoken slowly and by hand."""

    def __init__(self, pbx: SimulatedPbx) -> None:
        self.socket = socket.create_connection(("127.0.0.1", pbx.plan.ports.ami), 10)
        self._file = self.socket.makefile("rb")
        self.banner = self._file.readline()
        self._secret = pbx.plan.manager.listener

    def log_in(self, **changes: str) -> Message:
        return self.ask("Login", **{"Username": "callcenter", "Secret": self._secret, **changes})

    def ask(self, action: str, **headers: str) -> Message:
        """The response; events that come before it are passed over."""
        lines = [f"Action: {action}", *(f"{name}: {value}" for name, value in headers.items())]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return self.next("Response")

    def next(self, header: str) -> Message:
        while header not in (message := self._message()):
            pass
        return message

    def events_until(self, name: str) -> list[Message]:
        found = [self.next("Event")]
        while found[-1]["Event"] != name:
            found.append(self.next("Event"))
        return found

    def at_end(self) -> bool:
        """Whether the server has hung up; reads what it still said."""
        try:
            while self._file.read(65536):
                pass
        except ConnectionResetError:
            pass
        return True

    def _message(self) -> Message:
        message: Message = {}
        for line in self._file:
            name, colon, value = line.decode().rstrip("\r\n").partition(": ")
            if not name:
                return message
            if colon:
                message[name] = value
        raise EOFError

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


@pytest.fixture
def pbx() -> Iterator[SimulatedPbx]:
    """Nobody answers its FastAGI requests."""
    with SimulatedPbx(agi=("127.0.0.1", free_tcp_port())) as simulated:
        yield simulated


@pytest.fixture
def client(pbx: SimulatedPbx) -> Iterator[ManagerClient]:
    with ManagerClient(pbx) as one:
        yield one


@pytest.fixture
def product(sqlite_url: str, tmp_path: Path) -> Iterator[Product]:
    with Product(sqlite_url, tmp_path) as one:
        yield one


@pytest.fixture
def phone_company(product: Product) -> Iterator[SimulatedPbx]:
    """The simulated PBX that `product` listens to and decides for."""
    with SimulatedPbx(agi=product.agi) as simulated:
        product.listen(simulated.ami_url)
        yield simulated
