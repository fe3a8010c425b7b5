"""Deliveries over real sockets: what arrives, what is refused, and what hangs."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_network

import pytest

from ami.lab.ports import free_tcp_port
from callcenter.gateways.webhook_http import HttpSender
from tests.support.receiver import Receiver

HERE = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.shutdown()
    server.server_close()


def test_what_is_sent_arrives_as_it_was(receiver: Receiver) -> None:
    sent = '{"a":"ż"}'.encode()
    assert HttpSender(HERE).send(receiver.url("/hook?key=1"), {"webhook-id": "m"}, sent).arrived
    ((path, headers, body),) = receiver.got
    assert (path, headers["webhook-id"], body) == ("/hook?key=1", "m", sent)
    assert headers["Host"] == f"127.0.0.1:{receiver.server_address[1]}"


def test_what_the_receiver_says_is_told(receiver: Receiver) -> None:
    sender = HttpSender(HERE)
    assert sender.send(receiver.url("/500"), {}, b"{}").status == 500
    assert sender.send(receiver.url("/gone"), {}, b"{}").gone


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    answer = HttpSender(HERE).send(receiver.url("/redirect"), {}, b"{}")
    assert (answer.status, answer.arrived) == (302, False)
    assert [path for path, _, _ in receiver.got] == ["/redirect"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "127.1"])
def test_nothing_inside_is_ever_connected_to(receiver: Receiver, host: str) -> None:
    answer = HttpSender().send(receiver.url(host=host), {}, b"{}")
    assert answer.status == 0
    assert answer.error
    assert receiver.got == []


def test_a_name_that_is_not_there_and_a_closed_port_are_said_in_words() -> None:
    closed = f"http://127.0.0.1:{free_tcp_port()}/"
    sender = HttpSender(HERE)
    assert sender.send(closed, {}, b"{}").error == "the connection was refused"
    assert "resolved" in sender.send("http://nowhere.invalid/", {}, b"{}").error


def test_a_receiver_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        answer = HttpSender(HERE, seconds=0.2).send(url, {}, b"{}")
    assert answer.error == "no answer in time"


def test_a_receiver_that_answers_letter_by_letter_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as slow:
        thread = threading.Thread(target=_drip, args=[slow], daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{slow.getsockname()[1]}/"
        answer = HttpSender(HERE, seconds=0.2).send(url, {}, b"{}")
        thread.join(10)
    assert (answer.status, thread.is_alive()) == (0, False)
    assert answer.error


def _drip(server: socket.socket) -> None:
    connected, _ = server.accept()
    with connected, suppress(OSError):
        connected.sendall(b"HTTP/1.1 ")
        while not select.select([connected], [], [], 0.02)[0] or connected.recv(4096):
            connected.sendall(b"x")


def test_a_name_that_no_resolver_takes_is_said_in_words() -> None:
    answer = HttpSender().send(f"http://{'a' * 64}.example/", {}, b"{}")
    assert answer.error == "the name cannot be resolved"


def test_a_receiver_that_speaks_no_tls_is_told_apart(receiver: Receiver) -> None:
    url = receiver.url().replace("http:", "https:")
    answer = HttpSender(HERE).send(url, {}, b"{}")
    assert answer.status == 0
    assert "SSL" in answer.error
    assert receiver.got == []
