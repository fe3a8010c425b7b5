"""The bad network is as bad as it says: a harness whose faults do nothing would prove nothing."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.faults.proxy import Proxy


class _Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        while data := self.request.recv(1000):
            self.request.sendall(data)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Resets are what this is about."""


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with _Server(("127.0.0.1", 0), _Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        made = Proxy(server.server_address[1])
        yield made
        made.close()
        server.shutdown()


def _connect(proxy: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=10)


def _ask(connection: socket.socket) -> bytes:
    connection.sendall(b"hello")
    return connection.recv(100)


def test_a_healthy_proxy_passes_everything(proxy: Proxy) -> None:
    with closing(_connect(proxy)) as connection:
        assert _ask(connection) == b"hello"


def test_a_cut_resets_what_is_open_and_welcomes_what_is_new(proxy: Proxy) -> None:
    with closing(_connect(proxy)) as connection:
        assert _ask(connection) == b"hello"
        proxy.cut()
        with pytest.raises(ConnectionResetError):
            connection.recv(100)
    with closing(_connect(proxy)) as fresh:
        assert _ask(fresh) == b"hello"


def test_a_refusing_proxy_resets_every_new_connection(proxy: Proxy) -> None:
    proxy.refuse()
    with pytest.raises(OSError), closing(_connect(proxy)) as connection:  # noqa: PT012
        connection.sendall(b"hello")
        if not connection.recv(100):
            raise ConnectionResetError
    proxy.heal()
    with closing(_connect(proxy)) as connection:
        assert _ask(connection) == b"hello"


def test_a_half_open_connection_stays_and_hears_nothing_until_it_is_healed(proxy: Proxy) -> None:
    with closing(_connect(proxy)) as connection:
        assert _ask(connection) == b"hello"
        proxy.freeze()
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            _ask(connection)
        connection.settimeout(10)
        proxy.heal()
        assert connection.recv(100) == b"hello"
