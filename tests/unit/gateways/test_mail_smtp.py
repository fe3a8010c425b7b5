"""What a mail server accepted is sent, whatever it says afterwards."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime
from typing import Any

import pytest

from callcenter.channels.mail import OutboundMail
from callcenter.gateways.mail_smtp import SmtpSender


class Leaving:
    """A server that takes the mail and goes away instead of saying goodbye."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.closed = False

    def send_message(self, composed: Any, **_rest: Any) -> None:
        self.taken.append(composed)

    def quit(self) -> None:
        raise smtplib.SMTPResponseException(421, b"shutting down")

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> Leaving:
        return self

    def __exit__(self, *_error: object) -> None:
        self.quit()


def test_a_mail_that_was_accepted_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Leaving()
    monkeypatch.setattr(SmtpSender, "_connected", lambda _self: server)
    mail = OutboundMail(
        message_id="<1@example.com>",
        sender="us@example.com",
        sender_name="",
        to=("them@example.com",),
        cc=(),
        subject="Hello",
        text="Hello",
        at=datetime(2026, 3, 2, tzinfo=UTC),
        in_reply_to="",
        references=(),
        files=[],
    )
    SmtpSender(None).send(mail)  # type: ignore[arg-type]
    assert len(server.taken) == 1
    assert server.closed
