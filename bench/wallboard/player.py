"""A server that is a recording: the page as it was, its frames at the pace they came, and the files
of the front end from whichever build is asked for."""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from mimetypes import guess_type
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, request
from simple_websocket import ConnectionClosed, Server
from werkzeug.serving import make_server

from bench.wallboard.recording import BOARD

_HASHED: Final = re.compile(r"^(.+)-[0-9a-f]{10}(\.\w+)$")
_KEPT: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_WELCOME: Final = '0{"sid":"bench","upgrades":[],"pingInterval":200000,"pingTimeout":200000}'


@contextmanager
def playing(recording: dict[str, Any], dist: Path) -> Iterator[str]:
    """The address of the page. `dist`: a folder as the build makes it, with its manifest."""
    app = _app(recording, dist)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{BOARD}/all"
    finally:
        server.shutdown()
        thread.join(5)


def _app(recording: dict[str, Any], dist: Path) -> Flask:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = Flask("player", static_folder=None)
    manifest: dict[str, str] = json.loads((dist / "manifest.json").read_text("utf-8"))

    @app.get("/static/dist/<name>")
    def file(name: str) -> Response:
        found = _HASHED.match(name)
        built = manifest.get(found[1] + found[2], name) if found else name
        content = (dist / built).read_bytes()
        return Response(content, mimetype=guess_type(built)[0], headers=_KEPT)

    @app.get(f"{BOARD}/all")
    def page() -> str:
        return str(recording["page"])

    @app.route("/socket.io/", websocket=True)
    def socket() -> Response:
        _play(Server.accept(request.environ), recording["frames"])
        return Response(status=204)

    return app


def _play(socket: Any, frames: list[list[Any]]) -> None:
    """Once both namespaces are joined, from the beginning."""
    joined: set[str] = set()
    ready, gone = threading.Event(), threading.Event()
    clock = _clock_of(frames)

    def read() -> None:
        try:
            while not gone.is_set():
                _answer(socket, str(socket.receive()), joined, clock)
                if len(joined) == 2:
                    ready.set()
        except ConnectionClosed:
            gone.set()
            ready.set()

    socket.send(_WELCOME)
    threading.Thread(target=read, daemon=True).start()
    ready.wait()
    began = time.monotonic()
    try:
        for at, text in frames:
            if gone.wait(max(0.0, began + at - time.monotonic())):
                return
            socket.send(text)
        gone.wait()
    except ConnectionClosed:
        return


def _answer(socket: Any, text: str, joined: set[str], clock: float) -> None:
    if text.startswith("40"):
        namespace = f"{BOARD}," if text.startswith(f"40{BOARD}") else ""
        joined.add(namespace)
        socket.send(f'40{namespace}{{"sid":"bench{len(joined)}"}}')
    elif found := re.match(r'42(\d+)\["clock"', text):
        socket.send(f'43{found[1]}[{{"server_time":{(time.time() + clock) * 1000}}}]')


def _clock_of(frames: list[list[Any]]) -> float:
    """Seconds from now to when it was recorded, so that nothing is old when it is played."""
    prefix = f"42{BOARD},"
    at, text = next(one for one in frames if one[1].startswith(prefix))
    frame = json.loads(text[len(prefix) :])[1]
    told = datetime.fromisoformat(frame.get("told_at") or frame["as_of"])
    return told.timestamp() - at - time.time()
