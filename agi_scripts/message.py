"""The script `message`: what is said before a caller leaves a message, and after it."""

from __future__ import annotations

from dataclasses import dataclass

from agi_scripts import variables
from agi_scripts.prompts import Book, spoken_language
from agi_scripts.session import AgiSession
from agi_scripts.waiting import files_of
from callcenter.waiting.announcing import Said


@dataclass(frozen=True, slots=True)
class MessageScript:
    book: Book

    async def __call__(self, session: AgiSession) -> None:
        locale = spoken_language(session.request.get("agi_language"))
        values = {
            variables.CRM_SAY: await files_of(self.book, [Said("message-greeting")], locale),
            variables.CRM_SAY_AFTER: await files_of(self.book, [Said("message-thanks")], locale),
        }
        await session.set_variables({name: value for name, value in values.items() if value})
        session.end()
