"""What the browser of a supervisor with an open wallboard hears: recorded as it comes, with the
page it comes to, to be played again to one build of the front end and another."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any, Final

import requests
import websocket

from bench.wallboard.centre import PASSWORD

BOARD: Final = "/wallboard"


def record(address: str, seconds: float) -> dict[str, Any]:
    """{page: HTML, frames: [[seconds since the first, text]]}; only events are kept."""
    session = _signed_in(address)
    page = session.get(f"{address}/wallboard/all", timeout=30).text
    cookie = "; ".join(f"{one.name}={one.value}" for one in session.cookies)
    opened = websocket.create_connection(
        address.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket",
        timeout=30,
        origin=address,
        cookie=cookie,
    )
    opened.recv()
    opened.send("40")
    opened.send(f"40{BOARD},{json.dumps({'board': 0})}")
    began, frames = time.monotonic(), []
    while (at := time.monotonic() - began) < seconds:
        text = str(opened.recv())
        if text == "2":
            opened.send("3")
        if text.startswith("42"):
            frames.append([round(at, 3), text])
    opened.close()
    return {"page": page, "frames": frames}


def _signed_in(address: str) -> requests.Session:
    session = requests.Session()
    form = session.get(f"{address}/login", timeout=30).text
    token = re.search(r'csrf_token"[^>]*?value="([^"]+)"', form)
    assert token
    told = {"username": "admin", "password": PASSWORD, "csrf_token": token[1]}
    session.post(f"{address}/login", data=told, timeout=30).raise_for_status()
    return session


def save(path: Path, recording: dict[str, Any]) -> None:
    path.write_text(json.dumps(recording), encoding="utf-8")


def load(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told
