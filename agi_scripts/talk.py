"""One caller who listens and presses keys: says things, waits for keys, and keeps a guard.

The guard is Asterisk's own clock (SET AUTOHANGUP): before whatever takes time it is set a little
longer than that, so that a CRM that hangs or dies gives the call back to the dialplan.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import Final

from agi_scripts.prompt_book import PromptBook
from agi_scripts.session import AgiSession
from agi_scripts.wire import AGIAppError, AGIHangup

ANY_KEY: Final = "0123456789*#"
_SPARE_SECONDS: Final = 8
_BETWEEN_DIGITS: Final = 6.0


class Talk:
    def __init__(self, session: AgiSession, book: PromptBook, language: str) -> None:
        self.session = session
        self.language = language
        self.customer_id: int | None = None
        """Who the caller proved to be."""
        self.attempts = 0
        self._book = book

    async def say(self, *keys: str, escape: str = ANY_KEY) -> str:
        """Prompts one after the other; the key that ended them, or ''."""
        for key in keys:
            file = await self._book.of_prompt(key, self.language)
            pressed = await self._stream(file, escape)
            if pressed:
                return pressed
        return ""

    async def speak(self, words: Iterable[str], escape: str = ANY_KEY) -> str:
        files = await self._book.of_words(tuple(words), self.language)
        for file in files:
            pressed = await self._stream(file, escape)
            if pressed:
                return pressed
        return ""

    async def listen(self, seconds: float) -> str:
        """The key that was pressed within so long; else ''."""
        await self.guard(seconds)
        try:
            return await self.session.wait_for_digit(seconds)
        except AGIAppError as error:  # it fails for nothing else
            raise AGIHangup("the caller is gone") from error

    async def digits(self, most: int, first: str = "", seconds: float = 8.0) -> str:
        """Digits up to # or a pause; '*' begins anew. `first` was pressed already."""
        keyed, key = "", first
        while True:
            if key == "#" or (not key and keyed):
                return keyed
            keyed = "" if key == "*" else keyed + key
            if len(keyed) >= most:
                return keyed
            key = await self.listen(_BETWEEN_DIGITS if keyed else seconds)
            if not key and not keyed:
                return ""

    async def guard(self, seconds: float) -> None:
        """Asterisk takes the call back this long from now, and a little more."""
        await self.session.set_autohangup(ceil(seconds) + _SPARE_SECONDS)

    async def _stream(self, file: str, escape: str) -> str:
        if not file:
            return ""
        await self.guard(self._book.seconds(file))
        try:
            return await self.session.stream_file(file, escape)
        except AGIAppError as error:
            if self.session.hung_up:
                raise AGIHangup("the caller is gone") from error
            return ""
