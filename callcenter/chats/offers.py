"""To whom a waiting chat is offered, and for how long. Pure.

Asked is whoever has had no chat for the longest time, of those who are ready, work in the chat's
queue and have fewer chats than they may. Whoever said no, or did not answer, is left in peace by
that chat for a while.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from callcenter.agents.status import CONVERSING, Chosen, State

OFFER_LASTS: Final = timedelta(seconds=20)
LEFT_IN_PEACE: Final = timedelta(seconds=60)
OfferAnswer = Literal["", "accepted", "declined", "timeout", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatOperator:
    """`chats`: those they have or are being offered; `idle_since`: when they became what they are,
    or were last offered a chat, whichever was later."""

    user_id: int
    chosen: Chosen
    state: State
    idle_since: datetime
    chats: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRules:
    most_chats: int = 3
    while_talking: bool = False


def next_operator(
    operators: Iterable[ChatOperator],
    rules: OfferRules,
    refused: Mapping[int, datetime],
    now: datetime,
) -> ChatOperator | None:
    """`refused`: when each of those who did not take this chat let it go."""
    asked = [one for one in operators if is_able(one, rules) and _rested(one, refused, now)]
    return min(asked, key=lambda one: (one.chats, one.idle_since, one.user_id), default=None)


def is_able(operator: ChatOperator, rules: OfferRules) -> bool:
    if operator.chosen != "ready" or operator.chats >= rules.most_chats:
        return False
    if operator.state in CONVERSING:
        return rules.while_talking
    return operator.state == "ready"


def is_anybody_there(operators: Iterable[ChatOperator]) -> bool:
    """Somebody works who could take a chat sooner or later."""
    return any(one.chosen == "ready" for one in operators)


def is_over(offered_at: datetime, now: datetime) -> bool:
    return now - offered_at >= OFFER_LASTS


def _rested(operator: ChatOperator, refused: Mapping[int, datetime], now: datetime) -> bool:
    last = refused.get(operator.user_id)
    return last is None or now - last >= LEFT_IN_PEACE
