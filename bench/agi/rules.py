"""As many routing rules as asked, published: of every kind that a company may make many of, mostly
about others than the caller, before the first ones."""

from __future__ import annotations

from datetime import UTC, datetime

from callcenter.routing.actions import ToQueue
from callcenter.routing.rules import FIRST_RULES, AnyOf, Condition, Rule, Term
from callcenter.store import engine as store_engine
from callcenter.store.repositories.routing import RoutingRulesRepository

_QUEUES = ("support", "sales", "vip", "debtors")


def some(many: int) -> tuple[Rule, ...]:
    return (*(_rule(n) for n in range(many - len(FIRST_RULES))), *FIRST_RULES)


def _rule(n: int) -> Rule:
    others = f"+4822999{n:04}"
    conditions: tuple[Term, ...] = (
        (Condition("dialed", values=(others,)),),
        (Condition("tag", values=(str(100_000 + n),)), Condition("vip_level", amount=2)),
        (Condition("number_prefix", values=(f"+49{n:04}",)),),
        (Condition("owner", values=(str(100_000 + n),)),),
        (Condition("dialed", values=(others,)), Condition("overdue_days", amount=30)),
        (Condition("saved_segment", values=(str(100_000 + n),)),),
        (
            Condition("dialed", values=(others,)),
            AnyOf((Condition("vip_level", amount=2), Condition("call_today", amount=3))),
        ),
        (Condition("segment", values=(f"s{n}",)), Condition("one")),
        (Condition("deal_stage", values=(f"stage-{n}",)),),
        (Condition("overdue_days", amount=400 + n), Condition("one")),  # looked at for each call
    )[n % 10]
    return Rule(id=f"r{n}", name=f"rule-{n}", conditions=conditions, action=ToQueue(_QUEUES[n % 4]))


def publish(database_url: str, many: int) -> None:
    engine = store_engine.create(database_url)
    with engine.begin() as connection:
        repository = RoutingRulesRepository(connection)
        repository.add_live(some(many), None, datetime.now(UTC), "bench")
    engine.dispose()
