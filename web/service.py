"""The web door as a service of `callcenter run`: serves in a thread of its own."""

from __future__ import annotations

import threading

import structlog

from callcenter.runtime import Runtime
from web.app import create_app, realtime_of
from web.server import GeventServer, Server, ThreadedServer

log = structlog.get_logger(__name__)


class WebService:
    name = "web"

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self._stopping = False
        self.failed = threading.Event()
        self.failure = ""

    @property
    def port(self) -> int:
        """The port really taken: WEB_BIND may ask for 0, any free one."""
        return self._server.port if self._server else 0

    def start(self) -> None:
        self.app = create_app(self._runtime)
        kind = GeventServer if self._runtime.settings.web_async == "gevent" else ThreadedServer
        self._server = kind(self.app, self._runtime.settings.web_bind)
        realtime_of(self.app).start()
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)
        self._thread.start()

    def stop(self, timeout: float) -> None:
        self._stopping = True
        if self._server is None or self._thread is None:
            return
        realtime_of(self.app).stop()
        self._server.stop()
        self._thread.join(timeout)

    def _serve(self) -> None:
        assert self._server is not None  # noqa: S101 - set by start, which runs this
        try:
            self._server.serve()
        except Exception as error:
            self.failure = f"the web server died: {error!r}"
            log.exception("web.died")
        finally:
            if not self._stopping:
                self.failed.set()
