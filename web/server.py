"""The servers that carry the application: threads by default, greenlets when asked.

Threads: Werkzeug's threaded server. It is the only embeddable pure-Python server that hands the
raw socket to simple-websocket (`werkzeug.socket`); waitress and cheroot do not, and gunicorn
wants to own the process. One thread per connection is right up to about 300 operators
(docs/adr). What its authors warn of is the debugger and reloader, which are not used here, and
its want of limits, which are set here: connections, idle time, no access log.

Greenlets: gevent's pywsgi, one process per worker behind sticky sessions.
"""

from __future__ import annotations

import errno
import socket
import threading
from typing import Any, Protocol

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from callcenter.runtime import StartupError
from callcenter.settings import BindAddress

MAX_CONNECTIONS = 2000
IDLE_SECONDS = 30


class Server(Protocol):
    port: int

    def serve(self) -> None:
        """Serve until `stop`; returns or raises when it no longer does."""
        ...

    def stop(self) -> None: ...


class _Handler(WSGIRequestHandler):
    timeout = IDLE_SECONDS  # a peer that connects and says nothing does not keep a thread
    protocol_version = "HTTP/1.1"

    def version_string(self) -> str:
        return "callcenter"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Silent: requests are counted by the metrics, failures logged by the application."""

    def log_error(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Silent: a browser that goes away in mid-answer is no fault."""

    def make_environ(self) -> dict[str, Any]:
        environ = super().make_environ()
        if environ.get("HTTP_UPGRADE", "").lower() == "websocket":
            self.connection.settimeout(None)  # Engine.IO's own ping notices a dead peer
        return environ


class _BoundedServer(ThreadedWSGIServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._slots = threading.BoundedSemaphore(MAX_CONNECTIONS)
        super().__init__(*args, **kwargs)

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._slots.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke off concerns nobody; the application logs its own errors."""


class ThreadedServer:
    def __init__(self, app: Flask, bind: BindAddress) -> None:
        listener = listen(bind)
        self.port = int(listener.getsockname()[1])
        self._server = _BoundedServer(bind.host, self.port, app, _Handler, fd=listener.fileno())
        listener.close()  # the server holds a duplicate

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.2)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class GeventServer:
    def __init__(self, app: Flask, bind: BindAddress) -> None:
        from gevent import monkey, pywsgi  # noqa: PLC0415 - only when asked for

        if not monkey.is_module_patched("socket"):
            raise StartupError(
                "WEB_ASYNC=gevent needs the process to be patched before anything is loaded. "
                "Run web alone: callcenter run web"
            )
        listener = listen(bind)
        self.port = int(listener.getsockname()[1])
        handler = _gevent_handler()
        options = {"handler_class": handler} if handler else {}
        self._server = pywsgi.WSGIServer(listener, app, log=None, error_log=None, **options)

    def serve(self) -> None:
        self._server.serve_forever()

    def stop(self) -> None:
        self._server.stop(timeout=1)


def _gevent_handler() -> Any:
    """Engine.IO insists on gevent-websocket's handler wherever that library is installed."""
    try:
        from geventwebsocket.handler import WebSocketHandler  # noqa: PLC0415
    except ImportError:
        return None
    return WebSocketHandler


def listen(bind: BindAddress) -> socket.socket:
    family = socket.AF_INET6 if ":" in bind.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((bind.host, bind.port))
    except OSError as error:
        listener.close()
        raise StartupError(_words(error, bind)) from error
    listener.listen(256)
    return listener


def _words(error: OSError, bind: BindAddress) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {bind.port} on {bind.host} is in use by another program. Stop it "
            f"(`ss -ltnp 'sport = :{bind.port}'` shows it) or set WEB_BIND to another port."
        )
    return (
        f"Cannot listen on {bind} ({error.strerror}). Set WEB_BIND to an address of this machine."
    )
