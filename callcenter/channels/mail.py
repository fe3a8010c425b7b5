"""A mail as we understand it: read from a mailbox, or to be sent. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

LARGEST_MAIL = 40 * 1024 * 1024
LARGEST_FILE = 25 * 1024 * 1024
MOST_FILES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFile:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMail:
    """`automatic`: a machine wrote it (out of office, a list). `bounced`: the ids of our mails
    that it says were not delivered, `bounce_reason` why. `left_out`: what of it was not kept."""

    message_id: str
    sender: str
    sender_name: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str
    sent_at: datetime | None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    files: tuple[MailFile, ...] = ()
    automatic: bool = False
    bounced: tuple[str, ...] = ()
    bounce_reason: str = ""
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundMail:
    message_id: str
    sender: str
    sender_name: str
    to: Sequence[str]
    cc: Sequence[str]
    subject: str
    text: str
    at: datetime
    in_reply_to: str = ""
    references: Sequence[str] = ()
    files: Sequence[MailFile] = ()
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPosition:
    """How far a folder was read. Another `uidvalidity` means that its numbers begin anew."""

    account: str
    folder: str
    uidvalidity: int
    last_uid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedMail:
    """One mail of a mailbox: `mail` as read, or `problem`: why it could not be."""

    uid: int
    mail: InboundMail | None = None
    problem: str = ""


class SendFailed(Exception):  # noqa: N818 (what happened, told to the outbox)
    """A message did not go out; `lasting` when trying again is no use, `too_large` when a smaller
    one might be taken."""

    def __init__(self, reason: str, *, lasting: bool, too_large: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lasting = lasting
        self.too_large = too_large
