"""The forwarder as it runs beside a PBX: a process of its own, over HTTP, into the inbox."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from ami.ledger import forward
from tests.integration.ledger.conftest import PBX, Readers
from tests.support.ledger import NOON, answered_call, append, text

TOKEN = "a-token-that-nobody-may-see"


class Door(BaseHTTPRequestHandler):
    """`GET` and `POST /api/v1/ledger/NAME` as the API offers them."""

    readers: Readers
    unkind = 0
    """Answers to be left out: the connection is cut instead."""

    def do_GET(self) -> None:
        where = "select file_id, received_to from ledger_received order by last_at desc limit 1"
        rows = self.readers.rows(where)
        file_id, offset = rows[0] if rows else ("", 0)
        self._answer(200, {"file_id": file_id, "offset": offset})

    def do_POST(self) -> None:
        assert self.headers["Authorization"] == f"Bearer {TOKEN}"
        place = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
        data, offset = self.rfile.read(int(self.headers["Content-Length"])), int(place["offset"])
        with self.readers.runtime.unit_of_work() as uow:
            at = self.readers.runtime.clock.now()
            path = place.get("path", "")
            expected = uow.ledger.receive(PBX, place["file_id"], path, offset, data, at)
            uow.commit()
        if Door.unkind:
            Door.unkind -= 1
            self.close_connection = True
            return
        self._answer(200 if expected == offset + len(data) else 409, {"offset": expected})

    def _answer(self, code: int, body: dict[str, object]) -> None:
        data = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def address(start: Callable[..., Readers]) -> Iterator[str]:
    Door.readers, Door.unkind = start(None), 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api/v1/ledger/{PBX}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def run(
    address: str, ledger: Path, tmp_path: Path
) -> Callable[[], subprocess.CompletedProcess[str]]:
    """The file alone, copied to where nothing of the product is."""
    script = tmp_path / "pbx" / "callcenter-ledger-forward.py"
    script.parent.mkdir()
    script.write_bytes(Path(forward.__file__).read_bytes())
    token = script.with_name("ledger.token")
    token.write_text(f"{TOKEN}\n")
    command = [sys.executable, "-I", str(script), "--once", "--file", str(ledger)]
    command += ["--to", address, "--token-file", str(token)]

    def once() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    return once


def test_calls_of_a_pbx_on_another_machine_are_logged(
    run: Callable[[], subprocess.CompletedProcess[str]], ledger: Path
) -> None:
    past = NOON - 864_000
    append(ledger, text(*(answered_call(2 * n, past + 120 * n) for n in range(3))))
    assert run().returncode == 0
    Door.readers.wait_for_calls(3)
    ledger.rename(ledger.with_name("callcenter.csv.1"))
    append(ledger, text(answered_call(8, past + 3600)))
    assert run().returncode == 0
    Door.readers.wait_for_calls(4)
    Door.readers.wait_for("select count(*) from ledger_inbox", [(0,)])


def test_an_answer_that_is_lost_doubles_nothing(
    run: Callable[[], subprocess.CompletedProcess[str]], ledger: Path
) -> None:
    append(ledger, text(answered_call(0, NOON - 864_000)))
    Door.unkind = 1
    ended = run()
    assert ended.returncode == 1
    assert TOKEN not in ended.stderr + ended.stdout
    assert run().returncode == 0
    Door.readers.wait_for("select result, talk_seconds from calls", [("answered", 10.0)])
