"""A mail's bytes into an `InboundMail`, whatever is in them: bounded in depth, parts, size; what
cannot be kept is named, what cannot be read raises `Unreadable`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header
from email.utils import getaddresses, parsedate_to_datetime
from typing import cast

from callcenter.channels import threads
from callcenter.channels.addresses import is_address
from callcenter.channels.mail import LARGEST_FILE, LARGEST_MAIL, MOST_FILES, InboundMail, MailFile
from callcenter.gateways.mail_parsing import Part, Unreadable, parsed
from callcenter.gateways.mail_text import clean, decoded, text_of_html

_DEEPEST = 20
_MOST_PARTS = 300
_MOST_ADDRESSES = 100
_MACHINES = ("bulk", "list", "junk", "auto_reply")


__all__ = ["Unreadable", "read_mail"]


def read_mail(raw: bytes) -> InboundMail:
    """A mail that nobody foresaw is set aside, and keeps no other from coming."""
    if len(raw) > LARGEST_MAIL:
        raise Unreadable(f"larger than {LARGEST_MAIL // 1024 // 1024} MB")
    try:
        return _read(raw)
    except Unreadable:
        raise
    except Exception as error:  # the library fails in many ways on a mail made to break it
        raise Unreadable(f"its structure cannot be read ({type(error).__name__})") from error


def _read(raw: bytes) -> InboundMail:
    mail = parsed(raw)
    parts = list(_parts(mail))
    senders = _addresses(mail, "from") or _addresses(mail, "sender")
    if not senders:
        raise Unreadable("it names no sender")
    name, sender = senders[0]
    files, left_out = _files(parts)
    bounced, reason = _bounce(parts, mail)
    return InboundMail(
        message_id=_message_id(mail, raw),
        sender=sender,
        sender_name=name[:160],
        to=tuple(one for _, one in _addresses(mail, "to")),
        cc=tuple(one for _, one in _addresses(mail, "cc")),
        subject=_header(mail, "subject")[:500],
        text=_text(parts),
        sent_at=_date(mail),
        in_reply_to=threads.ids_in(_raw_header(mail, "in-reply-to")),
        references=threads.ids_in(_raw_header(mail, "references")),
        files=files,
        automatic=_is_automatic(mail),
        bounced=bounced,
        bounce_reason=reason,
        left_out=left_out,
    )


def _parts(mail: Part) -> Iterator[Part]:
    """The leaves, without recursion; a mail inside a mail is a leaf."""
    waiting: list[tuple[Part, int]] = [(mail, 0)]
    told = 0
    while waiting:
        part, depth = waiting.pop()
        told += 1
        if depth > _DEEPEST or told > _MOST_PARTS:
            raise Unreadable("it holds more parts inside parts than we look through")
        inside = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            waiting += [(one, depth + 1) for one in reversed(cast("list[Part]", inside))]
        else:
            yield part


def _text(parts: list[Part]) -> str:
    """What a reader sees: the plain text, else what the HTML says."""
    shown = [part for part in parts if not _is_file(part)]
    plain = [part for part in shown if part.get_content_type() == "text/plain"]
    told = "\n\n".join(filter(None, (clean(_decoded(part)) for part in plain[:20])))
    if told.strip():
        return clean(told)
    html = [part for part in shown if part.get_content_type() == "text/html"]
    return clean("\n\n".join(text_of_html(_decoded(part)) for part in html[:5]))


def _files(parts: list[Part]) -> tuple[tuple[MailFile, ...], tuple[str, ...]]:
    kept: list[MailFile] = []
    left_out: list[str] = []
    room = LARGEST_MAIL
    for place, part in enumerate(parts, 1):
        if not _is_file(part):
            continue
        name = _file_name(part, place)
        content = _content(part)
        if len(kept) >= MOST_FILES or len(content) > min(LARGEST_FILE, room):
            left_out.append(f"✂ {name} ({len(content) // 1024} KB)")
            continue
        room -= len(content)
        kept.append(MailFile(name=name, media_type=part.get_content_type()[:120], content=content))
    return tuple(kept), tuple(left_out[:20])


def _is_file(part: Part) -> bool:
    if part.get_content_disposition() == "attachment" or part.get_filename():
        return True
    return part.get_content_maintype() not in ("text", "multipart") and (
        part.get_content_type() not in ("message/delivery-status", "message/rfc822")
    )


def _file_name(part: Part, place: int) -> str:
    """Its last part, so that it names no folder; what it is called inside us is another matter."""
    try:
        name = _words(str(part.get_filename() or ""))
    except (ValueError, LookupError):
        name = ""
    name = clean(name.replace("\\", "/").rpartition("/")[2]).replace("\n", " ")[:200]
    return name.strip(". ") or f"part-{place}"


def _content(part: Part) -> bytes:
    inside = part.get_payload(decode=True)
    if isinstance(inside, bytes):
        return inside
    return part.as_bytes() if part.is_multipart() else b""


def _decoded(part: Part) -> str:
    try:
        charset = part.get_content_charset() or ""
    except (LookupError, ValueError):
        charset = ""
    return decoded(_content(part), charset)


def _bounce(parts: list[Part], mail: Part) -> tuple[tuple[str, ...], str]:
    """The ids of what was not delivered, from a report by RFC 3464; a delay is none."""
    if mail.get_content_type() != "multipart/report":
        return (), ""
    said = "\n".join(
        str(one)
        for part in parts
        if part.get_content_type() == "message/delivery-status"
        for one in (part.get_payload() if isinstance(part.get_payload(), list) else [part])
    )
    if "action: failed" not in said.lower():
        return (), ""
    originals = [
        part
        for part in parts
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers")
    ]
    ids = [one for part in originals for one in _original_ids(part)]
    lines = [line for line in said.splitlines() if line.lower().startswith("diagnostic-code:")]
    reason = lines[0].partition(":")[2].strip() if lines else ""
    return tuple(ids), clean(reason)[:255]


def _original_ids(part: Part) -> tuple[str, ...]:
    inside = part.get_payload()
    if isinstance(inside, list) and inside:
        return threads.ids_in(str(inside[0].get("message-id", "")))  # type: ignore[union-attr]
    headers = parsed(_content(part))
    return threads.ids_in(str(headers.get("message-id", "")))


def _is_automatic(mail: Part) -> bool:
    said = _raw_header(mail, "auto-submitted").lower()
    if said and not said.startswith("no"):
        return True
    precedence = _raw_header(mail, "precedence").lower().strip()
    return precedence in _MACHINES or bool(_raw_header(mail, "x-autoreply"))


def _message_id(mail: Part, raw: bytes) -> str:
    """Its own, or one made of its bytes: told twice, it is the same."""
    found = threads.ids_in(_raw_header(mail, "message-id"))
    return found[0] if found else f"<{hashlib.sha256(raw).hexdigest()}@without-id>"


def _addresses(mail: Part, name: str) -> list[tuple[str, str]]:
    """(name, address) of those that are addresses."""
    values = [str(one) for one in mail.get_all(name, [])][:5]
    found = getaddresses([value[:20_000] for value in values])[:_MOST_ADDRESSES]
    return [(_words(told), one.strip()) for told, one in found if is_address(one.strip())]


def _header(mail: Part, name: str) -> str:
    return " ".join(_words(_raw_header(mail, name)).split())


def _raw_header(mail: Part, name: str) -> str:
    return str(mail.get(name, ""))[:50_000].replace("\n", " ").replace("\r", " ")


def _words(text: str) -> str:
    """Encoded words decoded, in a wrong charset too."""
    try:
        told = decode_header(text)
    except (MessageError, ValueError):
        return clean(text)
    pieces = [
        decoded(piece, charset or "") if isinstance(piece, bytes) else piece
        for piece, charset in told
    ]
    return clean("".join(pieces))


def _date(mail: Part) -> datetime | None:
    try:
        told = parsedate_to_datetime(_raw_header(mail, "date"))
        moment = told.astimezone(UTC) if told.tzinfo is not None else told.replace(tzinfo=UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment
