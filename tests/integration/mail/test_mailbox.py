"""A real mailbox (Dovecot) and a real receiving server (aiosmtpd): a mail comes in, is answered,
and the answer's answer joins it; breaks and restarts lose and double nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from ami.lab.ports import free_tcp_port
from callcenter.channels.mail import FetchedMail, MailPosition
from callcenter.gateways.mail_imap import FAULTS, Mailbox
from callcenter.gateways.mail_smtp import SmtpSender
from callcenter.services import answers, mail, sending
from callcenter.services.answers import Answer
from callcenter.settings_channels import MailServerAddress
from callcenter.store import engine as store_engine
from callcenter.store.tables import attachments, files, interactions, mail_set_aside, messages
from tests.support.databases import SqliteDatabases
from tests.support.dovecot import USER, Dovecot, dovecot
from tests.support.mailing import Shelf, mail_room_of, outbox_of, room_of
from tests.support.require import require
from tests.support.store import Store
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    require("dovecot")
    with dovecot() as running:
        yield running


@pytest.fixture
def inbox(server: Dovecot) -> Dovecot:
    server.empty()
    return server


@pytest.fixture
def store(tmp_path: Any) -> Iterator[Store]:
    engine = store_engine.create(SqliteDatabases(tmp_path).migrated(tmp_path / "mail.db"))
    yield Store(engine)
    engine.dispose()


class Received:
    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.mails.append(envelope)
        return self.answer


@pytest.fixture
def outside() -> Iterator[tuple[Received, MailServerAddress]]:
    received = Received()
    port = free_tcp_port()
    controller = Controller(received, hostname="127.0.0.1", port=port)
    controller.start()
    yield received, MailServerAddress(host="127.0.0.1", port=port)
    controller.stop()


def box_of(inbox: Dovecot, store: Store, shelf: Shelf | None = None) -> Mailbox:
    room, address = mail_room_of(store, shelf), inbox.address

    def receive(fetched: FetchedMail, position: MailPosition) -> None:
        mail.receive(fetched, position, room)

    return Mailbox(
        address,
        position=lambda: mail.position_of(address.account, address.folder, room),
        start_at=lambda position: mail.start_at(position, room),
        receive=receive,
        seen=lambda: mail.seen(address.account, address.folder, room),
    )


def letter(subject: str = "Order 1182", message_id: str = "<1@example.org>", **more: Any) -> bytes:
    composed = EmailMessage()
    composed["From"] = "Maria Kowalska <maria@example.org>"
    composed["To"] = USER
    composed["Subject"] = subject
    composed["Message-ID"] = message_id
    for name, value in more.items():
        composed[name.replace("_", "-")] = value
    composed.set_content("Where is my order? Żółć.")
    composed.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="bill.pdf")
    return composed.as_bytes(policy=policy.SMTP)


def counted(store: Store, column: Any) -> int:
    with store.engine.connect() as connection:
        return int(connection.scalar(select(func.count(column))) or 0)


def test_a_mail_is_taken_in_answered_and_its_answer_joins_it(
    inbox: Dovecot, store: Store, outside: tuple[Received, MailServerAddress]
) -> None:
    received, address = outside
    anna, shelf = store.add_user(), Shelf()
    box = box_of(inbox, store, shelf)
    inbox.deliver(letter("from before we read this mailbox", "<0@example.org>"))
    box.read_once()
    assert counted(store, messages.c.id) == 0
    inbox.deliver(letter())
    box.read_once()
    with store.unit_of_work() as uow:
        found = uow.conversations.with_messages(["<1@example.org>"])
        assert found is not None
        (told,) = uow.messages.of(found.id)
        assert uow.messages.files_of(told.id)[0][:2] == ("bill.pdf", "application/pdf")
    assert told.text == "Where is my order? Żółć."
    assert list(shelf.kept.values()) == [b"%PDF"]

    answer = Answer(text="On its way.", file_ids=(1,))
    answers.reply(found.id, answer, user_id=anna, room=room_of(store))
    sending.send_mails(SmtpSender(address), outbox_of(store, shelf))
    (envelope,) = received.mails
    sent = message_from_bytes(envelope.content, policy=policy.default)
    assert envelope.rcpt_tos == ["maria@example.org"]
    assert sent["In-Reply-To"] == "<1@example.org>"
    assert sent["From"] == f"Anna <{USER}>"
    assert [part.get_filename() for part in sent.iter_attachments()] == ["bill.pdf"]

    inbox.deliver(letter("Re: thanks", "<2@example.org>", In_Reply_To=str(sent["Message-ID"])))
    box.read_once()
    with store.unit_of_work() as uow:
        assert len(uow.messages.of(found.id)) == 3
    assert counted(store, interactions.c.id) == 1


def test_a_break_between_two_mails_loses_and_doubles_nothing(inbox: Dovecot, store: Store) -> None:
    box = box_of(inbox, store)
    box.read_once()
    for number in range(3):
        inbox.deliver(letter(message_id=f"<{number}@x>"))
    room, seen = mail_room_of(store), []

    def break_at_the_second(fetched: FetchedMail, position: MailPosition) -> None:
        if len(seen) == 1:
            raise OSError("cut")
        seen.append(fetched.uid)
        mail.receive(fetched, position, room)

    address = inbox.address
    cut = Mailbox(
        address,
        position=lambda: mail.position_of(address.account, address.folder, room),
        start_at=lambda position: mail.start_at(position, room),
        receive=break_at_the_second,
    )
    with pytest.raises(FAULTS):
        cut.read_once()
    assert counted(store, messages.c.id) == 1
    box.read_once()
    box.read_once()
    assert counted(store, messages.c.id) == 3


def test_a_mailbox_made_anew_is_read_again_and_known_mails_stay_one(
    inbox: Dovecot, store: Store
) -> None:
    box = box_of(inbox, store)
    box.read_once()
    inbox.deliver(letter())
    box.read_once()
    inbox.restart_folder()
    inbox.deliver(letter(message_id="<2@example.org>"))
    box.read_once()
    assert counted(store, messages.c.id) == 2


def test_what_cannot_be_read_is_set_aside_and_stays_in_the_mailbox(
    inbox: Dovecot, store: Store
) -> None:
    box = box_of(inbox, store)
    box.read_once()
    inbox.deliver(b"Subject: from nobody\r\n\r\nhi")
    inbox.deliver(letter())
    box.read_once()
    assert counted(store, mail_set_aside.c.id) == 1
    assert counted(store, messages.c.id) == 1
    with inbox.client() as client:
        client.select_folder("INBOX", readonly=True)
        assert len(client.search()) == 2
        assert client.search("UNSEEN") == client.search()


def test_a_mail_is_there_as_soon_as_the_mailbox_tells_of_it(inbox: Dovecot, store: Store) -> None:
    box, stop = box_of(inbox, store), threading.Event()
    box.read_once()
    reader = threading.Thread(target=box.serve, args=(stop,))
    reader.start()
    try:
        inbox.deliver(letter())
        wait_until(lambda: counted(store, messages.c.id) == 1)
    finally:
        stop.set()
        reader.join(10)
    assert counted(store, attachments.c.file_id) == counted(store, files.c.id) == 1


def test_a_refusal_for_good_is_told_apart_from_one_for_now(
    store: Store, inbox: Dovecot, outside: tuple[Received, MailServerAddress]
) -> None:
    received, address = outside
    anna = store.add_user()
    room = room_of(store)
    begun = answers.begin(
        "email", "who@example.net", Answer(text="Hi", subject="Offer"), user_id=anna, room=room
    )
    received.answer = "451 come back later"
    sending.send_mails(SmtpSender(address), outbox_of(store))
    with store.unit_of_work() as uow:
        (waiting,) = uow.messages.of(begun.id)
    assert (waiting.state, waiting.attempts) == ("queued", 1)
    received.answer = "550 no such user"
    store.clock.pass_by(3600)
    sending.send_mails(SmtpSender(address), outbox_of(store))
    with store.unit_of_work() as uow:
        (failed,) = uow.messages.of(begun.id)
    assert failed.state == "failed"
    assert "no such user" in failed.error
