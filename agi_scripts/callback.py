"""The script `callback`: agrees with a caller on the number to call them back at, and notes it.

What is keyed is a number and nothing else: it goes through the number plan, and only what operators
may dial is taken. Silence is no consent: who says nothing goes on waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Final

import phonenumbers

from agi_scripts import variables
from agi_scripts.lookup import LookupPool
from agi_scripts.once import OncePerSpell
from agi_scripts.prompts import Prompts, spoken_language
from agi_scripts.session import AgiSession
from callcenter.callbacks.limits import KeyedLimit
from callcenter.customers.phone import NumberPlan, parse_number
from callcenter.errors import Invalid
from callcenter.ports import Clock
from callcenter.routing.actions import QUEUE_ROUTE
from callcenter.services.callback_requests import Noted, Wish
from callcenter.speech.numbers import digits

_SECONDS: Final = 2.0
_TRIES: Final = 3
_KEY_SECONDS: Final = 6.0
_MOST_DIGITS: Final = 18
_OLDEST: Final = 6 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackScript:
    note: Callable[[Wish], Noted]
    may_call: Callable[[str], bool]
    prompts: Prompts
    pool: LookupPool
    once: OncePerSpell
    plan_of: Callable[[AgiSession], NumberPlan]
    number_of: Callable[[AgiSession], str]
    clock: Clock
    default_pbx: str = ""
    keyed: KeyedLimit = field(default_factory=KeyedLimit)

    async def __call__(self, session: AgiSession) -> None:
        if session.request.query.get("step") == "begin":
            await session.set_variables({variables.CRM_CALLBACK: "ask"})
        else:
            await _Talk(self, session).run()
        session.end()


class _Talk:
    """One caller: from the number we know, or none, to a request or back to the queue."""

    def __init__(self, script: CallbackScript, session: AgiSession) -> None:
        self._script, self._session = script, session
        self._locale = spoken_language(session.request.get("agi_language"))
        self._plan = script.plan_of(session)

    async def run(self) -> None:
        number = await self._callable(self._script.number_of(self._session))
        for _ in range(_TRIES):
            number = number or await self._keyed()
            if not number:
                continue
            answer = await self._confirm(number)
            if answer == "1":
                await self._note(number)
                return
            if answer != "2":
                break
            number = ""
        await self._wait_on()

    async def _confirm(self, number: str) -> str:
        """The key: 1 yes, 2 another number, 3 or nothing rather wait."""
        said = digits(_national(number, self._plan), self._locale)
        for _ in range(2):
            key = await self._say("callback-number", "123")
            key = key or await self._script.prompts.speak(self._session, said, self._locale, "123")
            key = key or await self._say("callback-confirm", "123")
            key = key or await self._session.wait_for_digit(_KEY_SECONDS)
            if key in ("1", "2", "3"):
                return key
        return ""

    async def _keyed(self) -> str:
        key = await self._say("callback-ask-number", "0123456789*#")
        keyed = ""
        while key and key != "#" and len(keyed) < _MOST_DIGITS:
            keyed += key
            key = await self._session.wait_for_digit(_KEY_SECONDS)
        number = parse_number(keyed.replace("*", ""), self._plan, internal_allowed=False).e164
        found = await self._callable(number)
        if keyed and not found:
            await self._say("callback-bad-number")
        return found

    async def _callable(self, number: str) -> str:
        if not number:
            return ""
        may = await self._script.pool.run(partial(self._script.may_call, number), _SECONDS)
        return number if may else ""

    async def _note(self, number: str) -> None:
        own = self._script.number_of(self._session)
        if number != own and not self._script.keyed.takes(own, self._script.clock.now()):
            self._script.once.report("agi.callbacks_limited", "keyed")
            await self._say("callback-failed")
            await self._wait_on()
            return
        try:
            noted = await self._script.pool.run(
                partial(self._script.note, self._wish(number)), _SECONDS
            )
        except Invalid:
            await self._say("callback-bad-number")
            await self._wait_on()
            return
        except Exception as error:  # noqa: BLE001  # whatever is wrong here, they wait on
            self._script.once.report("agi.callback_failed", type(error).__name__)
            await self._say("callback-failed")
            await self._wait_on()
            return
        await self._session.set_variables({variables.CRM_CALLBACK: "noted"})
        if noted.later:
            await self._say("callback-later")
        await self._say("callback-noted")

    def _wish(self, number: str) -> Wish:
        request = self._session.request
        pbx = request.query.get("pbx", self._script.default_pbx)[:80]
        return Wish(
            number=number,
            queue=request.query.get("queue", "")[:80],
            place_at=self._place(request.query.get("place", "")),
            pbx=pbx,
            call_id=f"{pbx}/{request.get('agi_uniqueid')[:80]}",
            language=self._locale,
        )

    def _place(self, text: str) -> datetime:
        now = self._script.clock.now()
        told = float(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0.0
        since = now.timestamp() - told
        return datetime.fromtimestamp(told, UTC) if 0 <= since <= _OLDEST else now

    async def _wait_on(self) -> None:
        """Back to their place; who has none, since the offer came first, into the queue."""
        queue = self._session.request.query.get("queue", "")[:80]
        told = {variables.CRM_CALLBACK: "no"}
        if queue and not self._session.request.query.get("place"):
            told[variables.CRM_ROUTE] = f"{QUEUE_ROUTE}{queue}"
        await self._session.set_variables(told)

    async def _say(self, prompt: str, escape: str = "") -> str:
        return await self._script.prompts.play(self._session, prompt, self._locale, escape)


def _national(number: str, plan: NumberPlan) -> str:
    """As people say it: without the country's code at home."""
    parsed = phonenumbers.parse(number)
    at_home = phonenumbers.country_code_for_region(plan.region) == parsed.country_code
    return phonenumbers.national_significant_number(parsed) if at_home else number.lstrip("+")
