"""Reports by mail over a real mail server that refuses, puts off and has little room, and by owners
who may no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from ami.lab.ports import free_tcp_port
from callcenter import bootstrap, report_mails
from callcenter.gateways.mail_smtp import SmtpSender
from callcenter.services import report_schedules as services
from callcenter.settings import Settings
from callcenter.settings_channels import MailServerAddress
from tests.contracts.test_report_schedules import DRAFT, MORNING, World
from tests.support.store import Store


@dataclass
class Post:
    """A mail server with one person unknown, and one that strangers must ask for twice."""

    taken: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 (as the library calls it)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.asked.append(address)
        if address.startswith("gone@"):
            return "550 5.1.1 no such user"
        if address.startswith("grey@") and self.asked.count(address) == 1:
            return "451 4.7.1 come again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken[envelope.rcpt_tos[0]] = envelope.content
        return "250 OK"


@pytest.fixture
def post() -> Iterator[tuple[Post, SmtpSender]]:
    kept, port = Post(), free_tcp_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port, data_size_limit=20_000)
    controller.start()
    yield kept, SmtpSender(MailServerAddress(host="127.0.0.1", port=port))
    controller.stop()


TO = ("gone@example.com", "grey@example.com", "plain@example.com")


def test_one_is_refused_one_is_put_off_and_the_others_have_their_mail_at_once(
    store: Store, post: tuple[Post, SmtpSender]
) -> None:
    world = World(store)
    server, sender = post
    world.desk = replace(world.desk, sender=sender)
    world.save(replace(DRAFT, id=world.id, recipients=TO))
    world.clock.at = MORNING
    world.turn()
    told = {one.recipient: (one.state, one.problem) for one in world.mails()}
    assert told["plain@example.com"] == ("sent", "")
    assert told["gone@example.com"][0] == "failed"
    assert "550" in told["gone@example.com"][1]
    assert told["grey@example.com"][0] == "waiting"
    assert "come again later" in told["grey@example.com"][1]
    world.clock.pass_by(61)
    world.turn()
    assert set(server.taken) == {"plain@example.com", "grey@example.com"}
    assert server.asked.count("gone@example.com") == 1
    assert server.asked.count("plain@example.com") == 1


def test_what_is_too_large_for_a_mail_is_a_link_to_the_same_report(
    store: Store, post: tuple[Post, SmtpSender], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(store)
    server, sender = post
    large = replace(
        world.desk,
        sender=sender,
        product="https://crm.example.com",
        make=lambda _schedule, _days, path: path.write_bytes(b"x" * 30_000),
    )
    world.desk = large
    one = replace(DRAFT, id=world.id, address="queue=sales&period=today", recipients=TO[2:])
    world.save(one)
    world.clock.at = MORNING
    world.turn()
    assert world.states() == {"sent"}
    link = b"https://crm.example.com/reports/speed?queue=3Dsales&from=3D2026-03-02&to=3D2026-"
    told = server.taken["plain@example.com"].replace(b"=\r\n", b"")
    assert link in told or link.replace(b"=3D", b"=") in told
    assert b"speed-2026-03-02.csv" not in told
    monkeypatch.setattr(services, "MOST_ATTACHED", 10_000)
    server.asked.clear()
    world.clock.pass_by(86_400)
    world.turn()
    assert len(server.asked) == 1  # what we know to be too large is not tried


def test_a_schedule_of_somebody_who_may_no_more_says_so_and_sends_nothing(
    store: Store, tmp_path: Path
) -> None:
    world = World(store)
    settings = Settings(
        database_url=store.engine.url.render_as_string(hide_password=False), data_dir=tmp_path
    )
    runtime = bootstrap.build(settings, clock=world.clock)
    world.desk = replace(report_mails.desk_of(runtime), sender=world.server)
    with store.unit_of_work() as uow:
        uow.users.update(world.boss, {"role": "operator"})
        uow.commit()
    world.clock.at = MORNING
    world.turn()
    assert {one.problem for one in world.mails()} == {"this report is not for this user any more"}
    with store.unit_of_work() as uow:
        uow.users.update(world.boss, {"role": "supervisor", "active": False})
        uow.commit()
    world.clock.pass_by(86_400)
    world.turn()
    assert "this user may not log in any more" in {one.problem for one in world.mails()}
    assert world.states() == {"failed"}
    assert world.server.taken == []
    runtime.close()
