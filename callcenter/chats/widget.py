"""A chat widget: where it may stand, how it looks, whose queue answers it. Pure."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from callcenter.chats.offers import OfferRules
from callcenter.errors import Invalid

MOST_ORIGINS: Final = 50
MOST_CHATS: Final = 20
LONGEST_GONE: Final = 24 * 60
DEFAULT_COLOUR: Final = "#1458a8"
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_HOST: Final = re.compile(r"[a-z0-9.-]+|\[[0-9a-f:.]+\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Widget:
    """`key` stands in the page of everybody who uses it: it names the widget, and proves nothing.
    `gone_minutes`: after so long without the visitor's page a chat is over."""

    key: str
    title: str
    queue: str = ""
    origins: tuple[str, ...] = ()
    colour: str = DEFAULT_COLOUR
    greeting: str = ""
    active: bool = True
    most_chats: int = 3
    while_talking: bool = False
    gone_minutes: int = 10
    takes_files: bool = True

    @property
    def rules(self) -> OfferRules:
        return OfferRules(most_chats=self.most_chats, while_talking=self.while_talking)

    def stands_at(self, origin: str) -> bool:
        return origin.lower() in self.origins


def new_key() -> str:
    return secrets.token_hex(8)


def checked(widget: Widget) -> Widget:
    """As it is stored; Invalid names the field that cannot be."""
    title, colour = widget.title.strip(), widget.colour.strip().lower() or DEFAULT_COLOUR
    if not title or len(title) > 80:
        raise Invalid("title", "must have 1 to 80 characters")
    if not _COLOUR.fullmatch(colour):
        raise Invalid("colour", "must be a colour such as #1458a8")
    if len(widget.greeting) > 500:
        raise Invalid("greeting", "must have at most 500 characters")
    if not 1 <= widget.most_chats <= MOST_CHATS:
        raise Invalid("most_chats", f"must be 1 to {MOST_CHATS}")
    if not 1 <= widget.gone_minutes <= LONGEST_GONE:
        raise Invalid("gone_minutes", f"must be 1 to {LONGEST_GONE}")
    origins = tuple(dict.fromkeys(origin_of(one) for one in widget.origins if one.strip()))
    if len(origins) > MOST_ORIGINS:
        raise Invalid("origins", f"at most {MOST_ORIGINS} addresses")
    return replace(
        widget, title=title, colour=colour, greeting=widget.greeting.strip(), origins=origins
    )


def origin_of(typed: str) -> str:
    """`https://shop.example` of whatever somebody copied from the address bar."""
    typed = typed.strip()
    try:
        place = urlsplit(typed if "://" in typed else f"https://{typed}")
        host, port = (place.hostname or "").encode("idna").decode("ascii"), place.port
    except (ValueError, UnicodeError) as error:
        raise Invalid("origins", _unknown(typed)) from error
    if ":" in host:
        host = f"[{host}]"
    plain = place.username is None and place.password is None
    if place.scheme not in ("http", "https") or not plain or not _HOST.fullmatch(host):
        raise Invalid("origins", _unknown(typed))
    usual = {"http": 80, "https": 443}[place.scheme]
    return f"{place.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")


def _unknown(typed: str) -> str:
    return f"{typed[:80]} is not the address of a site, such as https://www.example.com"
