"""Those who watch: when a call began to ring, when its frame came, when its card was drawn.

All clocks are the machine's wall clock, in seconds since the epoch.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

import requests
import socketio
from playwright.sync_api import Page, sync_playwright
from requests.adapters import HTTPAdapter

from bench.screen_pop.company import PASSWORD
from tests.e2e.conftest import FLAGS
from tests.support.sockets import Visitor

_RINGS = {"AgentCalled": b"\r\nCallerIDNum: ", "DialBegin": b"\r\nCallerIDNum: "}
_LOG_INS_AN_ADDRESS = 20  # the product lets 30 a minute through

# A frame is on the screen after the next animation frame; a message posted there comes after it.
_WATCH = """() => {
  window.drawn = [];
  let name = "", facts = "";
  const painted = (kind, text) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () =>
      window.drawn.push([kind, text, (performance.timeOrigin + performance.now()) / 1000]);
    channel.port2.postMessage(0);
  });
  new MutationObserver(() => {
    const shown = document.querySelector("#pop .card-name")?.textContent ?? "";
    if (shown && shown !== name) painted("card", shown);
    if (shown !== name) facts = "";
    name = shown;
    const rest = document.querySelector("#pop-facts")?.textContent.trim() ?? "";
    if (shown && rest && !facts) { facts = rest; painted("facts", shown); }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


class Ringing:
    """By number, when the manager stream first said that an operator's phone is rung."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}

    def watch(self, event: str, raw: bytes) -> None:
        header = _RINGS.get(event)
        if header is None:
            return
        start = raw.find(header) + len(header)
        number = raw[start : raw.find(b"\r", start)].decode()
        self.at.setdefault(number, time.time())


class Desks:
    """Operators' sockets without a browser, in a process of their own: when each pop came."""

    def __init__(self, address: str, names: Sequence[str]) -> None:
        context = get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_watch_desks, args=(theirs, address, names))
        self._process.start()
        self._ours.recv()

    def close(self) -> dict[str, float]:
        """By number, when the first frame of the pop was there."""
        self._ours.send("end")
        frames: dict[str, float] = self._ours.recv()
        self._process.join(10)
        return frames


def _watch_desks(theirs: Connection, address: str, names: Sequence[str]) -> None:
    frames: dict[str, float] = {}

    def popped(pop: dict[str, Any]) -> None:
        # On a machine that stalls, a call may be answered before it was ever shown ringing.
        if pop["phase"] != "gone":
            frames.setdefault(pop["number"], time.time())

    clients = [_desk(address, name, turn, popped) for turn, name in enumerate(names)]
    theirs.send("open")
    theirs.recv()
    theirs.send(frames)
    for client in clients:
        client.disconnect()


def _desk(address: str, name: str, turn: int, popped: Callable[..., None]) -> socketio.Client:
    visitor = Visitor(address, name, PASSWORD, _from(turn // _LOG_INS_AN_ADDRESS))
    headers = {"Cookie": f"callcenter={visitor.log_in().cookie}"}
    client = socketio.Client(reconnection=False, websocket_extra_options={"origin": address})
    client.on("screen_pop", popped)
    client.connect(address, headers=headers, transports=["websocket"])
    return client


@contextmanager
def browser(address: str, name: str) -> Iterator[Page]:
    """The desk of one operator in headless Chromium, watching what is drawn."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto(f"{address}/login")
        page.fill("#username", name)
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_selector("html[data-link=up]")
        page.evaluate(_WATCH)
        yield page
        chromium.close()


def drawn(page: Page) -> dict[str, dict[str, float]]:
    """kind ("card", "facts") → the caller's name → when it was first on the screen."""
    times: dict[str, dict[str, float]] = {"card": {}, "facts": {}}
    for kind, text, at in page.evaluate("() => window.drawn"):
        times[kind].setdefault(re.sub(r"\s+", " ", text).strip(), at)
    return times


def _from(number: int) -> requests.Session:
    """A visitor from an address of their own: the limit on log-ins counts by address."""
    session = requests.Session()
    adapter = HTTPAdapter()
    adapter.init_poolmanager(2, 2, source_address=(f"127.0.1.{number + 1}", 0))
    session.mount("http://", adapter)
    return session
