"""Routing rules of the demo company: the first ones are live; a draft shows what else there is."""

from __future__ import annotations

from datetime import datetime

from callcenter.ports import UnitOfWork
from callcenter.routing.actions import OfferCallback, Preferred, Ring, ToQueue
from callcenter.routing.rules import FIRST_RULES, Condition, Rule
from callcenter.seed.menus import TO_MENU

_OWN_OPERATOR = Preferred((Ring("last", 15), Ring("owner", 15), Ring("skill", 20)), "support")
NEW_RULES = (
    Rule(
        id="demo-returning",
        name="returning",
        title="Came back within an hour",
        conditions=(
            Condition("one"),
            Condition("called_within", amount=60),
            Condition("last_operator_ready"),
        ),
        action=_OWN_OPERATOR,
    ),
    Rule(
        id="demo-second-try",
        name="second-try",
        title="Second try",
        conditions=(Condition("call_today", amount=2), Condition("last_call_missed")),
        action=ToQueue("support", priority=15),
    ),
)
WAITED = Rule(
    id="demo-waited",
    name="waited-too-long",
    title="Waited too long",
    stage="overflow",
    conditions=(Condition("queue_result", ("TIMEOUT",)),),
    action=OfferCallback("support"),
)


def add_routing(uow: UnitOfWork, user_id: int, now: datetime) -> None:
    uow.routing_rules.add_live(FIRST_RULES, user_id, now)
    live = uow.routing_rules.live()
    before, last = FIRST_RULES[:-3], FIRST_RULES[-3:]
    draft = (*before, TO_MENU, *NEW_RULES, *last, WAITED)
    uow.routing_rules.add_draft(draft, live.id if live else None, user_id, now)
