"""Wallboards over the socket: one board for each process, tiles that changed, only to who watches.

Watchers have a namespace of their own, so that a screen on a wall, which has nothing but its token,
hears boards and nothing else. A tile is told at most twice a second, whatever happens.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final

import structlog
from flask import request
from flask_login import current_user
from flask_socketio import ConnectionRefusedError as Refused
from flask_socketio import SocketIO
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from callcenter.errors import ProductError
from callcenter.queries import boards as board_queries
from callcenter.queries import rights as rights_queries
from callcenter.queries import users as user_queries
from callcenter.realtime.messages import Message
from callcenter.rights.viewer import Viewer
from callcenter.runtime import Runtime
from callcenter.services.boards import hash_of, saw_wall
from callcenter.wallboard.figures import Figures, figures
from callcenter.wallboard.tiles import about, tiles
from web import board_feeds
from web.board_crowd import NAMESPACE, BoardCrowd
from web.board_feeds import Feed, Watcher
from web.board_reader import BoardReader
from web.session import OpenSession, SessionUser, current_session
from web.viewer import the_viewer

log = structlog.get_logger(__name__)

BETWEEN: Final = 0.5
"""Seconds between two frames of a feed: each of its tiles changes at most twice a second."""

IsOver = Callable[[OpenSession, Any], bool]
"""(session, its user's row) → whether it has ended."""
MOST_SCREENS: Final = 20
"""That one address of a wall may open here: somebody who found it can take no more."""


class BoardWatch:
    def __init__(self, runtime: Runtime, socketio: SocketIO, is_over: IsOver) -> None:
        self._runtime, self._is_over = runtime, is_over
        self._crowd = BoardCrowd(socketio, self._about)
        self._due, self._stopped = threading.Event(), threading.Event()
        self._seen: deque[int] = deque()
        self._reader = BoardReader(
            runtime, self._crowd, self.review, self._due.set, self._note_seen
        )
        self._thread = threading.Thread(target=self._run, name="realtime-boards", daemon=True)
        socketio.on_event("connect", self._on_connect, namespace=NAMESPACE)
        socketio.on_event("disconnect", self._on_disconnect, namespace=NAMESPACE)
        socketio.on_event("again", self._on_again, namespace=NAMESPACE)
        socketio.on_event("clock", self._on_clock, namespace=NAMESPACE)

    # --- life -----------------------------------------------------------------------------------

    def start(self) -> None:
        self._reader.start()
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._due.set()
        self._reader.stop()
        if self._thread.is_alive():
            self._thread.join(2)
        for watcher in self._crowd.watching():
            self._crowd.cut(watcher)

    def _about(self) -> dict[str, Any]:
        return self._reader.about()

    def hear(self, message: Message) -> None:
        self._reader.hear(message)

    def lost(self) -> None:
        self._reader.lost()

    # --- events of the sockets ------------------------------------------------------------------

    def _on_connect(self, auth: object = None) -> None:
        """Whoever gets no answer waits for ever: what fails is told as well, and tried again."""
        try:
            self._admit(auth if isinstance(auth, dict) else {})
        except Refused:
            raise
        except Exception as error:
            log.warning("wallboard.not_admitted", error=type(error).__name__)
            raise Refused("later") from error
        self._due.set()
        self._reader.wake()

    def _admit(self, told: dict[str, Any]) -> None:
        if request.headers.get("Upgrade") and not request.headers.get("Origin"):
            raise Refused("no_origin")
        token = told.get("token")
        watcher = self._wall(str(token)) if token else self._user(told.get("board"))
        with self._runtime.reader() as connection:
            view = board_feeds.view_of(watcher, board_feeds.layouts(connection))
            if view is None:
                known = board_queries.get(connection, watcher.board_id) is not None
                raise Refused("rests" if watcher.wall_id and known else "gone")
        self._crowd.add(watcher, view)

    def _wall(self, token: str) -> Watcher:
        with self._runtime.reader() as connection:
            wall = board_queries.wall_of(connection, hash_of(token))
            maker = self._maker(connection, wall.maker_id) if wall is not None else None
        if wall is None:
            raise Refused("revoked")
        if sum(one.wall_id == wall.id for one in self._crowd.watching()) >= MOST_SCREENS:
            raise Refused("full")
        self._seen.append(wall.id)
        return Watcher(_sid(), wall.board_id, wall_id=wall.id, maker_id=wall.maker_id, viewer=maker)

    def _maker(self, connection: Connection, user_id: int | None) -> Viewer | None:
        row = user_queries.by_id(connection, user_id) if user_id is not None else None
        return board_feeds.viewer_of(connection, row)

    def _user(self, board: object) -> Watcher:
        if not current_user.is_authenticated:
            raise Refused("signed_out")
        user: SessionUser = current_user._get_current_object()
        board_id = board if isinstance(board, int) else 0
        return Watcher(
            _sid(),
            board_id,
            user=user,
            viewer=the_viewer(),
            session=current_session(),
        )

    def _on_disconnect(self, _reason: object = None) -> None:
        self._crowd.drop(_sid())

    def _on_again(self, *_ignored: object) -> None:
        self._crowd.tell_whole(_sid())

    def _on_clock(self, *_ignored: object) -> dict[str, float]:
        """What a screen's clock is set by, and the sign of life that it asks for."""
        return {"server_time": self._runtime.clock.now().timestamp() * 1000}

    # --- the thread that tells --------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._due.wait(BETWEEN if self._crowd else None)
            self._due.clear()
            if self._stopped.is_set():
                return
            try:
                self._turn()
            except Exception:
                log.exception("wallboard.failed")
            self._stopped.wait(BETWEEN)

    def _turn(self) -> None:
        if self._crowd:
            self._reader.echo.ask()
        if self._reader.state.is_made:
            counts = self._reader.counts
            self._tell([one for one in self._crowd.feeds() if counts.knows(one.view.layout.zone)])

    def _tell(self, feeds: list[Feed]) -> None:
        state, troubles = self._reader.state, self._reader.troubles()
        now, board, setup = self._runtime.clock.now(), state.copy(), state.setup
        made: dict[tuple[Any, ...], Figures] = {}
        for feed in feeds:
            view, layout = feed.view, feed.view.layout
            key = (layout.queues, layout.team_id, view.teams)
            if key not in made:
                team = view.people(setup)
                within = team if view.teams is not None else None
                made[key] = figures(
                    board, setup, now, queues=layout.queues, team=team, within=within
                )
            counted = self._reader.counts.of(layout.zone)
            told = tiles(made[key], counted, setup, view.shown, view.alerts_of)
            told |= {"board": about(layout), "troubles": troubles}
            self._crowd.tell(feed, told)

    # --- who may still watch ----------------------------------------------------------------------

    def review(self) -> None:
        """Cut whose session or token has ended and who cannot keep up; boards that were changed
        are shown as they are now."""
        watching = self._crowd.watching()
        with self._runtime.reader() as connection:
            layouts = board_feeds.layouts(connection)
            walls = board_queries.working_walls(connection)
            users = {row.id: row for row in user_queries.all(connection)}
            people = {one.person_id for one in watching if one.person_id is not None}
            here = [users[one] for one in people if one in users and users[one].active]
            viewers = rights_queries.viewers(connection, here)
        for watcher in watching:
            watcher.viewer = viewers.get(watcher.person_id or 0)
            view = board_feeds.view_of(watcher, layouts)
            ended = view is None or self._has_ended(watcher, walls, users)
            if view is None or ended or self._crowd.lags(watcher):
                self._crowd.cut(watcher)
            else:
                self._crowd.move(watcher, view)

    def _note_seen(self) -> None:
        """Which screens opened. None is kept dark because nothing can be written just now."""
        while self._seen:
            wall_id = self._seen.popleft()
            try:
                saw_wall(
                    wall_id, unit_of_work=self._runtime.unit_of_work, clock=self._runtime.clock
                )
            except (ProductError, SQLAlchemyError) as error:
                log.warning("wallboard.seen_not_noted", error=type(error).__name__)

    def _has_ended(self, watcher: Watcher, walls: frozenset[int], users: dict[int, Any]) -> bool:
        if watcher.user is None or watcher.session is None:
            return watcher.wall_id not in walls
        return self._is_over(watcher.session, users.get(watcher.user.id))


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]
