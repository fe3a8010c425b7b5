"""The script `survey`: asks a caller, whose operator has hung up first, how it was.

Each answer is kept as it is keyed: whoever hangs up in the middle has answered that much. A key
that means nothing, and silence, are asked again once. Whatever fails, the call ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from agi_scripts import variables
from agi_scripts.lookup import LookupPool
from agi_scripts.once import OncePerSpell
from agi_scripts.prompt_book import PromptBook
from agi_scripts.server import Script
from agi_scripts.session import AgiSession
from agi_scripts.talk import Talk
from agi_scripts.waiting_scripts import number_reader
from callcenter.runtime import Runtime
from callcenter.services import survey_answers
from callcenter.services.survey_answers import Asked, Ended, SurveyRoom
from callcenter.speech import LOCALES
from callcenter.speech.builtin_survey import SURVEY
from callcenter.surveys.answering import value_of
from callcenter.surveys.survey import Question, Survey

_READ_SECONDS: Final = 1.5
_WRITE_SECONDS: Final = 3.0
_LISTEN_SECONDS: Final = 6.0
_PREPARE_SECONDS: Final = 10.0
_TRIES: Final = 2
_SECONDS: Final = 180.0
"""Five questions, each asked twice, and somebody who thinks it over."""
_KEYS: Final = {"score": "survey-score-keys", "yesno": "survey-yesno-keys"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyScript:
    room: SurveyRoom
    prompts: PromptBook
    pool: LookupPool
    once: OncePerSpell
    number_of: Callable[[AgiSession], str]
    default_pbx: str = ""

    async def __call__(self, session: AgiSession) -> None:
        ended = await self._ended(session)
        ask = partial(survey_answers.ask_by_keys, ended, self.room)
        asked = await self.pool.run(ask, _READ_SECONDS)
        if asked is None:
            session.end()
            return
        await session.set_variables({variables.CRM_SURVEY: asked.survey.key})
        language = ended.language or asked.survey.language
        talk = Talk(session, self.prompts, language)
        try:
            await self._prepare(talk, asked.survey)
            whole = await self._questions(talk, asked)
            if whole and asked.survey.comment:
                await self._offer_words(talk, asked, ended)
            await talk.say("survey-thanks")
        finally:  # whatever was answered is told, also when the caller is gone
            self.pool.put(partial(self._finish, asked.answer_id))
        session.end()

    async def _ended(self, session: AgiSession) -> Ended:
        request = session.request
        language = await session.get_variable(variables.CRM_LANGUAGE)
        return Ended(
            pbx=request.query.get("pbx", self.default_pbx)[:80],
            uniqueid=request.get("agi_uniqueid")[:80],
            queue=request.query.get("queue", "")[:80],
            number=self.number_of(session),
            language=language if language in LOCALES else "",
        )

    async def _prepare(self, talk: Talk, survey: Survey) -> None:
        """All that may be said, before anything is: a key pressed while a text is read aloud for
        the first time would be lost."""
        await talk.guard(_PREPARE_SECONDS)
        for question in survey.questions:
            if not question.prompt:
                await self.prompts.of_words((question.text(talk.language),), talk.language)
        named = (one.prompt for one in survey.questions if one.prompt)
        for key in (*named, *SURVEY):
            await self.prompts.of_prompt(key, talk.language)

    async def _questions(self, talk: Talk, asked: Asked) -> bool:
        """Whether all of them were answered."""
        answers: dict[str, int] = {}
        for place, question in enumerate(asked.survey.questions):
            value = await self._question(talk, question)
            if value is None:
                return False
            answers[str(place)] = value
            keep = partial(survey_answers.keep, asked.answer_id, dict(answers), self.room)
            await self.pool.run(keep, _WRITE_SECONDS)
        return True

    async def _question(self, talk: Talk, question: Question) -> int | None:
        for _ in range(_TRIES):
            key = await self._ask(talk, question)
            key = key or await talk.say(_KEYS[question.kind])
            key = key or await talk.listen(_LISTEN_SECONDS)
            value = value_of(question, key)
            if value is not None:
                return value
            if key:
                await talk.say("survey-wrong-key", escape="")
        return None

    @staticmethod
    async def _ask(talk: Talk, question: Question) -> str:
        if question.prompt:
            return await talk.say(question.prompt)
        return await talk.speak((question.text(talk.language),))

    async def _offer_words(self, talk: Talk, asked: Asked, ended: Ended) -> None:
        key = await talk.say("survey-comment-offer") or await talk.listen(_LISTEN_SECONDS)
        if key != "1":
            return
        file = f"{ended.uniqueid}-survey-{ended.queue}.wav"
        follows = partial(survey_answers.message_follows, asked.answer_id, file, self.room)
        await self.pool.run(follows, _WRITE_SECONDS)
        await talk.session.set_variables({variables.CRM_SURVEY_MESSAGE: "yes"})
        await talk.say("survey-comment-tone", escape="")

    def _finish(self, answer_id: int) -> None:
        try:
            survey_answers.finish(answer_id, self.room)
        except Exception as error:  # noqa: BLE001  # a thread of the pool; the answers are kept
            self.once.report("agi.survey_untold", type(error).__name__)


def survey_scripts(
    runtime: Runtime, prompts: PromptBook, pool: LookupPool, once: OncePerSpell
) -> dict[str, Script]:
    settings = runtime.settings
    script = SurveyScript(
        room=SurveyRoom(
            unit_of_work=runtime.unit_of_work, publisher=runtime.bus, clock=runtime.clock
        ),
        prompts=prompts,
        pool=pool,
        once=once,
        number_of=number_reader(runtime),
        default_pbx=settings.ami[0].name if len(settings.ami) == 1 else "",
    )
    return {"survey": Script(answer=script, seconds=_SECONDS, long=True)}
