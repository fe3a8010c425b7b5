"""The routing table: which condition sends a call where. Data only; `decide` reads it.

Routes and rule names are the values the dialplan and reports see (docs/dialplan-variables.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Route = Literal["", "queue-support", "queue-sales", "queue-vip", "queue-debtors", "blocked"]
Condition = Literal[
    "internal", "withheld", "all_blocked", "any_vip", "all_debtors", "several", "one", "always"
]
# With a limit of the rule's own.
WorthCondition = Literal["overdue_days", "overdue_minor", "lifetime_minor", "abc", "rfm"]

DEFAULT_ROUTE: Route = ""
# The route of a rule that leaves the call to the queue of the number the caller dialled.
DIALED_QUEUE: Literal["dialed"] = "dialed"


@dataclass(frozen=True, slots=True)
class Rule:
    """If `condition` holds, the call takes `route`, and CRM_REASON is `name`.

    Conditions of worth ask for `at_least` so much (money in minor units of `currency`), or for one
    of `classes`: ABC letters, or RFM scores that must be reached in each digit.
    """

    name: str
    condition: Condition | WorthCondition
    route: Route | Literal["dialed"] = DIALED_QUEUE
    at_least: int = 0
    currency: str = ""
    classes: tuple[str, ...] = ()


# An extension and a hidden number are nobody's proof of identity, so they come first. One blocked
# person does not close a line that others share; one VIP on a line makes the line a VIP's.
FIRST_RULES = (
    Rule("internal", "internal"),
    Rule("withheld", "withheld"),
    Rule("blocked", "all_blocked", "blocked"),
    Rule("vip", "any_vip", "queue-vip"),
    Rule("debtor", "all_debtors", "queue-debtors"),
    Rule("several", "several"),
    Rule("known", "one"),
    Rule("unknown", "always"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingTable:
    """The rules in order, and which queue each of our own numbers (E.164) belongs to.

    A number that is not in `dialed_queues` keeps the queue that the dialplan gives it.
    """

    rules: tuple[Rule, ...] = FIRST_RULES
    dialed_queues: Mapping[str, Route] = field(default_factory=lambda: MappingProxyType({}))
