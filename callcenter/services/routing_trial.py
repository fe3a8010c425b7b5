"""Use cases: how would a draft route a call, and how would it have routed those that came?

A trial of many calls is a row with a position: the worker takes it under a lease, decides a lot
with both tables, and writes what moved and the new position in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from callcenter.errors import NotFound, Unavailable
from callcenter.hours.timetable import Timetable
from callcenter.ports import Clock, UnitOfWork
from callcenter.ports.routing_trials import Moved, Trial
from callcenter.routing.compiled import CompiledTable
from callcenter.routing.decide import RouteDecision
from callcenter.routing.facts import CallFacts
from callcenter.routing.record import facts_from_json
from callcenter.routing.rules import FIRST_RULES, RoutingTable

UowFactory = Callable[[], UnitOfWork]
A_WEEK: Final = timedelta(days=7)
_LOT: Final = 500
_LEASE: Final = timedelta(minutes=2)
_KEPT: Final = 20


def begin(*, unit_of_work: UowFactory, clock: Clock, user_id: int | None) -> int:
    """Ask how the draft would have routed last week's calls. The trial's id."""
    now = clock.now()
    with unit_of_work() as uow:
        draft, live = uow.routing_rules.draft(), uow.routing_rules.live()
        if draft is None:
            raise NotFound("draft", "there is no draft to compare with")
        trial_id = uow.routing_trials.add(
            draft.rules,
            live.rules if live is not None else FIRST_RULES,
            live.number if live is not None else None,
            since=now - A_WEEK,
            asked_by=user_id,
            at=now,
        )
        uow.routing_trials.forget(_KEPT)
        uow.audit.record(
            user_id=user_id,
            action="routing_trial_asked",
            object_type="routing_trial",
            object_id=str(trial_id),
            at=now,
        )
        uow.commit()
    return trial_id


def turn(*, unit_of_work: UowFactory, clock: Clock) -> int:
    """One lot of one trial. How many calls were looked at; 0 when nobody asks anything."""
    with unit_of_work() as uow:
        trial = uow.routing_trials.take(clock.now(), clock.now() + _LEASE)
        if trial is None:
            return 0
        uow.commit()
    try:
        return _one_lot(trial, unit_of_work, clock)
    except Unavailable:
        raise  # the lease runs out, and the next turn goes on
    except Exception:
        with unit_of_work() as uow:
            uow.routing_trials.end(trial.id, "failed", clock.now())
            uow.commit()
        raise


def _one_lot(trial: Trial, unit_of_work: UowFactory, clock: Clock) -> int:
    tables = _Tables(trial)
    with unit_of_work() as uow:
        timetable = uow.hours.timetable(trial.since)
        rows = uow.routing_trials.decisions(trial.position, trial.until_id, _LOT)
        moved, unreadable = [], 0
        for decision_id, told in rows:
            facts = readable_facts(told, timetable)
            if facts is None:
                unreadable += 1
            elif (one := tables.compared(decision_id, facts)) is not None:
                moved.append(one)
        uow.routing_trials.keep(
            trial.id,
            rows[-1][0] if rows else trial.until_id,
            moved,
            looked=len(rows),
            unreadable=unreadable,
            # Whoever turns next goes on at once.
            leased_until=clock.now(),
        )
        if len(rows) < _LOT:
            uow.routing_trials.end(trial.id, "done", clock.now())
        uow.commit()
    return max(1, len(rows))


class _Tables:
    def __init__(self, trial: Trial) -> None:
        self._live = CompiledTable(RoutingTable(rules=trial.live))
        self._draft = CompiledTable(RoutingTable(rules=trial.draft))

    def compared(self, decision_id: int, facts: CallFacts) -> Moved | None:
        was, would = self._live.decide(facts), self._draft.decide(facts)
        place_was, place_would = place_of(was), place_of(would)
        if place_was == place_would:
            if _manner(was) == _manner(would):
                return None
            place_would += "~"
        return Moved(
            decision_id=decision_id,
            was=place_was[:120],
            would=place_would[:120],
            rule_was=was.rule,
            rule_would=would.rule,
        )


def readable_facts(told: Mapping[str, Any], timetable: Timetable) -> CallFacts | None:
    """None for what was kept before facts were kept whole, and for erased persons. A calendar that
    is younger than the call counts as if it had been there."""
    try:
        facts = facts_from_json(told)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return None
    return replace(facts, hours={**timetable.told(facts.at), **facts.hours})


def place_of(decision: RouteDecision) -> str:
    """`queue-sales`, `menu:main`, `announcement:closed>voicemail:support`."""
    first = _with_target(decision.route, decision.target)
    if not decision.then:
        return first
    return f"{first}>{_with_target(decision.then, decision.then_target)}"


def _with_target(route: str, target: str) -> str:
    return f"{route}:{target}" if target and not route.startswith("queue-") else route


def _manner(decision: RouteDecision) -> tuple[Any, ...]:
    return decision.rings, decision.priority, decision.max_wait, decision.language
