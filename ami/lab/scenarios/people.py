"""Short ways to say who took part in a call: a leg of the truth for each device."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ami.lab.scenarios.model import LegTruth, TransferTruth
from callcenter.pbx.plan import Operator

TRUNK = "PJSIP/trunk"


def caller(endpoint: str, result: str = "answered", talk: float = 0.0) -> LegTruth:
    return LegTruth(endpoint=endpoint, role="caller", result=result, talk_seconds=talk)


def callee(endpoint: str, result: str = "answered", talk: float = 0.0) -> LegTruth:
    return LegTruth(endpoint=endpoint, role="callee", result=result, talk_seconds=talk)


def spy(endpoint: str) -> LegTruth:
    return LegTruth(endpoint=endpoint, role="spy", result="unknown")


def forwarded(by: str, to: str) -> TransferTruth:
    return TransferTruth(kind="forward", by=by, to=to)


def operators(changes: Mapping[str, Mapping[str, Any]]) -> tuple[Operator, ...]:
    """Operators 1 to 3, some of them with something of their own."""
    return tuple(
        Operator(extension=f"100{n}", name=f"Operator {n}", **changes.get(f"100{n}", {}))
        for n in (1, 2, 3)
    )
