"""The dialplan's names: every channel variable the CRM sets (docs/dialplan-variables.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from callcenter.routing.decide import RouteDecision
from callcenter.routing.ringing import Ringing

CRM_CUSTOMER_ID: Final = "CRM_CUSTOMER_ID"
CRM_PRIORITY: Final = "CRM_PRIORITY"
CRM_LANGUAGE: Final = "CRM_LANGUAGE"
CRM_REASON: Final = "CRM_REASON"
CRM_TARGET: Final = "CRM_TARGET"
CRM_THEN: Final = "CRM_THEN"
CRM_THEN_TARGET: Final = "CRM_THEN_TARGET"
CRM_RINGS: Final = "CRM_RINGS"
CRM_MAX_WAIT: Final = "CRM_MAX_WAIT"
CRM_SURVEY: Final = "CRM_SURVEY"
"""Set after the call, when its caller is asked how it was."""
CRM_SURVEY_MESSAGE: Final = "CRM_SURVEY_MESSAGE"
CRM_ROUTE: Final = "CRM_ROUTE"
"""Set last, and the only one the dialplan needs: when it is there, so are the others."""
CRM_PING: Final = "CRM_PING"
CRM_MENU: Final = "CRM_MENU"
"""A key that a caller pressed in a menu; the ledger hears of it too."""
CRM_SAY: Final = "CRM_SAY"
CRM_SAY_AFTER: Final = "CRM_SAY_AFTER"
CRM_WAIT: Final = "CRM_WAIT"
CRM_WAIT_MOST: Final = "CRM_WAIT_MOST"
CRM_OFFER: Final = "CRM_OFFER"
CRM_OVERFLOW: Final = "CRM_OVERFLOW"
CRM_CREDIT: Final = "CRM_CREDIT"
CRM_CALLBACK: Final = "CRM_CALLBACK"
WAITING: Final = frozenset(
    {
        CRM_SAY,
        CRM_SAY_AFTER,
        CRM_WAIT,
        CRM_WAIT_MOST,
        CRM_OFFER,
        CRM_OVERFLOW,
        CRM_CREDIT,
        CRM_CALLBACK,
    }
)
"""Said to and of who waits: none of them is a route."""

ALWAYS: Final = (CRM_CUSTOMER_ID, CRM_PRIORITY, CRM_LANGUAGE, CRM_REASON, CRM_ROUTE)
"""Sent with every answer; the others only where they say something."""
ROUTE_ORDER: Final = (
    *ALWAYS[:-1],
    CRM_TARGET,
    CRM_THEN,
    CRM_THEN_TARGET,
    CRM_RINGS,
    CRM_MAX_WAIT,
    CRM_SURVEY,
    CRM_ROUTE,
)
_ODD: Final = re.compile(r"[^A-Za-z0-9_.:+#*-]")
_LONGEST: Final = 64
SETTABLE: Final = frozenset({*ROUTE_ORDER, *WAITING, CRM_PING, CRM_MENU, CRM_SURVEY_MESSAGE})


def variables_of(decision: RouteDecision) -> dict[str, str]:
    """What the dialplan is told of a decision, in the order in which it is set."""
    customer = "" if decision.customer_id is None else str(decision.customer_id)
    every = {
        CRM_CUSTOMER_ID: customer,
        CRM_PRIORITY: str(decision.priority),
        CRM_LANGUAGE: decision.language,
        CRM_REASON: _word(decision.rule),
        CRM_TARGET: _word(decision.target),
        CRM_THEN: _word(decision.then),
        CRM_THEN_TARGET: _word(decision.then_target),
        CRM_RINGS: rings_text(decision.rings),
        CRM_MAX_WAIT: str(decision.max_wait) if decision.max_wait else "",
        CRM_ROUTE: _word(decision.route),
    }
    return {name: value for name, value in every.items() if value or name in ALWAYS}


def _word(text: str) -> str:
    """No name that somebody gave a rule or a menu may cost a caller the answer."""
    return _ODD.sub("-", text)[:_LONGEST]


def rings_text(rings: Iterable[Ringing]) -> str:
    """1003:15|1001&1002:20 is 1003 for 15 s, then the two others for 20."""
    return "|".join(f"{'&'.join(ring.extensions)}:{ring.seconds}" for ring in rings)
