"""The script `message`: what is said before a caller leaves a message, and after it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from agi_scripts import variables
from agi_scripts.prompts import Book, spoken_language
from agi_scripts.session import AgiSession
from agi_scripts.waiting import files_of
from callcenter.waiting.announcing import Said

_SECONDS: Final = 1.2


@dataclass(frozen=True, slots=True)
class MessageScript:
    book: Book

    async def __call__(self, session: AgiSession) -> None:
        locale = spoken_language(session.request.get("agi_language"))
        making = {
            variables.CRM_SAY: asyncio.ensure_future(self._files("message-greeting", locale)),
            variables.CRM_SAY_AFTER: asyncio.ensure_future(self._files("message-thanks", locale)),
        }
        await asyncio.wait(making.values(), timeout=_SECONDS)
        there = {name: one.result() for name, one in making.items() if one.done()}
        await session.set_variables({name: files for name, files in there.items() if files})
        session.end()
        await asyncio.gather(*making.values())  # for the next caller

    async def _files(self, prompt: str, locale: str) -> str:
        return await files_of(self.book, [Said(prompt)], locale)
