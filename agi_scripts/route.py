"""The script `route`: who calls, where to, within the deadline; else the default route.

Fails open: whatever goes wrong here, the caller goes on to the default queue.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from typing import Any, Final

from agi_scripts.lookup import Gathered, StuckError
from agi_scripts.metrics import DECISION_SECONDS, DECISIONS, FAILED_OPEN, SKIPPED
from agi_scripts.once import OncePerSpell
from agi_scripts.request import AgiRequest
from agi_scripts.session import AgiSession
from agi_scripts.variables import variables_of
from callcenter.customers.phone import NumberPlan
from callcenter.ports import Clock
from callcenter.routing.decide import RouteDecision, default_decision
from callcenter.routing.facts import CallerFacts, CallFacts
from callcenter.routing.record import DecisionRecord, explain
from callcenter.routing.rules import STAGES
from callcenter.services.route_call import (
    NOBODY,
    Around,
    LookAround,
    RouteRequest,
    call_facts,
    caller_of,
)

DEADLINE_SECONDS: Final = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteScript:
    plan_for: Callable[[str], NumberPlan]
    trunks: tuple[str, ...]
    """Patterns of the endpoints that lead outside."""
    look_around: LookAround
    callers: Gathered[str, CallerFacts]
    """By E.164."""
    record: Callable[[DecisionRecord], None]
    clock: Clock
    default_pbx: str = ""
    deadline: float = DEADLINE_SECONDS
    once: OncePerSpell

    async def __call__(self, session: AgiSession) -> None:
        loop = asyncio.get_running_loop()
        request = self._request(session.request)
        left = session.first_byte_at + self.deadline - loop.time()
        around = self.look_around()
        decision, facts = await self._decide(request, around, left)
        seconds = loop.time() - session.first_byte_at
        await self._answer(session, decision)
        self._count(decision, seconds)
        tell = partial(around.table.retell, facts, decision) if facts is not None else None
        self.record(self._record_of(request, decision, facts, seconds, tell))

    async def without_lookup(self, session: AgiSession) -> None:
        """For a caller beyond the number of sessions we serve at once."""
        request = self._request(session.request)
        decision = self._fail_open("busy")
        await self._answer(session, decision)
        self._count(decision, 0.0)
        self.record(self._record_of(request, decision, None, 0.0))

    async def _decide(
        self, request: RouteRequest, around: Around, seconds: float
    ) -> tuple[RouteDecision, CallFacts | None]:
        try:
            plan = self.plan_for(request.trunk)
            e164 = caller_of(request, plan).e164
            known = await self.callers.of(e164, seconds) if e164 else NOBODY
            facts = call_facts(request, plan, around, known)
            return around.table.decide(facts), facts
        except TimeoutError:
            return self._fail_open("deadline"), None
        except StuckError:
            return self._fail_open("database-stuck"), None
        except Exception as error:  # noqa: BLE001  # any fault of ours must not cost the call
            return self._fail_open("error", error=type(error).__name__), None

    def _fail_open(self, cause: str, **words: object) -> RouteDecision:
        FAILED_OPEN.labels(cause).inc()
        self.once.report("agi.failed_open", cause, **words)
        return default_decision(cause)

    async def _answer(self, session: AgiSession, decision: RouteDecision) -> None:
        """CRM_ROUTE last: the dialplan tests it alone, and takes it as "all of them are set"."""
        await session.finish(variables_of(decision))

    def _count(self, decision: RouteDecision, seconds: float) -> None:
        DECISIONS.labels(decision.route or "default", decision.rule).inc()
        DECISION_SECONDS.observe(seconds)
        for rule in decision.skipped:
            SKIPPED.labels(rule).inc()
            self.once.report("agi.rule_skipped", "rule", rule=rule)

    def _request(self, request: AgiRequest) -> RouteRequest:
        caller, stage = request.get("agi_callerid"), request.query.get("stage", "")
        return RouteRequest(
            pbx=_storable(request.query.get("pbx", self.default_pbx)),
            uniqueid=_storable(request.get("agi_uniqueid")),
            caller=caller,
            caller_hidden=request.caller_hidden,
            dialed=_known(request.get("agi_dnid")) or request.get("agi_extension"),
            trunk=self._trunk(request.endpoint),
            stage=stage if stage in STAGES else "arrival",
            from_queue=_storable(request.query.get("queue", "")),
            queue_result=_storable(request.query.get("why", "")),
        )

    def _trunk(self, endpoint: str) -> str:
        outside = any(fnmatchcase(endpoint, pattern) for pattern in self.trunks)
        return endpoint if outside else ""

    def _record_of(
        self,
        request: RouteRequest,
        decision: RouteDecision,
        facts: CallFacts | None,
        seconds: float,
        tell: Callable[[], Mapping[str, Any]] | None = None,
    ) -> DecisionRecord:
        return DecisionRecord(
            pbx=request.pbx,
            uniqueid=request.uniqueid,
            number=facts.caller.e164 if facts else "",
            dialed=facts.dialed if facts else _storable(request.dialed),
            route=decision.route,
            rule=decision.rule,
            facts={} if facts else explain(decision, None),
            stage=request.stage,
            version=decision.version,
            failed_open=decision.failed_open,
            micros=int(seconds * 1_000_000),
            decided_at=self.clock.now(),
            tell=tell,
        )


def _storable(text: str) -> str:
    """As the database takes it: a NUL in one record would cost its whole batch."""
    return "".join(filter(str.isprintable, text))[:80]


def _known(value: str) -> str:
    return "" if value == "unknown" else value
