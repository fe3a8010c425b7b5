"""The script `record-prompt`: a colleague speaks a prompt into their phone, listens, keeps it.

The file's name is made here; the code that is keyed names what was asked for on the page, and
nothing else.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from agi_scripts.lookup import LookupPool
from agi_scripts.prompt_book import PromptBook
from agi_scripts.session import AgiSession
from agi_scripts.talk import Talk
from callcenter.errors import ProductError
from callcenter.ports.menus import AskedRecording
from callcenter.runtime import Runtime
from callcenter.services import prompts as services

LONGEST_SECONDS: Final = 120
_SECONDS: Final = 5.0
_TAKES: Final = 10
_CODE: Final = re.compile(r"[0-9]{8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPromptScript:
    runtime: Runtime
    prompts: PromptBook
    pool: LookupPool
    language: str

    async def __call__(self, session: AgiSession) -> None:
        talk = Talk(session, self.prompts, self.language)
        code = session.request.query.get("code", "")
        asked = await self._asked(code) if _CODE.fullmatch(code) else None
        if asked is None:
            await talk.say("record-unknown", escape="")
            return
        try:
            for _ in range(_TAKES):
                if await self._take(talk, code, asked):
                    return
        finally:  # what is kept lies elsewhere; the rest is nobody's
            with suppress(OSError):
                self._file(code).unlink()

    async def _asked(self, code: str) -> AskedRecording | None:
        work = partial(
            services.asked,
            code,
            unit_of_work=self.runtime.unit_of_work,
            clock=self.runtime.clock,
        )
        return await self.pool.run(work, _SECONDS)

    async def _take(self, talk: Talk, code: str, asked: AskedRecording) -> bool:
        """False: once more."""
        settings = self.runtime.settings
        (settings.prompts_folder / "takes").mkdir(parents=True, exist_ok=True)
        await talk.say("record-after-tone")
        await talk.guard(LONGEST_SECONDS)
        there = f"{settings.prompts_there}/takes/{code}"
        await talk.session.record_file(there, LONGEST_SECONDS)
        while True:
            await talk.guard(LONGEST_SECONDS)
            key = await talk.session.stream_file(there, "123")
            key = key or await talk.say("record-keep", escape="123") or await talk.listen(10)
            if key == "1":
                return await self._keep(talk, code, asked)
            if key != "3":
                return key != "2"

    async def _keep(self, talk: Talk, code: str, asked: AskedRecording) -> bool:
        await talk.guard(_SECONDS * 4)
        try:
            content = await self.pool.run(self._file(code).read_bytes, _SECONDS)
            keep = partial(
                services.keep_recording,
                asked,
                content,
                unit_of_work=self.runtime.unit_of_work,
                clock=self.runtime.clock,
                sounds=self.runtime.sounds,
            )
            await self.pool.run(keep, _SECONDS * 3)
        except (OSError, ProductError):  # nothing was said, or the folder is not shared
            await talk.say("service-failed", escape="")
            return False
        await talk.say("record-kept", escape="")
        return True

    def _file(self, code: str) -> Path:
        return self.runtime.settings.prompts_folder / "takes" / f"{code}.wav"
