"""Lets a caller hear things: a prompt by its key, or words one after the other.

Never raises for what is lacking: a prompt that has no sound in any language is passed over, so
that no caller hears silence for it. Raises as every command does when the caller is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from agi_scripts.session import AgiSession
from agi_scripts.wire import AGIAppError
from callcenter.speech import LOCALES


class Book(Protocol):
    """Where the sound of things is: whole paths without an ending, as Asterisk names files."""

    async def of_prompt(self, key: str, language: str) -> str: ...

    async def of_words(self, words: tuple[str, ...], language: str) -> tuple[str, ...]: ...


class Prompts:
    def __init__(self, book: Book) -> None:
        self._book = book

    async def play(self, session: AgiSession, key: str, language: str, escape: str = "") -> str:
        """The key of `escape` that was pressed meanwhile and ended it; else ''."""
        file = await self._book.of_prompt(key, spoken_language(language))
        return await _stream(session, file, escape)

    async def speak(
        self, session: AgiSession, words: Iterable[str], language: str, escape: str = ""
    ) -> str:
        """Words of `callcenter.speech`, one after the other; the key that ended them, or ''."""
        for file in await self._book.of_words(tuple(words), spoken_language(language)):
            pressed = await _stream(session, file, escape)
            if pressed:
                return pressed
        return ""


def spoken_language(language: str) -> str:
    """One that we speak, whatever is known of the caller: the first, if nothing is."""
    return language if language in LOCALES else LOCALES[0]


async def _stream(session: AgiSession, file: str, escape: str) -> str:
    if not file:
        return ""
    try:
        return await session.stream_file(file, escape)
    except AGIAppError:
        # The file cannot be played, or the caller is gone. Who is gone is told so by the next
        # command; a file that is not there costs nobody the rest.
        return ""
