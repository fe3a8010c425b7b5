"""What a cell says, as a value: yes or no, one of several, several in one cell.

Each function raises ValueError with words for the person who will mend the file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from callcenter.exports.guard import unguarded

_YES: Final = frozenset(
    [
        "1",
        "yes",
        "y",
        "true",
        "t",
        "on",
        "x",
        "✓",
        "+",
        "да",
        "д",
        "истина",
        "tak",
        "t",
        "prawda",
        "ja",
        "si",
        "oui",
    ]
)
_NO: Final = frozenset(
    [
        "0",
        "no",
        "n",
        "false",
        "f",
        "off",
        "-",
        "–",
        "нет",
        "н",
        "ложь",
        "nie",
        "n",
        "fałsz",
        "nein",
        "non",
    ]
)
_VTIGER_SEPARATOR: Final = "|##|"
_REFERENCE = re.compile(r"\s*[A-Za-z]{2,40}::::")
# Control characters but tab and line breaks; marks that turn or hide what is written beside them.
_UNSEEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2028-\u202e\u2060-\u2069\ufeff]")
_DAMAGED = re.compile("[\udc80-\udcff]")


def cell(text: str, *, guarded: bool) -> str:
    """Without what surrounds it and what nobody sees. NUL and damage are for `check`."""
    text = unguarded(text) if guarded else text
    if text.isprintable():
        return text.strip()  # most cells by far: nothing in them is unseen
    return _UNSEEN.sub("", text.replace("\r\n", "\n")).strip()


def check(text: str, encoding: str) -> None:
    if text.isprintable() and not encoding.startswith("utf-16"):
        return
    if "\0" in text:
        raise ValueError("has a NUL character in it")
    if _DAMAGED.search(text) or (encoding.startswith("utf-16") and "\ufffd" in text):
        raise ValueError(f"is not readable as {encoding.removesuffix('-sig').upper()}")


def readable(text: str) -> str:
    """As it may be stored and shown, whatever bytes it came from."""
    return _DAMAGED.sub("\ufffd", text).replace("\0", "\ufffd")


def yes_no(text: str) -> bool:
    plain = unicodedata.normalize("NFC", text).casefold().strip()
    if plain in _YES:
        return True
    if plain in _NO or not plain:
        return False
    raise ValueError("is neither yes nor no")


def whole(text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[+-]?\d{1,18}(\.0+)?", text):
        raise ValueError("is not a whole number")
    number = int(text.partition(".")[0])
    if not least <= number <= most:
        raise ValueError(f"must be {least} to {most}")
    return number


def referred(text: str) -> str:
    """`Accounts::::Acme` is how VtigerCRM writes a reference: the name is what counts."""
    return _REFERENCE.sub("", text, count=1).strip()


def split_list(text: str) -> tuple[str, ...]:
    """`a; b; "c; d"`, one to a line, or `a |##| b`. Empty ones are none."""
    if text.isalnum():
        return (text,)
    if _VTIGER_SEPARATOR in text:
        return _without_empty(text.split(_VTIGER_SEPARATOR))
    items: list[str] = []
    rest = text
    while rest:
        item, rest = _first(rest.lstrip(" "))
        items.append(item)
    return _without_empty(items)


def _first(text: str) -> tuple[str, str]:
    if text.startswith('"') and (
        quoted := re.match(r'"((?:[^"]|"")*)"[ ]*(?:[;\n]|$)', text, re.DOTALL)
    ):
        return quoted.group(1).replace('""', '"'), text[quoted.end() :]
    item, _, rest = (
        text.replace("\n", ";", 1).partition(";") if _line_first(text) else (text.partition(";"))
    )
    return item, rest


def _line_first(text: str) -> bool:
    line, mark = text.find("\n"), text.find(";")
    return line >= 0 and (mark < 0 or line < mark)


def join_list(items: Iterable[str]) -> str:
    """Inverse of `split_list` for items that are neither empty nor surrounded by blanks."""
    return "; ".join(_quoted(item) for item in items)


def _quoted(item: str) -> str:
    if re.search(r'[;"\n\r]|\|##\|', item):
        return '"' + item.replace('"', '""') + '"'
    return item


def _without_empty(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(item.strip() for item in items if item.strip())
