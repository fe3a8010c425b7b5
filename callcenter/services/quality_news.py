"""What screens hear of quality: how much waits for whom, and what has just come.

Publishes nothing itself: whoever writes sends these after the commit.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from callcenter.ports import UnitOfWork
from callcenter.realtime.messages import Audience, Message

Told = Literal["assessed", "objected", "invited"]


def quality_news(
    uow: UnitOfWork, user_ids: Iterable[int], *, told: Told | None = None, place: int = 0
) -> list[Message]:
    """Whole figures for each of them. `told`: what has come for them just now; `place` is the
    assessment's id, or the round's they are invited to."""
    also: dict[str, Any] = {"quality": {"told": told, "id": place}} if told is not None else {}
    return [
        Message(
            kind="task",
            audience=Audience(users=(user_id,)),
            payload={"counts": counts, "reminder": None, **also},
        )
        for user_id, counts in uow.assessments.waiting(sorted(set(user_ids))).items()
    ]
