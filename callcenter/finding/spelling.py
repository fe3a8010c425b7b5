"""One key for all spellings of a name: Ковальский, Kowalski, Kovalsky, Kovalskij → `kovalski`.

What passports, ISO 9, Poles and Germans write for the same sound becomes one letter. The key is
for comparing only, and coarse: whoever shows results ranks them by what was really written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from callcenter.customers.names import fold

_LETTERS = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяієїґў",
        re.split(
            " ", "a b v g d e z z i i k l m n o p r s t u f h k h s s . i . e iu ia i e i g v"
        ),
        strict=True,
    )
)
_CYRILLIC = str.maketrans({letter: "" if to == "." else to for letter, to in _LETTERS.items()})
# Marks that make another letter of it; all others fall away (`fold`).
_MARKED = str.maketrans({"č": "ch", "ć": "ch", "ĉ": "ch", "ŝ": "sh", "ẑ": "zh"})
_SIGNS = re.compile("[ʹʺ′″'’`ʼ]")
_SEVERAL = {
    **dict.fromkeys(("szcz", "shch", "sch", "sh", "sz"), "s"),
    **dict.fromkeys(("tsch", "tch", "ch", "cz", "kh"), "h"),
    **dict.fromkeys(("zh", "rz"), "z"),
    **dict.fromkeys(("ts", "tz", "ck", "c"), "k"),
    "ph": "f",
    "th": "t",
    "qu": "kv",
    "q": "k",
    "x": "ks",
    "w": "v",
    "y": "i",
    "j": "i",
}
_TOGETHER = re.compile("|".join(sorted(_SEVERAL, key=len, reverse=True)))
_SOFT = re.compile("i+[eo]")
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=16_384)
def spelling_key(word: str) -> str:
    """Letters and digits alone, idempotent. Digits stay as they are, doubled ones too."""
    plain = unicodedata.normalize("NFKC", word).casefold()
    key = fold(_SIGNS.sub("", plain).translate(_MARKED)).translate(_CYRILLIC)
    while True:
        shorter = _SOFT.sub("e", _TOGETHER.sub(lambda found: _SEVERAL[found[0]], key))
        shorter = _DOUBLED.sub(_once, shorter)
        if shorter == key:
            return key
        key = shorter


def _once(found: re.Match[str]) -> str:
    return found[0] if found[1].isdigit() else found[1]
