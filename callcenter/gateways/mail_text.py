"""Bytes of a mail into text: of a charset that is named, wrong or missing; HTML into what a reader
would see, without images, links' targets apart."""

from __future__ import annotations

import codecs
import re
from html.parser import HTMLParser

from charset_normalizer import from_bytes

_MOST_BYTES = 1_000_000
_MOST_LETTERS = 100_000
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LISTS = ("dd", "div", "dl", "dt", "li", "ol", "ul", "table", "tr")
_BLOCKS = frozenset(
    ("address", "article", "blockquote", "br", "hr", "p", "pre", "section", *_HEADINGS, *_LISTS)
)
_SILENT = frozenset(("script", "style", "head", "title", "template", "noscript"))
_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_NO_CHARSETS = frozenset(("idna", "punycode", "raw-unicode-escape", "unicode-escape"))
"""What Python knows besides charsets; decoding the first two takes time without bounds."""
_DECLARATION = re.compile(r"<[!?][^<>]{0,4000}>")
_NO_TAG = re.compile(r"<(?!/?[A-Za-z][^<>]{0,4000}>)")


def decoded(content: bytes, charset: str) -> str:
    """By the charset that is named, if the bytes are of it; else by what they look like."""
    content = content[:_MOST_BYTES]
    for name in (charset, "utf-8"):
        try:
            return content.decode(_charset(name))
        except (LookupError, ValueError):
            continue
    best = from_bytes(content[:50_000]).best()
    return content.decode(best.encoding if best is not None else "latin-1", errors="replace")


def _charset(named: str) -> str:
    name = codecs.lookup(named or "utf-8").name
    if name in _NO_CHARSETS:
        raise LookupError(name)
    return name


def clean(text: str) -> str:
    """Line ends as ours, without letters that no screen shows, of a bounded length."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in text if _is_shown(one))[:_MOST_LETTERS].strip()


def _is_shown(one: str) -> bool:
    """Halves of a surrogate pair, which UTF-7 can spell, are no letters: no database takes them."""
    return one in "\n\t" or one.isprintable() or (one > "\x9f" and not "\ud800" <= one <= "\udfff")


def text_of_html(html: str) -> str:
    reader = _Reader()
    try:
        reader.feed(_tamed(html[:_MOST_BYTES]))
        reader.close()
    except (AssertionError, ValueError):  # the parser gives up on some malformed declarations
        return clean(re.sub(r"<[^<>]{0,2000}>", " ", html[:_MOST_LETTERS]))
    lines = "".join(reader.found).replace("\xa0", " ")
    return clean(_LINES.sub("\n\n", lines))


def _tamed(html: str) -> str:
    """Without comments and declarations, and with tags that end: the parser looks for the end of
    each other one through all the rest, which a mail made for it turns into hours."""
    without = _DECLARATION.sub("", _without_comments(html))
    return _NO_TAG.sub("&lt;", without)


def _without_comments(html: str) -> str:
    kept, at = [], 0
    while (start := html.find("<!--", at)) >= 0:
        kept.append(html[at:start])
        end = html.find("-->", start + 4)
        if end < 0:
            return "".join(kept)
        at = end + 3
    return "".join((*kept, html[at:]))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent = 0
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCKS:
            self.found.append("\n")
        elif tag == "a":
            target = dict(attrs).get("href") or ""
            self._link = target if target.startswith(("http://", "https://")) else ""

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag in _BLOCKS or tag == "p":
            self.found.append("\n")
        elif tag == "a" and self._link:
            if self._link not in "".join(self.found[-3:]):
                self.found.append(f" ({self._link[:500]})")
            self._link = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(re.sub(r"\s+", " ", data))
