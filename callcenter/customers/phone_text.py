"""Takes apart what networks, people and files write where a number should be. Pure text work:
what the digits mean is decided in `phone`.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

LONGEST = 64

# Names that networks and PBXs put where a number should be. +266696687 spells "ANONYMOUS".
_WITHHELD = frozenset(
    {
        "anonymous",
        "anonim",
        "asterisk",
        "nobody",
        "no number",
        "none",
        "private",
        "private number",
        "restricted",
        "unavailable",
        "unknown",
        "<unknown>",
        "withheld",
        "266696687",
        "+266696687",
    }
)
_URI = re.compile(r"^(?:sips?|tel):", re.IGNORECASE)
_URI_EXTENSION = re.compile(r";ext=(\d{1,8})(?:;|$)", re.IGNORECASE)
_DIALABLE = re.compile(r"^[+(]*[0-9][0-9*#\s().\-/\u2010-\u2015]*$|^[*#][0-9*#]*$")
_PLAIN = re.compile(r"\+?[0-9][0-9 .\-]{5,30}[0-9]")
_EXTENSION = re.compile(
    r"^(?P<number>.*?\d[\s)]*?)\s*"
    r"(?:,+|;?\s*ext(?:ension)?\.?\s*=?|доб(?:авочный)?\.?|wew(?:n(?:ętrzny)?)?\.?|w\.?|x|\#)"
    r"\s*(?P<extension>\d{1,8})$",
    re.IGNORECASE,
)


def is_plain(raw: str) -> bool:
    """Nothing but a number, as most are: no name, no extension, no address to look for."""
    return bool(_PLAIN.fullmatch(raw)) and raw not in _WITHHELD


def is_withheld(text: str) -> bool:
    return not text or text.casefold() in _WITHHELD


def user_part(raw: str) -> str:
    """The number in a SIP or tel address, with or without a name before it; else the text itself.

    A tel address may carry an extension: it stays, as `,extension`.
    """
    text = unicodedata.normalize("NFKC", raw).strip().strip('"').strip()
    inner = re.search(r"<([^<>]+)>", text)
    if inner and re.search(r"[:@]", inner.group(1)):
        text = inner.group(1).strip()
    if not _URI.match(text) and "@" not in text:
        return text
    text = text.partition(":")[2] if _URI.match(text) else text
    extension = _URI_EXTENSION.search(text)
    user = unquote(text.partition("@")[0].partition(";")[0]).strip()
    return f"{user},{extension.group(1)}" if extension else user


def split_extension(text: str) -> tuple[str, str]:
    match = _EXTENSION.match(text)
    return (match["number"].strip(), match["extension"]) if match else (text, "")


def is_dialable(text: str) -> bool:
    """Digits and the marks that people put between them. Letters are no number: phonenumbers
    would turn them into one (vanity numbers)."""
    return bool(_DIALABLE.match(text))


def compact(text: str) -> str:
    """Only the digits, after a plus if there was one. The (0) of `+44 (0)20 …` is not dialled."""
    if text.lstrip("(").startswith(("+", "00")):
        text = re.sub(r"\(\s*0\s*\)", "", text)
    digits = re.sub(r"[^0-9]", "", text)
    return f"+{digits}" if "+" in text else digits
