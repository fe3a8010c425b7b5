"""What callers do by themselves in a menu, once they proved who they are by number and PIN."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from agi_scripts import variables
from agi_scripts.lookup import LookupPool
from agi_scripts.once import OncePerSpell
from agi_scripts.talk import Talk
from agi_scripts.wire import AGIError
from callcenter import speech
from callcenter.menus.menu import Service
from callcenter.queries import self_service as queries
from callcenter.runtime import Runtime
from callcenter.services import self_service as services
from callcenter.services.identification import LONGEST, Answer, identify
from callcenter.services.pin_guard import halted
from callcenter.services.tasks import Desk
from callcenter.speech.money import speakable

T = TypeVar("T")
TRIES: Final = 3
_SECONDS: Final = 5.0
_LONGEST_NUMBER: Final = 16
_MOST_CURRENCIES: Final = 3
_ORDER: Final = {
    "open": "order-open",
    "shipped": "order-sent",
    "closed": "order-done",
    "cancelled": "order-cancelled",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfService:
    runtime: Runtime
    pool: LookupPool
    once: OncePerSpell
    debtors_queue: str = "debtors"
    language: str = speech.LOCALES[0]
    """The company's: what callers did is told in it where it is nobody's yet."""

    async def __call__(self, talk: Talk, service: Service) -> bool:
        """False: the caller could not say who they are, and is to be led to a person."""
        if talk.customer_id is None and not await self._identify(talk):
            return False
        ways = {
            "balance": self._balance,
            "order": self._order,
            "promise": self._promise,
            "appointment": self._appointment,
            "opt_out": self._opt_out,
        }
        try:
            await ways[service](talk, talk.customer_id or 0)
        except (AGIError, ConnectionError):
            raise
        except Exception as error:  # noqa: BLE001  # a service that fails must not cost the call
            self.once.report("agi.service_failed", service, error=type(error).__name__)
            await talk.say("service-failed")
        return True

    async def _identify(self, talk: Talk) -> bool:
        """Both are asked for whatever the first was; the answer is one for every reason."""
        request = talk.session.request
        number = "" if request.caller_hidden else request.get("agi_callerid")
        caller = "".join(sign for sign in number if sign in "+0123456789")[:40]
        stopped = talk.attempts < TRIES and await self._halted(talk, caller)
        while talk.attempts < TRIES and not stopped:
            talk.attempts += 1
            number = await self._keyed(talk, "ask-customer-number", _LONGEST_NUMBER)
            pin = await self._keyed(talk, "ask-pin", LONGEST)
            answer = await self._known(talk, number, pin, caller)
            talk.customer_id, stopped = answer.customer_id, answer.halted
            if talk.customer_id is not None:
                told = {variables.CRM_CUSTOMER_ID: talk.customer_id}
                await talk.session.set_variables(told)
                await talk.say("identified", escape="")
                return True
            await talk.say("identification-failed", escape="")
        await talk.say("identification-halted" if stopped else "identification-ended", escape="")
        return False

    async def _halted(self, talk: Talk, caller: str) -> bool:
        """Somebody guesses: strangers are not asked now. A look-up that fails lets the asking go
        on; it counts for itself. Each answer tells anew how it stands."""
        work = partial(
            halted,
            caller=caller,
            most=self.runtime.settings.pin_failures_per_hour,
            unit_of_work=self.runtime.unit_of_work,
            clock=self.runtime.clock,
            publisher=self.runtime.bus,
        )
        try:
            return await self._in_thread(talk, work)
        except Exception as error:  # noqa: BLE001  # who cannot be looked up is not known
            self.once.report("agi.identification_failed", type(error).__name__)
            return False

    async def _known(self, talk: Talk, number: str, pin: str, caller: str) -> Answer:
        work = partial(
            identify,
            number,
            pin,
            caller=caller,
            unit_of_work=self.runtime.unit_of_work,
            clock=self.runtime.clock,
            publisher=self.runtime.bus,
            most_failures=self.runtime.settings.pin_failures_per_hour,
        )
        try:
            return await self._in_thread(talk, work)
        except Exception as error:  # noqa: BLE001  # who cannot be looked up is not known
            self.once.report("agi.identification_failed", type(error).__name__)
            return Answer(None)

    async def _keyed(self, talk: Talk, prompt: str, most: int) -> str:
        first = await talk.say(prompt)
        return await talk.digits(most, first)

    async def _balance(self, talk: Talk, customer_id: int) -> None:
        owed = await self._owed(talk, customer_id)
        if not owed:
            await talk.say("you-owe-nothing")
            return
        for one in owed[:_MOST_CURRENCIES]:
            await self._say_owed(talk, one)

    async def _say_owed(self, talk: Talk, one: queries.Owed) -> None:
        amount = speech.amount(one.minor, one.currency, talk.language)
        when = "was-due" if one.due_on < self._today() else "pay-by"
        skipped = (
            await talk.say("you-owe")
            or await talk.speak(amount)
            or await talk.say(when)
            or await talk.speak(speech.date(one.due_on, talk.language))
        )
        if skipped:
            return

    async def _order(self, talk: Talk, customer_id: int) -> None:
        order = await self._read(talk, lambda at: queries.last_order(at, customer_id))
        if order is None:
            await talk.say("no-orders")
            return
        if not (
            await talk.say("order-number")
            or await talk.speak(speech.digits(order.number, talk.language))
            or await talk.say("order-of")
            or await talk.speak(speech.date(order.placed_on, talk.language, year=False))
        ):
            await talk.say(_ORDER.get(order.status, "order-open"))

    async def _promise(self, talk: Talk, customer_id: int) -> None:
        owed = await self._owed(talk, customer_id)
        if not owed:
            await talk.say("you-owe-nothing")
            return
        await self._say_owed(talk, owed[0])
        day = await self._chosen_day(talk)
        if day is None:
            return
        amounts = ", ".join(f"{one.minor / 100:.2f} {one.currency}" for one in owed)
        work = partial(
            services.promise,
            customer_id,
            day,
            amounts,
            queue=self.debtors_queue,
            language=self.language,
            desk=self._desk(),
        )
        await self._in_thread(talk, work)
        await talk.say("promise-kept", escape="")
        await talk.speak(speech.date(day, talk.language), escape="")

    async def _chosen_day(self, talk: Talk) -> date | None:
        offered = self._today() + services.USUAL_PROMISE
        key = (
            await talk.speak(speech.date(offered, talk.language))
            or await talk.say("promise-offer")
            or await talk.listen(6)
        )
        if key == "1":
            return offered
        for _ in range(TRIES if key == "2" else 0):
            keyed = await self._keyed(talk, "ask-day", 4)
            day = services.day_of(keyed, self._today())
            if day is not None or not keyed:
                return day
            await talk.say("day-refused", escape="")
        return None

    async def _appointment(self, talk: Talk, customer_id: int) -> None:
        now = self.runtime.clock.now()
        found = await self._read(talk, lambda at: queries.next_appointment(at, customer_id, now))
        if found is None:
            await talk.say("appointment-none")
            return
        at = found.at.astimezone(ZoneInfo(found.time_zone))
        key = (
            await talk.say("appointment-is")
            or await talk.speak(speech.date(at.date(), talk.language, year=False))
            or await talk.say("at-time")
            or await talk.speak(speech.clock(at.time(), talk.language))
            or await talk.say("appointment-offer")
            or await talk.listen(6)
        )
        if key == "1":
            work = partial(
                services.ask_other_time, customer_id, found.at, found.user_id, desk=self._desk()
            )
            await self._in_thread(talk, work)
            await talk.say("appointment-noted", escape="")

    async def _opt_out(self, talk: Talk, customer_id: int) -> None:
        key = await talk.say("opt-out-offer") or await talk.listen(6)
        if key == "1":
            work = partial(services.opt_out, customer_id, language=self.language, desk=self._desk())
            await self._in_thread(talk, work)
            await talk.say("opt-out-noted", escape="")

    async def _owed(self, talk: Talk, customer_id: int) -> tuple[queries.Owed, ...]:
        found = await self._read(talk, lambda at: queries.owed(at, customer_id))
        return tuple(one for one in found if speakable(one.minor))

    async def _read(self, talk: Talk, ask: Callable[..., T]) -> T:
        def work() -> T:
            with self.runtime.reader() as connection:
                return ask(connection)

        return await self._in_thread(talk, work)

    async def _in_thread(self, talk: Talk, work: Callable[[], T]) -> T:
        await talk.guard(_SECONDS)
        return await self.pool.run(work, _SECONDS)

    def _today(self) -> date:
        return self.runtime.clock.now().date()

    def _desk(self) -> Desk:
        plan = self.runtime.settings.number_plan
        return Desk(self.runtime.unit_of_work, self.runtime.bus, self.runtime.clock, plan)
