"""The accepted form of the settings of mail and short messages. Secrets are never repeated in an
error, and are left out of every `repr`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from callcenter.settings_forms import SettingsError

_IMAP_FORM = "imaps://USER:PASSWORD@HOST[:993][/FOLDER][?queue=NAME&account=ADDRESS]"
_SMTP_FORM = "smtps://USER:PASSWORD@HOST[:465] or smtp://[USER:PASSWORD@]HOST[:587]"
_SMS_FORM = "https://:SECRET@HOST/PATH[?queue=NAME] or file:///FOLDER[?queue=NAME]"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxAddress:
    """A mailbox that is read. `tls`: from the first byte; otherwise asked for after the greeting,
    and a server that has none is spoken to on this machine alone."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: bool = True
    folder: str = "INBOX"
    account: str = ""
    queue: str = ""

    @property
    def local(self) -> bool:
        return self.host in _LOOPBACK


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServerAddress:
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False

    @property
    def local(self) -> bool:
        return self.host in _LOOPBACK


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsAddress:
    """`kind` http: the carrier's address and the secret that both sides sign with. `kind` files:
    a folder with `out/` and `in/`."""

    kind: Literal["http", "files"]
    url: str = ""
    folder: Path = Path()
    secret: str = field(default="", repr=False)
    queue: str = ""


def parse_mailboxes(name: str, text: str) -> tuple[MailboxAddress, ...]:
    found = tuple(_mailbox(name, part.strip()) for part in text.split(",") if part.strip())
    places = [(one.account, one.folder) for one in found]
    if len(set(places)) != len(places):
        raise SettingsError(f"{name} names one folder of a mailbox twice. Accepted: {_IMAP_FORM}.")
    return found


def _mailbox(name: str, text: str) -> MailboxAddress:
    parts = _split(name, text, _IMAP_FORM)
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
        raise SettingsError(f"{name} is not a mailbox. Accepted: {_IMAP_FORM}.")
    asked = _asked(name, parts, _IMAP_FORM, ("queue", "account"))
    user = unquote(parts.username)
    tls = parts.scheme == "imaps"
    return MailboxAddress(
        host=parts.hostname,
        port=_port(name, parts, 993 if tls else 143, _IMAP_FORM),
        user=user,
        password=unquote(parts.password or ""),
        tls=tls,
        folder=unquote(parts.path.strip("/")) or "INBOX",
        account=asked.get("account", "") or (user if "@" in user else f"{user}@{parts.hostname}"),
        queue=asked.get("queue", ""),
    )


def parse_mail_server(name: str, text: str) -> MailServerAddress:
    parts = _split(name, text, _SMTP_FORM)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise SettingsError(f"{name} is not a mail server. Accepted: {_SMTP_FORM}.")
    tls = parts.scheme == "smtps"
    return MailServerAddress(
        host=parts.hostname,
        port=_port(name, parts, 465 if tls else 587, _SMTP_FORM),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
    )


def parse_sms(name: str, text: str) -> SmsAddress:
    parts = _split(name, text, _SMS_FORM)
    queue = _asked(name, parts, _SMS_FORM, ("queue",)).get("queue", "")
    if parts.scheme == "file" and parts.path.strip("/"):
        return SmsAddress(kind="files", folder=Path(unquote(parts.path)), queue=queue)
    secret = unquote(parts.password or "")
    if parts.scheme not in {"http", "https"} or not parts.hostname or not secret:
        raise SettingsError(f"{name} is no carrier we can use. Accepted: {_SMS_FORM}.")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise SettingsError(f"{name} would send texts in the clear: use https. {_SMS_FORM}.")
    host = parts.netloc.rpartition("@")[2]
    url = f"{parts.scheme}://{host}{parts.path or '/'}"
    return SmsAddress(kind="http", url=url, secret=secret, queue=queue)


def _split(name: str, text: str, form: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise SettingsError(f"{name} cannot be read as an address. Accepted: {form}.") from error
    return parts


def _port(name: str, parts: SplitResult, default: int, form: str) -> int:
    port = parts.port
    if port == 0:
        raise SettingsError(f"{name} names no port. Accepted: {form}.")
    return port or default


def _asked(name: str, parts: SplitResult, form: str, known: tuple[str, ...]) -> Mapping[str, str]:
    asked = dict(parse_qsl(parts.query))
    unknown = sorted(set(asked) - set(known))
    if unknown:
        raise SettingsError(f"{name} asks for {unknown[0]!r}, which is unknown. Accepted: {form}.")
    return asked
