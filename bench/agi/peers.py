"""Peers, each setting the same five variables and looking nothing up; they print their port.

python -m bench.agi.peers panoramisk|pyst2-threads
"""

from __future__ import annotations

import asyncio
import io
import socketserver
import sys
from typing import Any, BinaryIO

from asterisk.agi import AGI
from panoramisk.fast_agi import Application

from bench.agi.pyst2_script import VARIABLES


async def panoramisk() -> None:
    application = Application()
    application.add_route("route", _route)
    server = await asyncio.start_server(application.handler, "127.0.0.1", 0, backlog=1024)
    print(f"port {server.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.Event().wait()


async def _route(request: Any) -> None:
    for name, value in VARIABLES.items():
        await request.send_command(f'SET VARIABLE "{name}" "{value}"')


class Threaded(AGI):  # type: ignore[misc]  # pyst2 has no types
    """What it takes to run pyst2 off the main thread and on a socket at all."""

    def __init__(self, stdin: BinaryIO, stdout: io.TextIOBase) -> None:
        self.stdin, self.stdout, self.stderr = stdin, stdout, io.StringIO()
        self._got_sighup = False
        self.env: dict[str, str] = {}
        self._get_agi_env()


class Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        agi = Threaded(self.rfile, io.TextIOWrapper(self.wfile, write_through=True))
        for name, value in VARIABLES.items():
            agi.set_variable(name, value)


class Server(socketserver.ThreadingTCPServer):
    request_queue_size = 1024
    daemon_threads = True


def pyst2_threads() -> None:
    with Server(("127.0.0.1", 0), Handler) as server:
        print(f"port {server.server_address[1]}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1] == "panoramisk":
        asyncio.run(panoramisk())
    else:
        pyst2_threads()
