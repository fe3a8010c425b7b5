"""Text without what nobody sees: control characters, marks that turn the direction of what follows,
spaces of no width. A name is kept as its owner writes it, in whatever script. Pure.
"""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")
# Between two letters they are spelling (Persian, Hindi, an emoji of several), elsewhere nothing.
_JOINERS = "\u200c\u200d"
_JOINER = re.compile(f"(?<=\\w)[{_JOINERS}](?=\\w)|(?<=[\u093c-\u0dff])[{_JOINERS}]")
# Letters and marks that show nothing, although Unicode does not call them controls.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufeff")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})


def one_line(text: str) -> str:
    """For a name or an address: one line, one space between words."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _SPACES.sub(" ", _seen(text.replace("\n", " ").replace("\r", " "))).strip()


def lines(text: str) -> str:
    """For remarks: lines stay lines."""
    kept = _seen(text.replace("\r\n", "\n").replace("\r", "\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in kept.split("\n"))).strip()


def _seen(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable() and _INVISIBLE.isdisjoint(composed):
        return composed  # most texts by far: nothing to look at letter by letter
    spelling = {found.start() for found in _JOINER.finditer(composed)}
    return "".join(
        letter
        for place, letter in enumerate(composed)
        if letter in "\n\t" or place in spelling or not _is_hidden(letter)
    )


def _is_hidden(letter: str) -> bool:
    return letter in _INVISIBLE or unicodedata.category(letter) in _HIDDEN
