"""Hands mails to a mail server. What failed is told apart: tried again, or never."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import closing, suppress
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from callcenter.channels.mail import OutboundMail, SendFailed
from callcenter.settings_channels import MailServerAddress

_SECONDS = 30.0
_LASTING = 500
_TOO_LARGE = 552
"""RFC 1870: the message is larger than this server takes."""


class SmtpSender:
    def __init__(self, server: MailServerAddress, seconds: float = _SECONDS) -> None:
        self._server = server
        self._seconds = seconds

    def send(self, mail: OutboundMail) -> None:
        try:
            composed = compose(mail)
        except (MessageError, ValueError) as error:
            raise SendFailed(f"this mail cannot be written: {error}", lasting=True) from error
        try:
            with closing(self._connected()) as connection:
                connection.send_message(
                    composed, from_addr=mail.sender, to_addrs=[*mail.to, *mail.cc]
                )
                # The mail is theirs now: however they say goodbye, it is not sent again.
                with suppress(OSError, smtplib.SMTPException):
                    connection.quit()
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()), (550, b"refused"))
            raise SendFailed(_said(code, words), lasting=code >= _LASTING) from refused
        except smtplib.SMTPAuthenticationError as refused:
            raise SendFailed("the mail server refused our log-in", lasting=False) from refused
        except smtplib.SMTPResponseException as refused:
            said = _said(refused.smtp_code, refused.smtp_error)
            raise SendFailed(
                said,
                lasting=refused.smtp_code >= _LASTING,
                too_large=refused.smtp_code == _TOO_LARGE,
            ) from refused
        except (OSError, smtplib.SMTPException) as error:
            away = f"the mail server is away ({type(error).__name__})"
            raise SendFailed(away, lasting=False) from error

    def _connected(self) -> smtplib.SMTP:
        server, tls = self._server, ssl.create_default_context()
        if server.tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=self._seconds, context=tls
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=self._seconds)
            connection.ehlo_or_helo_if_needed()
            if connection.has_extn("starttls"):
                connection.starttls(context=tls)
            elif not server.local:
                connection.close()
                raise SendFailed("the mail server offers no encryption", lasting=False)
        if server.user:
            connection.login(server.user, server.password)
        return connection


def compose(mail: OutboundMail) -> EmailMessage:
    """Headers are made by the library, which refuses a line break in any of them."""
    composed = EmailMessage(policy=SMTP)
    composed["From"] = formataddr((_bare(" ".join(mail.sender_name.split())), mail.sender))
    composed["To"] = ", ".join(mail.to)
    if mail.cc:
        composed["Cc"] = ", ".join(mail.cc)
    composed["Subject"] = _bare(" ".join(mail.subject.split()))
    composed["Date"] = format_datetime(mail.at)
    composed["Message-ID"] = mail.message_id
    if mail.in_reply_to and not _is_coded(mail.in_reply_to):
        composed["In-Reply-To"] = mail.in_reply_to
    if references := [one for one in mail.references if not _is_coded(one)]:
        composed["References"] = " ".join(references)
    composed.set_content(mail.text)
    for file in mail.files:
        main, _, sub = (file.media_type or "application/octet-stream").partition("/")
        if main in ("multipart", "message") or not sub:
            main, sub = "application", "octet-stream"
        composed.add_attachment(file.content, maintype=main, subtype=sub, filename=_bare(file.name))
    _check_headers(composed)
    return composed


def _is_coded(text: str) -> bool:
    return "=?" in text


def _bare(text: str) -> str:
    """An encoded word in a plain text would be decoded by the library, line breaks and all."""
    return text.replace("=?", "= ?")


def _check_headers(composed: EmailMessage) -> None:
    """What a stranger's mail brought (ids, addresses) becomes no header of ours."""
    written = BytesHeaderParser().parsebytes(composed.as_bytes())
    if [name.lower() for name in written] != [name.lower() for name in composed]:
        raise ValueError("a line break in a header")


def _said(code: int, words: bytes | str) -> str:
    told = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"the mail server said {code}: {' '.join(told.split())}"[:255]
