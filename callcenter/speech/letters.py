"""Latin letters by their names, for codes that no word stands for. Pure."""

from __future__ import annotations

from typing import Final

# A lone letter would be read as a word in Polish („w”, „z”), and Russian has none of them.
_RU: Final = """
    а бэ цэ дэ е эф гэ аш и йот ка эль эм эн о пэ ку эр эс тэ у вэ дубль-вэ икс игрек зет
"""
_PL: Final = "a be ce de e ef gie ha i jot ka el em en o pe ku er es te u fał wu iks igrek zet"
_NAMES: Final = {
    "en": tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "ru": tuple(_RU.split()),
    "pl": tuple(_PL.split()),
}


def spelled(code: str, locale: str) -> tuple[str, ...]:
    """Each letter of A–Z by itself; other signs are left out."""
    names = _NAMES[locale]
    return tuple(names[ord(sign) - 65] for sign in code.upper() if "A" <= sign <= "Z")
