"""Lets a caller hear things: a prompt by its key, or words one after the other.

Never raises for what is lacking: a prompt that has no sound in any language is passed over, so
that no caller hears silence for it. Raises as every command does when the caller is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Protocol

from agi_scripts.session import AgiSession
from agi_scripts.wire import AGIAppError


class Sounds(Protocol):
    """Where the sound of things is, as Asterisk names the file: whole path, no ending."""

    def of_prompt(self, key: str, language: str) -> PurePosixPath | None: ...

    def of_word(self, word: str, language: str) -> PurePosixPath | None: ...


class Prompts:
    def __init__(self, sounds: Sounds) -> None:
        self._sounds = sounds

    async def play(self, session: AgiSession, key: str, language: str, escape: str = "") -> str:
        """The key of `escape` that was pressed meanwhile and ended it; else ''."""
        return await _stream(session, self._sounds.of_prompt(key, language), escape)

    async def speak(
        self, session: AgiSession, words: Iterable[str], language: str, escape: str = ""
    ) -> str:
        """Words of `callcenter.speech`, one after the other; the key that ended them, or ''."""
        for word in words:
            pressed = await _stream(session, self._sounds.of_word(word, language), escape)
            if pressed:
                return pressed
        return ""


async def _stream(session: AgiSession, file: PurePosixPath | None, escape: str) -> str:
    if file is None:
        return ""
    try:
        return await session.stream_file(str(file), escape)
    except AGIAppError:
        # -1: the file cannot be played, or the caller is gone. Who is gone is told so by the next
        # command; a file that is not there costs nobody the rest.
        return ""
