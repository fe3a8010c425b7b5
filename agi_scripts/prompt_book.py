"""Which file is heard for a prompt or a word. Remembers what it found; what takes time is done in
a thread, so that no other caller waits for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from agi_scripts.lookup import LookupPool, StuckError
from agi_scripts.once import OncePerSpell
from callcenter.ports.prompts import Sounds, VoiceUnavailable
from callcenter.speech.prompts import Heard, Prompt, heard_as

T = TypeVar("T")
_FRESH_SECONDS: Final = 2.0
_PATIENCE: Final = 10.0


class PromptBook:
    """`read` gives the company's own prompts by key."""

    def __init__(
        self,
        read: Callable[[], Mapping[str, Prompt]],
        sounds: Sounds,
        there: str,
        pool: LookupPool,
        once: OncePerSpell,
    ) -> None:
        self._read = read
        self._sounds = sounds
        self._there = there
        self._once = once
        self._prompts: Mapping[str, Prompt] = {}
        self._read_at = float("-inf")
        self._words: dict[tuple[str, str], str] = {}
        self._files: dict[tuple[str, str], str] = {}
        self._seconds: dict[str, float] = {}
        self._pool = pool

    async def of_prompt(self, key: str, language: str) -> str:
        """As Asterisk names the file: whole path, no ending. '' where nothing can be heard."""
        if time.monotonic() - self._read_at < _FRESH_SECONDS:
            found = self._files.get((key, language))
            if found is not None:
                return found
        return await self._in_thread(lambda: self._find(key, language), "")

    async def of_words(self, words: tuple[str, ...], language: str) -> tuple[str, ...]:
        """One file for each word, or none at all: half a number is worse than none."""
        if any((word, language) not in self._words for word in words):
            lacking: tuple[str, ...] = ()
            made = await self._in_thread(
                lambda: tuple(self._word(word, language) for word in words), lacking
            )
            return made if all(made) else ()
        return tuple(self._words[word, language] for word in words)

    def seconds(self, file: str) -> float:
        """How long a file is that was found here."""
        return self._seconds.get(file, 0.0)

    def prepare(self, key: str, language: str) -> None:
        """Has it spoken before anybody asks; takes time."""
        self._find(key, language)

    def prepare_word(self, word: str, language: str) -> None:
        self._word(word, language)

    async def _in_thread(self, work: Callable[[], T], failed: T) -> T:
        try:
            return await self._pool.run(work, _PATIENCE)
        except (TimeoutError, StuckError):
            self._once.report("agi.prompt_late", "prompt")
            return failed

    def _find(self, key: str, language: str) -> str:
        self._refresh()
        file = ""
        for way in heard_as(self._prompts.get(key), key, language):
            file = self._file(way)
            if file:
                break
        else:
            self._once.report("agi.prompt_unheard", "prompt", prompt=ascii(key[:40]))
        self._files[key, language] = file
        return file

    def _refresh(self) -> None:
        """What a database that is away last said goes on being true."""
        if time.monotonic() - self._read_at < _FRESH_SECONDS:
            return
        self._read_at = time.monotonic()
        try:
            prompts = self._read()
        except Exception as error:  # noqa: BLE001  # a prompt must not cost the call
            self._once.report("agi.prompts_unread", "database", error=type(error).__name__)
            return
        if prompts != self._prompts:
            self._prompts = prompts
            self._files.clear()

    def _word(self, word: str, language: str) -> str:
        file = self._file(Heard(text=word, locale=language))
        if file:
            self._words[word, language] = file
        return file

    def _file(self, way: Heard) -> str:
        try:
            name = way.stored_as or self._sounds.spoken(way.text, way.locale)
            seconds = self._sounds.seconds(name)
        except VoiceUnavailable as error:
            self._once.report("agi.voice_unavailable", "voice", words=str(error))
            return ""
        except Exception as error:  # noqa: BLE001  # a full disk must not cost the call
            self._once.report("agi.prompt_failed", type(error).__name__)
            return ""
        file = f"{self._there}/{name}"
        self._seconds[file] = seconds
        return file if seconds else ""
