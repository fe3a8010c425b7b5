"""Short messages by HTTP and by files, out and in, signed, told twice and refused."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from callcenter.channels.mail import SendFailed
from callcenter.gateways.sms_files import FileSms
from callcenter.gateways.sms_http import HttpSms
from callcenter.settings_channels import SmsAddress, parse_sms
from tests.support.web import Browser, make_world
from web.app import create_app

SECRET = "a secret of tests"


class Carrier:
    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, str], bytes]] = []
        self.status, self.answer = 200, b'{"id": "c-1"}'


@pytest.fixture
def carrier() -> Iterator[tuple[Carrier, SmsAddress]]:
    told = Carrier()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.asked.append((dict(self.headers), body))
            self.send_response(told.status)
            self.end_headers()
            self.wfile.write(told.answer)

        def log_message(self, *_given: Any) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield (
        told,
        parse_sms(
            "SMS_URL", f"http://:{SECRET.replace(' ', '%20')}@127.0.0.1:{server.server_port}/send"
        ),
    )
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_text_goes_out_signed_and_failures_are_told_apart(
    carrier: tuple[Carrier, SmsAddress],
) -> None:
    told, address = carrier
    sender = HttpSms(address, "+48221000001")
    assert sender.send("message-1", "+48221234567", "Żółć") == "c-1"
    headers, body = told.asked[0]
    signed = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Signature"] == f"sha256={signed}"
    assert json.loads(body)["text"] == "Żółć"
    for status, lasting in ((400, True), (429, False), (503, False), (302, False)):
        told.status = status
        with pytest.raises(SendFailed) as failed:
            sender.send("message-1", "+48221234567", "x")
        assert failed.value.lasting == lasting


def test_files_go_out_whole_and_come_in_once(tmp_path: Path) -> None:
    files = FileSms(SmsAddress(kind="files", folder=tmp_path), "+48221000001")
    assert files.send("message-1", "+48221234567", "Hi") == "message-1"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["message-1.json"]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "1.json").write_text('{"id": "7", "from": "+48221234567", "text": "Hi"}')
    (tmp_path / "in" / "2.json").write_text("not json")
    came: list[Any] = []
    assert files.take_in(came.append) == 2
    assert [one["id"] for one in came] == ["7"]
    assert files.take_in(came.append) == 0
    assert (tmp_path / "failed" / "2.json").exists()


def test_what_the_carrier_brings_is_taken_in_once_if_it_is_signed(
    sqlite_url: str, tmp_path: Path
) -> None:
    world = make_world(sqlite_url, tmp_path)
    sms = SmsAddress(kind="http", url="https://carrier.example/", secret=SECRET, queue="sales")
    settings = replace(world.runtime.settings, sms=sms, sms_from="+48221000001")
    browser = Browser(create_app(replace(world.runtime, settings=settings), testing=True))

    def bring(document: Any, secret: str = SECRET) -> Any:
        body = json.dumps(document).encode()
        sign = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Signature": f"sha256={sign}", "Content-Type": "application/json"}
        return browser.client.post("/api/gateway/sms", data=body, headers=headers)

    came = {"id": "7", "from": "+48 22 123 45 67", "to": "+48221000001", "text": "Call me"}
    assert bring(came, "another").status_code == 403
    assert bring(came).get_json() == {"new": True}
    assert bring(came).get_json() == {"new": False}
    assert bring({**came, "id": 7}).status_code == 422
    assert bring([came]).status_code == 422
    assert bring({"id": "9", "status": "delivered"}).get_json() == {"new": False}
    headers = {"X-Signature": "sha256=żółć".encode().decode("latin-1")}
    assert browser.client.post("/api/gateway/sms", data=b"{}", headers=headers).status_code == 403
    with world.runtime.unit_of_work() as uow:
        found = uow.conversations.get(1)
    assert bring({**came, "id": "8\x00", "from": "BANK", "text": "\ud800a\x00"}).status_code == 200
    assert found is not None
    assert found.customer_id == world.customers["Maria Kowalska"]
    assert (found.queue, found.last_text) == ("sales", "Call me")
    world.runtime.close()
