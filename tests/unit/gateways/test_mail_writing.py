"""Mails as they are written: whatever a stranger's mail brought is no header of ours."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from typing import Any

import pytest

from callcenter.channels.mail import MailFile, OutboundMail
from callcenter.gateways.mail_smtp import compose

CODED = "=?utf-8?q?a=0D=0ABcc=3Ax?="
PLAIN: dict[str, Any] = {
    "message_id": "<1@example.com>",
    "sender": "desk@example.com",
    "sender_name": "Desk",
    "to": ["maria@example.org"],
    "cc": [],
    "subject": "Hi",
    "text": "Hello",
    "at": datetime(2026, 3, 1, tzinfo=UTC),
}


def written(**told: Any) -> Any:
    return message_from_bytes(compose(OutboundMail(**{**PLAIN, **told})).as_bytes())


@pytest.mark.parametrize(
    "told",
    [
        {"in_reply_to": f"<{CODED}@x>"},
        {"references": [f"<{CODED}>", "<2@x>"]},
        {"subject": f"Re: {CODED}"},
        {"subject": "Re: x\r\nBcc: x"},
        {"sender_name": CODED},
        {"to": [f"{CODED}@example.org"]},
        {"cc": [f"{CODED}@example.org"]},
        {"files": [MailFile(name=f"{CODED}.pdf", media_type="text/plain", content=b"x")]},
    ],
)
def test_no_line_break_that_a_stranger_coded_begins_a_header(told: dict[str, Any]) -> None:
    try:
        mail = written(**told)
    except ValueError:  # which the sender tells of as a failed message
        return
    assert all("bcc" not in part for part in mail.walk())
    assert mail["to"] == "maria@example.org"
    assert mail.is_multipart() or mail.get_payload().strip() == "Hello"


def test_the_ids_of_the_mail_that_is_answered_are_named() -> None:
    mail = written(in_reply_to="<0@x>", references=["<r@x>", f"<{CODED}>", "<0@x>"])
    assert (mail["in-reply-to"], mail["references"]) == ("<0@x>", "<r@x> <0@x>")
