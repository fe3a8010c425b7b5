"""From the bus to browsers: which sockets there are, whose they are, and what each has been told.

One subscription to the bus per process. Every socket is numbered by itself: a `snapshot` carries
`seq` n, each later event n+1; a browser that misses a number asks for a new snapshot. While a
snapshot is being read, events for that socket wait and follow it, so that between snapshot and
events there is no hole (an event may repeat what the snapshot shows: events carry whole state).

A slow browser is not buffered for ever: beyond a bound its events are dropped and it gets a fresh
snapshot once it has caught up.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from flask import Flask, request
from flask_login import current_user
from flask_socketio import ConnectionRefusedError as Refused
from flask_socketio import SocketIO

from callcenter.queries import rights as rights_queries
from callcenter.queries import users as user_queries
from callcenter.realtime.messages import Message
from callcenter.rights.viewer import Viewer
from callcenter.runtime import Runtime
from callcenter.services.staffing import STAFFING_CHANGED
from web import hearing, wire
from web.access import allow, allowed_roles
from web.board_watch import BoardWatch
from web.queue_watch import QueueWatch
from web.security import OriginRule
from web.session import OpenSession, SessionUser, current_session, session_user
from web.viewer import the_viewer

log = structlog.get_logger(__name__)

BACKLOG = 256
SESSION_CHECK_SECONDS = 20.0
SESSIONS_CHANGED = "sessions_changed"
"""`message` payload type that never reaches a browser: look at once whose session has ended."""


@dataclass(slots=True, eq=False)
class Listener:
    """One socket. `waiting` holds events while its snapshot is read; None when it is live."""

    sid: str
    user: SessionUser
    viewer: Viewer
    session: OpenSession
    lock: threading.Lock = field(default_factory=threading.Lock)
    seq: int = 0
    waiting: list[Message] | None = field(default_factory=list)
    lagging: bool = False

    def may_hear(self, message: Message) -> bool:
        audience = message.audience
        return self.user.id in audience.users or self.user.role in audience.roles

    def as_heard(self, message: Message) -> Message | None:
        """What they may know of it; None if nothing."""
        return hearing.heard(self.viewer, message) if self.may_hear(message) else None


class Realtime:
    def __init__(self, runtime: Runtime, app: Flask) -> None:
        self._runtime, self._app = runtime, app
        self._lock = threading.Lock()
        self._listeners: dict[str, Listener] = {}
        self._wanted: dict[str, Listener] = {}
        self._wake = threading.Condition()
        self._unsubscribe: Callable[[], None] | None = None
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []
        self._next_session_check = 0.0
        self._queues = QueueWatch(runtime, self._hand_out)
        self.socketio = SocketIO(
            app,
            async_mode=runtime.settings.web_async,
            cors_allowed_origins=OriginRule(runtime.settings.web_origins),
            manage_session=False,
            max_http_buffer_size=64 * 1024,
            ping_interval=20,
            ping_timeout=20,
        )
        self._boards = BoardWatch(runtime, self.socketio, self._has_ended)
        self.socketio.on_event("connect", self._on_connect)
        self.socketio.on_event("disconnect", self._on_disconnect)
        self._on("resync", self._on_resync)
        self._on("clock", self._on_clock)
        app.extensions["callcenter_realtime"] = self

    # --- life ---------------------------------------------------------------------------------

    def start(self) -> None:
        self._unsubscribe = self._runtime.bus.subscribe(self.deliver, self._on_gap)
        for name, work in (("snapshots", self._make_snapshots), ("housekeeping", self._keep_house)):
            thread = threading.Thread(target=work, name=f"realtime-{name}", daemon=True)
            thread.start()
            self._threads.append(thread)
        self._queues.start()
        self._boards.start()

    def stop(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._queues.stop()
        self._boards.stop()
        self._stopped.set()
        with self._wake:
            self._wake.notify_all()
        for thread in self._threads:
            thread.join(2)
        for listener in self.listeners():
            self._disconnect(listener)

    def listeners(self) -> list[Listener]:
        with self._lock:
            return list(self._listeners.values())

    # --- events of the sockets ------------------------------------------------------------------

    def _on(self, event: str, handler: Callable[..., Any]) -> None:
        """Register an event; the role is checked at every single one, not only at connect."""

        def checked(*arguments: Any) -> Any:
            listener = self._listeners.get(_sid())
            if listener is None or listener.user.role not in allowed_roles(handler):
                return {"error": "forbidden"}
            return handler(listener, *arguments)

        self.socketio.on_event(event, checked)

    def _on_connect(self, _auth: object = None) -> None:
        try:
            self._let_in()
        except Refused:
            raise
        except Exception as error:
            # Without an answer the page would wait for ever. It comes again by itself.
            log.warning("realtime.not_let_in", error=repr(error))
            raise Refused("later") from error

    def _let_in(self) -> None:
        if not current_user.is_authenticated:
            raise Refused("signed_out")
        if request.headers.get("Upgrade") and not request.headers.get("Origin"):
            # Every browser names the origin of a websocket; who does not is no page of ours.
            raise Refused("no_origin")
        user: SessionUser = current_user._get_current_object()
        listener = Listener(_sid(), user, the_viewer(), current_session())
        with self._lock:
            self._listeners[listener.sid] = listener
        self.refresh([listener])

    def _on_disconnect(self, _reason: object = None) -> None:
        with self._lock:
            self._listeners.pop(_sid(), None)

    @allow()
    def _on_resync(self, listener: Listener, *_ignored: Any) -> None:
        self.refresh([listener])

    @allow()
    def _on_clock(self, _listener: Listener, *_ignored: Any) -> dict[str, float]:
        return {"server_time": self._runtime.clock.now().timestamp() * 1000}

    # --- from the bus ---------------------------------------------------------------------------

    def _on_gap(self) -> None:
        self.refresh_all()
        self._boards.lost()

    def deliver(self, message: Message) -> None:
        self._boards.hear(message)
        if message.kind == "message" and message.payload.get("type") == SESSIONS_CHANGED:
            self._next_session_check = 0.0
            return
        if message.kind == "message" and message.payload.get("type") == STAFFING_CHANGED:
            self._next_session_check = 0.0  # whose queues are one's team's may be others now
        self._hand_out(message)
        self._queues.hear(message)

    def _hand_out(self, message: Message) -> None:
        for listener in self.listeners():
            heard = listener.as_heard(message)
            if heard is not None:
                self._tell(listener, heard)

    def _tell(self, listener: Listener, message: Message) -> None:
        with listener.lock:
            if listener.waiting is not None:
                listener.waiting.append(message)
            elif listener.lagging or self._backlog(listener) > BACKLOG:
                listener.lagging = True
            else:
                self._emit(listener, message.kind, wire.event(message, self._region))

    def _emit(self, listener: Listener, kind: str, payload: Mapping[str, Any]) -> None:
        listener.seq += 1
        self.socketio.emit(kind, {**payload, "seq": listener.seq}, to=listener.sid)

    # --- snapshots ------------------------------------------------------------------------------

    def refresh_all(self) -> None:
        self.refresh(self.listeners())

    def refresh(self, listeners: Iterable[Listener]) -> None:
        """Ask for a new snapshot; asking twice before it is made gives one."""
        with self._wake:
            self._wanted.update((one.sid, one) for one in listeners)
            self._wake.notify()

    def _make_snapshots(self) -> None:
        while not self._stopped.is_set():
            with self._wake:
                while not self._wanted and not self._stopped.is_set():
                    self._wake.wait()
                batch, self._wanted = list(self._wanted.values()), {}
            failed = [one for one in batch if not self._try_snapshot(one)]
            if failed and not self._stopped.wait(1.0):
                self.refresh(failed)

    def _try_snapshot(self, listener: Listener) -> bool:
        if listener.sid not in self._listeners:
            return True
        try:
            self._snapshot(listener)
        except Exception:
            log.exception("realtime.snapshot_failed", user_id=listener.user.id)
            return False
        return True

    def _snapshot(self, listener: Listener) -> None:
        with listener.lock:
            listener.waiting = []
        with self._runtime.reader() as connection:
            payload = wire.snapshot(
                connection, listener.user, listener.viewer, self._runtime.clock, self._region
            )
        self._queues.forget()
        with listener.lock:
            self._emit(listener, "snapshot", payload)
            waited, listener.waiting, listener.lagging = listener.waiting, None, False
            for message in waited or ():
                self._emit(listener, message.kind, wire.event(message, self._region))

    # --- housekeeping ---------------------------------------------------------------------------

    def _keep_house(self) -> None:
        while not self._stopped.wait(0.5):
            try:
                self._refresh_recovered()
                if time.monotonic() >= self._next_session_check:
                    self._next_session_check = time.monotonic() + SESSION_CHECK_SECONDS
                    self.end_dead_sessions()
            except Exception:
                log.exception("realtime.housekeeping_failed")

    def _refresh_recovered(self) -> None:
        lagging = [one for one in self.listeners() if one.lagging]
        self.refresh(one for one in lagging if self._backlog(one) == 0)

    def end_dead_sessions(self) -> None:
        """Cut the sockets of whoever logged out, was deactivated, raised their epoch or is logged
        in for too long; whose rights or teams changed begins anew with what they may see now."""
        listeners = self.listeners()
        if not listeners:
            return
        with self._runtime.reader() as connection:
            users = {row.id: row for row in user_queries.all(connection)}
            here = [users[one] for one in {one.user.id for one in listeners} if one in users]
            viewers = rights_queries.viewers(connection, here)
        for listener in listeners:
            row = users.get(listener.user.id)
            if row is None or self._has_ended(listener.session, row):
                self._disconnect(listener)
            elif viewers[row.id] != listener.viewer:
                listener.user, listener.viewer = session_user(row), viewers[row.id]
                self.refresh([listener])

    def _has_ended(self, opened: OpenSession, row: Any) -> bool:
        revoked = self._app.extensions["revoked_sessions"]
        return opened.has_ended(row, self._runtime.clock.now(), revoked)

    def _disconnect(self, listener: Listener) -> None:
        with self._lock:
            self._listeners.pop(listener.sid, None)
        if self.socketio.server is not None:
            self.socketio.server.disconnect(listener.sid)

    def _backlog(self, listener: Listener) -> int:
        """Packets that wait to be written to this socket."""
        server: Any = self.socketio.server
        eio_sid = server.manager.eio_sid_from_sid(listener.sid, "/")
        socket = server.eio.sockets.get(eio_sid)
        return int(socket.queue.qsize()) if socket is not None else 0

    @property
    def _region(self) -> str:
        return self._runtime.settings.default_region


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]
