"""The third manager user: reloads a module of Asterisk's, and asks what is loaded.

A connection for each question: it is asked a few times a week, and holds no line open meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from ami.client.manager import GuardedManager
from ami.client.outcome import AmiError, LoginOutcome
from ami.client.wanted import Wanted
from ami.headers import text
from callcenter.ports.pbx_plans import PbxNow, PbxRefusedError
from callcenter.settings import PbxAddress

_SECONDS = 30.0

Event = Mapping[str, str | list[str]]


class Reloader:
    """See `callcenter.ports.pbx_plans.PbxReloader`."""

    def __init__(self, address: PbxAddress) -> None:
        self._address = address

    def reload(self, module: str) -> None:
        asyncio.run(self._ask([("Reload", {"Module": module})]))

    def now(self) -> PbxNow:
        asked: list[tuple[str, dict[str, Any]]] = [
            ("PJSIPShowEndpoints", {}),
            ("QueueStatus", {}),
            ("ShowDialPlan", {}),
        ]
        endpoints, queues, steps = asyncio.run(self._ask(asked))
        return PbxNow(
            endpoints=frozenset(
                text(one, "ObjectName") for one in endpoints if one.get("Event") == "EndpointList"
            ),
            queues=frozenset(
                text(one, "Queue") for one in queues if one.get("Event") == "QueueParams"
            ),
            steps=_steps(steps),
        )

    async def _ask(self, actions: Sequence[tuple[str, dict[str, Any]]]) -> list[list[Event]]:
        manager = GuardedManager(self._address, Wanted(()), lambda _raw: None)
        try:
            outcome, words = await manager.open(_SECONDS)
            if outcome is not LoginOutcome.ACCEPTED:
                raise PbxRefusedError(words)
            return [
                [dict(one.items()) for one in await manager.ask(action, headers, _SECONDS)]
                for action, headers in actions
            ]
        except AmiError as error:
            raise PbxRefusedError(str(error)) from error
        finally:
            manager.close()


def _steps(items: Sequence[Event]) -> dict[tuple[str, str], tuple[str, ...]]:
    """ShowDialPlan: the steps of each extension, as they stand in extensions.conf."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in items:
        if one.get("Event") == "ListDialplan" and text(one, "Application"):
            if text(one, "Priority") == "hint":
                continue
            place = (text(one, "Context"), text(one, "Extension"))
            step = f"{text(one, 'Application')}({text(one, 'AppData')})"
            found.setdefault(place, []).append(step)
    return {place: tuple(steps) for place, steps in found.items()}
