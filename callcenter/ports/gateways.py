"""What brings messages in and out: mail servers, carriers of short messages, the disk."""

from __future__ import annotations

from typing import Protocol

from callcenter.channels.mail import OutboundMail


class FileKeeper(Protocol):
    def keep(self, content: bytes) -> tuple[str, int, str]:
        """(the name it is kept under, size, sha256)."""
        ...

    def fetch(self, stored_as: str) -> bytes: ...


class MailSender(Protocol):
    def send(self, mail: OutboundMail) -> None:
        """Raises `channels.mail.SendFailed`."""
        ...


class SmsSender(Protocol):
    def send(self, reference: str, to: str, text: str) -> str:
        """The carrier's id for it ('' if it gives none). `reference` is ours: sent twice under one,
        it is one message. Raises `channels.mail.SendFailed`."""
        ...
