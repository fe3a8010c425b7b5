"""Sends a webhook's deliveries. The name is looked up once, its addresses are checked, and it is a
checked address that is connected to: a name that points elsewhere a moment later changes nothing.
Redirects are not followed, for the same reason.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from callcenter.errors import Invalid
from callcenter.webhooks.target import Network, Target, allowed_addresses, parse_target
from callcenter.webhooks.webhook import Answer

_SECONDS: Final = 10.0
_INSIDE: Final = "the address is inside a private network; name the network in WEBHOOK_NETWORKS"


class HttpSender:
    """`networks` are those inside that may be reached all the same."""

    def __init__(self, networks: Sequence[Network] = (), seconds: float = _SECONDS) -> None:
        self._networks = tuple(networks)
        self._seconds = seconds
        self._tls = ssl.create_default_context()

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        try:
            target = parse_target(url)
            addresses = allowed_addresses(_resolve(target), self._networks)
            if not addresses:
                return Answer(0, _INSIDE)
            return self._post(target, addresses[0], headers, body)
        except Invalid as error:
            return Answer(0, error.message)
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            return Answer(0, _words(error))

    def _post(
        self, target: Target, address: str, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        connection = http.client.HTTPConnection(target.host, target.port, timeout=self._seconds)
        plain = socket.create_connection((address, target.port), self._seconds)
        connection.sock = (
            self._tls.wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False)
            if target.scheme == "https"
            else plain
        )
        end = threading.Timer(2 * self._seconds, _cut, [connection.sock])
        end.daemon = True
        end.start()
        try:
            if isinstance(connection.sock, ssl.SSLSocket):
                connection.sock.do_handshake()
            connection.request("POST", target.path, body, {**headers, "Host": target.host_header})
            status = connection.getresponse().status
        finally:
            end.cancel()
            connection.close()
            plain.close()
        return Answer(status, "" if 200 <= status < 300 else f"the receiver answered {status}")


def _cut(connected: socket.socket) -> None:
    """A receiver that answers letter by letter is never late by the clock of each single read."""
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _resolve(target: Target) -> list[str]:
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    return [str(address[4][0]) for address in found]


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, socket.gaierror | UnicodeError):
        return "the name cannot be resolved"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not accepted: {error.verify_message}"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    return f"{type(error).__name__}: {error}"[:200]
