"""The worker's gateways on a real mailbox: a mail becomes a conversation by itself, an answer goes
out by itself, and a mailbox that is away is tried again without a secret in the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from structlog.testing import capture_logs

from ami.lab.ports import free_tcp_port
from callcenter.gateway_work import Gateways
from callcenter.rooms import room_of
from callcenter.services import answers
from callcenter.services.answers import Answer
from callcenter.settings_channels import MailServerAddress, parse_mailboxes
from tests.integration.mail.test_mailbox import Received, letter
from tests.support.dovecot import PASSWORD, USER, Dovecot, dovecot
from tests.support.require import require
from tests.support.waiting import wait_until
from tests.support.web import World, make_world


@pytest.fixture
def inbox() -> Iterator[Dovecot]:
    require("dovecot")
    with dovecot() as running:
        yield running


def found(world: World) -> Any:
    with world.runtime.unit_of_work() as uow:
        return uow.conversations.with_messages(["<1@example.org>"])


def is_read(world: World) -> bool:
    with world.runtime.unit_of_work() as uow:
        return uow.mailboxes.position(USER, "INBOX") is not None


def test_mails_come_in_and_go_out_by_themselves(
    inbox: Dovecot, sqlite_url: str, tmp_path: Path
) -> None:
    received, port = Received(), free_tcp_port()
    controller = Controller(received, hostname="127.0.0.1", port=port)
    controller.start()
    world = make_world(
        sqlite_url,
        tmp_path,
        mailboxes=(inbox.address,),
        mail_server=MailServerAddress(host="127.0.0.1", port=port),
        mail_from=USER,
    )
    gateways = Gateways(world.runtime)
    gateways.start()
    try:
        wait_until(lambda: is_read(world))
        inbox.deliver(letter())
        wait_until(lambda: found(world))
        conversation = found(world)
        assert conversation.customer_id == world.customers["Maria Kowalska"]
        answers.reply(
            conversation.id,
            Answer(text="On its way."),
            user_id=world.users["operator1"],
            room=room_of(world.runtime),
        )
        wait_until(lambda: received.mails)
    finally:
        gateways.stop(10)
        controller.stop()
        world.runtime.close()
    assert b"On its way." in received.mails[0].content


def test_a_mailbox_that_is_away_is_told_of_without_its_password(
    sqlite_url: str, tmp_path: Path
) -> None:
    (away,) = parse_mailboxes(
        "MAIL_IMAP_URL", f"imap://desk:{PASSWORD}@127.0.0.1:{free_tcp_port()}"
    )
    world = make_world(sqlite_url, tmp_path, mailboxes=(away,))
    gateways = Gateways(world.runtime)
    with capture_logs() as told:
        gateways.start()
        wait_until(lambda: any(line["event"] == "gateway.broke" for line in told))
        gateways.stop(10)
    world.runtime.close()
    assert PASSWORD not in str(told)
    assert PASSWORD not in repr(world.runtime.settings)
