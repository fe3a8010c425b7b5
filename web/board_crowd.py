"""Everybody who watches a wallboard here, by feed, and the frames that each feed is told.

Each frame is numbered within its feed; whoever misses one asks for the whole again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import count
from typing import Any, Final

from flask_socketio import SocketIO
from prometheus_client import Gauge

from callcenter.wallboard.tiles import Tiles, changed
from web import board_feeds
from web.board_feeds import Feed, View, Watcher

NAMESPACE: Final = "/wallboard"
HEARTBEAT: Final = 5.0
"""A frame without changes says that the data is fresh."""
BACKLOG: Final = 64
"""Frames that may wait for one socket; who is further behind is cut, and begins anew."""
_WATCHERS = Gauge("callcenter_wallboard_watchers", "Screens that watch a wallboard here")


class BoardCrowd:
    """`about`: what each frame says of the age of its data. May be used from any thread."""

    def __init__(self, socketio: SocketIO, about: Callable[[], dict[str, Any]]) -> None:
        self._socketio, self._about = socketio, about
        self._lock = threading.RLock()
        self._watchers: dict[str, Watcher] = {}
        self._feeds: dict[View, Feed] = {}
        self._rooms = count(1)

    def __len__(self) -> int:
        return len(self._watchers)

    def watching(self) -> list[Watcher]:
        with self._lock:
            return list(self._watchers.values())

    def feeds(self) -> list[Feed]:
        with self._lock:
            return list(self._feeds.values())

    # --- coming and going -------------------------------------------------------------------------

    def add(self, watcher: Watcher, view: View) -> None:
        with self._lock:
            self._watchers[watcher.sid] = watcher
            self._join(watcher, view)

    def drop(self, sid: str) -> None:
        """Of a socket that is closed."""
        with self._lock:
            watcher = self._watchers.pop(sid, None)
            if watcher is not None:
                self._leave(watcher)

    def move(self, watcher: Watcher, view: View) -> None:
        """To what they may see now, if that is something else."""
        with self._lock:
            feed = self._feed_of(watcher.sid)
            if feed is not None and feed.view != view:
                self._server.leave_room(watcher.sid, feed.room, namespace=NAMESPACE)
                self._leave(watcher)
                self._join(watcher, view)

    def cut(self, watcher: Watcher) -> None:
        with self._lock:
            self._watchers.pop(watcher.sid, None)
            self._leave(watcher)
        self._server.disconnect(watcher.sid, namespace=NAMESPACE)

    def lags(self, watcher: Watcher) -> bool:
        """Whether frames pile up before their socket."""
        eio_sid = self._server.manager.eio_sid_from_sid(watcher.sid, NAMESPACE)
        socket = self._server.eio.sockets.get(eio_sid)
        return socket is not None and int(socket.queue.qsize()) > BACKLOG

    # --- telling ----------------------------------------------------------------------------------

    def tell(self, feed: Feed, told: Tiles) -> None:
        """The tiles that have changed; none, once in a while."""
        with self._lock:
            news = changed(feed.told, told)
            if not news and time.monotonic() - feed.told_at < HEARTBEAT:
                return
            first = not feed.told
            feed.told, feed.told_at = told, time.monotonic()
            feed.seq += 1
            self._emit(feed, {"tiles": news, "whole": first}, feed.room)

    def tell_whole(self, sid: str) -> None:
        with self._lock:
            feed = self._feed_of(sid)
            if feed is not None and feed.told:
                self._tell_whole(feed, sid)

    def _tell_whole(self, feed: Feed, sid: str) -> None:
        self._emit(feed, {"tiles": feed.told, "whole": True}, sid)

    def _emit(self, feed: Feed, payload: dict[str, Any], to: str) -> None:
        frame = board_feeds.header({**payload, **self._about()}, feed)
        self._socketio.emit("wallboard", frame, namespace=NAMESPACE, to=to)

    # --- under the lock ---------------------------------------------------------------------------

    def _join(self, watcher: Watcher, view: View) -> None:
        feed = self._feeds.get(view)
        if feed is None:
            feed = self._feeds[view] = Feed(view, room=f"feed-{next(self._rooms)}")
        feed.sids.add(watcher.sid)
        self._server.enter_room(watcher.sid, feed.room, namespace=NAMESPACE)
        if feed.told:
            self._tell_whole(feed, watcher.sid)
        _WATCHERS.set(len(self._watchers))

    def _leave(self, watcher: Watcher) -> None:
        feed = self._feed_of(watcher.sid)
        if feed is not None:
            feed.sids.discard(watcher.sid)
            if not feed.sids:
                del self._feeds[feed.view]
        _WATCHERS.set(len(self._watchers))

    def _feed_of(self, sid: str) -> Feed | None:
        return next((feed for feed in self._feeds.values() if sid in feed.sids), None)

    @property
    def _server(self) -> Any:
        return self._socketio.server
