"""Scripts that talk with callers, and what they share: prompts, menus, threads of their own, so
that nobody who listens takes a look-up's place from who waits for a decision.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Final

from agi_scripts.lookup import LookupPool
from agi_scripts.menu import MenuScript
from agi_scripts.menu_book import MenuBook
from agi_scripts.once import OncePerSpell
from agi_scripts.prompt_book import PromptBook
from agi_scripts.record_prompt import RecordPromptScript
from agi_scripts.say import SayScript
from agi_scripts.self_service import SelfService
from agi_scripts.server import Script
from callcenter.queries.menus import all_prompts
from callcenter.runtime import Runtime
from callcenter.speech import LOCALES, vocabulary
from callcenter.speech.builtin import SERVICE_PROMPTS
from callcenter.speech.prompts import Prompt

MENU_SECONDS: Final = 1800.0
_SAY_SECONDS: Final = 3.0
_RECORD_SECONDS: Final = 900.0
_PATIENCE: Final = 10.0
_THREADS: Final = 3
_BETWEEN_WORDS: Final = 0.02
_LANGUAGE_BY_REGION: Final = {"PL": "pl", "RU": "ru", "BY": "ru", "KZ": "ru"}


class Voices:
    def __init__(self, runtime: Runtime, once: OncePerSpell) -> None:
        self._runtime = runtime
        self._once = once
        self._closing = threading.Event()
        self._pool = LookupPool(_PATIENCE, _THREADS)
        settings = runtime.settings
        self.language = _LANGUAGE_BY_REGION.get(settings.default_region, LOCALES[0])
        """Of callers of whom nothing is known."""
        self.prompts = PromptBook(
            self._read_prompts, runtime.sounds, settings.prompts_there, self._pool, once
        )
        self._menus = MenuBook(runtime.reader, runtime.clock, self._prepare, once)

    def start(self) -> None:
        self._pool.start()
        self._menus.start()

    def close(self) -> None:
        self._closing.set()
        self._menus.stop(1.0)
        self._pool.close()

    def scripts(self) -> dict[str, Script]:
        menu = MenuScript(
            book=self._menus,
            prompts=self.prompts,
            serve=SelfService(
                runtime=self._runtime, pool=self._pool, once=self._once, language=self.language
            ),
            once=self._once,
            default_language=self.language,
        )
        say = SayScript(prompts=self.prompts, default_language=self.language)
        record = RecordPromptScript(
            runtime=self._runtime, prompts=self.prompts, pool=self._pool, language=self.language
        )
        return {
            "menu": Script(answer=menu, seconds=MENU_SECONDS, long=True),
            "say": Script(answer=say, seconds=_SAY_SECONDS),
            "record-prompt": Script(answer=record, seconds=_RECORD_SECONDS, long=True),
        }

    def _prepare(self, keys: Sequence[str]) -> None:
        """The language of most callers first."""
        others = (one for one in LOCALES if one != self.language)
        for language in (self.language, *others):
            for key in keys:
                if self._closing.is_set():
                    return
                self.prompts.prepare(key, language)
        if set(SERVICE_PROMPTS) <= set(keys):
            self._prepare_words()

    def _prepare_words(self) -> None:
        """Amounts and dates in the language of most callers; unhurried, since it is done once."""
        for word in vocabulary(self.language):
            if self._closing.wait(_BETWEEN_WORDS):
                return
            self.prompts.prepare_word(word, self.language)

    def _read_prompts(self) -> dict[str, Prompt]:
        with self._runtime.reader() as connection:
            return all_prompts(connection)
