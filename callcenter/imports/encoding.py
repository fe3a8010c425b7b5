"""In which encoding a file is written, from a bounded sample of it.

A mark at the beginning or valid UTF-8 settles it. Else the single-byte encodings of our users are
compared by what their letters would be; what is undecided even so, charset-normalizer says.
"""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO, Final

from charset_normalizer import from_bytes

ENCODINGS: Final = (
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "cp1250",
    "iso-8859-2",
    "cp1251",
    "koi8-r",
    "cp866",
    "cp1252",
)
"""What may be chosen by hand; utf-8-sig reads UTF-8 with and without its mark."""
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD, _PIECE, _PIECES = 256 * 1024, 64 * 1024, 8
_POLISH = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ")
_CENTRAL = _POLISH | frozenset("áčďéěíňřšťúůýžäôľĺŕöüőűßÁČĎÉĚÍŇŘŠŤÚŮÝŽÄÔĽĹŔÖÜŐŰ„”“’–—…§°€«»")
_RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ")
_CYRILLIC = _RUSSIAN | frozenset("іїєґўІЇЄҐЎ«»№–—…„“”’°")
_WESTERN = frozenset("àâäçéèêëîïñôöùûüßÀÂÄÇÉÈÊËÎÏÑÔÖÙÛÜåÅæÆøØ–—…€’“”«»°§")
_LETTERS: Final = {
    "cp1250": _CENTRAL,
    "iso-8859-2": _CENTRAL,
    "cp1251": _CYRILLIC,
    "koi8-r": _CYRILLIC,
    "cp866": _CYRILLIC,
    "cp1252": _WESTERN,
}
_COMMON = _POLISH | _RUSSIAN
_TURNED_CASE = re.compile(r"[а-яё][А-ЯЁ]")


def sample_of(file: BinaryIO, size: int) -> tuple[bytes, ...]:
    """The beginning, and whole lines from places spread over the rest."""
    file.seek(0)
    pieces = [file.read(_HEAD)]
    if size > _HEAD:
        step = max(_PIECE, (size - _HEAD) // _PIECES)
        for start in range(_HEAD, size, step):
            file.seek(start)
            pieces.append(_whole_lines(file.read(_PIECE)))
    file.seek(0)
    return tuple(pieces)


def _whole_lines(piece: bytes) -> bytes:
    first, last = piece.find(b"\n") + 1, piece.rfind(b"\n") + 1
    return piece[first:last]


def guess_encoding(pieces: tuple[bytes, ...]) -> str:
    head = pieces[0] if pieces else b""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if wide := _without_mark(head):
        return wide
    if all(_is_utf8(piece, cut=at == 0 and len(head) >= _HEAD) for at, piece in enumerate(pieces)):
        return "utf-8-sig"
    telling = b"\n".join(_telling_lines(piece) for piece in pieces)[:_HEAD]
    return _single_byte(telling)


def _without_mark(head: bytes) -> str:
    """Plain letters of UTF-16 have a zero beside each: on which side says which way round."""
    even, odd = head[0:4096:2], head[1:4096:2]
    if len(odd) < 4:
        return ""
    low, high = odd.count(0) / len(odd), even.count(0) / len(even)
    if low > 0.3 and high < 0.1:
        return "utf-16-le"
    return "utf-16-be" if high > 0.3 and low < 0.1 else ""


def _is_utf8(piece: bytes, *, cut: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(piece, final=not cut)
    except UnicodeDecodeError:
        return _is_mostly_utf8(piece)
    return True


def _is_mostly_utf8(piece: bytes) -> bool:
    """A few broken bytes in a large UTF-8 file are broken bytes, not another encoding."""
    broken = sum("\udc80" <= sign <= "\udcff" for sign in piece.decode("utf-8", "surrogateescape"))
    whole = sum(1 for sign in piece.decode("utf-8", "ignore") if sign > "\x7f")
    return broken * 20 < whole


def _telling_lines(piece: bytes) -> bytes:
    return b"\n".join(line for line in piece.split(b"\n") if not line.isascii())


def _single_byte(data: bytes) -> str:
    scores = {name: _score(data, name) for name in _LETTERS}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] > 0.5:
        return best
    found = from_bytes(data[:32768], cp_isolation=list(_LETTERS)).best()
    return found.encoding.replace("_", "-") if found is not None else "cp1250"


def _score(data: bytes, name: str) -> float:
    """How many of the letters beyond ASCII are letters of those languages, the common ones most."""
    text = data.decode(name, "replace")
    strange = [sign for sign in text if sign > "\x7f"]
    if not strange:
        return 0.0
    known = sum(sign in _LETTERS[name] for sign in strange)
    common = sum(sign in _COMMON for sign in strange)
    turned = len(_TURNED_CASE.findall(text))
    return (known + 0.25 * common - turned) / len(strange) - _alone(text) / len(strange)


def _alone(text: str) -> float:
    """Signs inside words that are no letters: `Przedsi•biorstwo` is read in a wrong encoding."""
    return float(len(re.findall(r"(?<=[^\W\d_])[^\w\s'’.,;:|\"/()&+@#*!?\\-](?=[^\W\d_])", text)))
