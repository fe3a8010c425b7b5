"""The script `say`: which file is the prompt that CRM_TARGET names. The dialplan plays it, so that
a CRM that dies meanwhile is not heard.
"""

from __future__ import annotations

from dataclasses import dataclass

from agi_scripts import variables
from agi_scripts.prompt_book import PromptBook
from agi_scripts.session import AgiSession
from callcenter.speech import LOCALES


@dataclass(frozen=True, slots=True, kw_only=True)
class SayScript:
    prompts: PromptBook
    default_language: str = LOCALES[0]

    async def __call__(self, session: AgiSession) -> None:
        key = await session.get_variable(variables.CRM_TARGET)
        known = await session.get_variable(variables.CRM_LANGUAGE)
        language = known if known in LOCALES else self.default_language
        file = await self.prompts.of_prompt(key, language)
        await session.set_variables({variables.CRM_SAY: file})
        session.end()
