"""A socket as a browser opens it: logged in by its cookie, with an Origin, every event kept."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
import socketio

from tests.support.require import require
from tests.support.waiting import wait_until

FRONTEND = Path(__file__).parents[2] / "web" / "frontend"
KINDS = ("snapshot", "call", "screen_pop", "agent", "queue", "wallboard", "task", "message")


@dataclass
class Desk:
    """One open tab."""

    url: str
    cookie: str
    me: dict[str, Any]
    origin: str = ""
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    client: socketio.Client = field(init=False)

    def __post_init__(self) -> None:
        options = {"origin": self.origin or self.url}
        self.client = socketio.Client(reconnection=False, websocket_extra_options=options)

    def open(self) -> Desk:
        for kind in KINDS:
            self.client.on(kind, self._keep(kind))
        headers = {"Cookie": f"callcenter={self.cookie}"}
        self.client.connect(self.url, headers=headers, transports=["websocket"])
        return self

    def _keep(self, kind: str) -> Any:
        return lambda payload: self.events.append((kind, payload))

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.events]

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [payload for one, payload in self.events if one == kind]

    def wait_for(self, kind: str, count: int = 1) -> list[dict[str, Any]]:
        wait_until(lambda: len(self.of(kind)) >= count, words=f"{count} {kind} of {self.kinds()}")
        return self.of(kind)

    def resync(self) -> dict[str, Any]:
        before = len(self.of("snapshot"))
        self.client.emit("resync")
        return self.wait_for("snapshot", before + 1)[-1]

    def fold(self, events: list[tuple[str, dict[str, Any]]] | None = None) -> dict[str, Any]:
        """What the browser's own code makes of the events."""
        require("node")
        given = json.dumps({"me": self.me, "events": self.events if events is None else events})
        done = subprocess.run(
            ["node", "test/fold.js"],
            cwd=FRONTEND,
            input=given,
            text=True,
            capture_output=True,
            check=True,
        )
        folded: dict[str, Any] = json.loads(done.stdout)
        return folded

    def close(self) -> None:
        if self.client.connected:
            self.client.eio.ws.shutdown()  # a tab that is closed says no good-bye


@dataclass
class Visitor:
    """A logged-in browser's requests, over the wire."""

    url: str
    username: str
    password: str
    session: requests.Session = field(default_factory=requests.Session)

    def log_in(self) -> Visitor:
        data = {"username": self.username, "password": self.password}
        data["csrf_token"] = self._token("/login", r'name="csrf_token" value="([^"]+)"')
        answer = self.session.post(f"{self.url}/login", data=data, allow_redirects=False)
        assert answer.status_code == 302, answer.status_code
        return self

    @property
    def cookie(self) -> str:
        return str(self.session.cookies["callcenter"])

    def post(self, path: str, data: dict[str, str] | None = None) -> requests.Response:
        token = self._token("/profile", r'name="csrf-token" content="([^"]+)"')
        headers = {"X-CSRFToken": token}
        return self.session.post(self.url + path, data=data, headers=headers, allow_redirects=False)

    def _token(self, path: str, pattern: str) -> str:
        found = re.search(pattern, self.session.get(self.url + path).text)
        assert found, f"no token on {path}"
        return found.group(1)
