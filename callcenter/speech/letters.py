"""Latin letters by their names, for codes that no word stands for. Pure."""

from __future__ import annotations

from typing import Final

_RU: Final = """
    а бэ цэ дэ е эф гэ аш и йот ка эль эм эн о пэ ку эр эс тэ у вэ дубль-вэ икс игрек зет
"""
# As a voice is told them: Russian has no Latin letters, so they are written out.
_NAMES: Final = {
    "en": tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "ru": tuple(_RU.split()),
    "pl": tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
}


def spelled(code: str, locale: str) -> tuple[str, ...]:
    """Each letter of A–Z by itself; other signs are left out."""
    names = _NAMES[locale]
    return tuple(names[ord(sign) - 65] for sign in code.upper() if "A" <= sign <= "Z")
