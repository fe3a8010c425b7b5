"""Short ways to say who took part in a call: a leg of the truth for each device."""

from __future__ import annotations

from ami.lab.scenarios.model import LegTruth

TRUNK = "PJSIP/trunk"


def caller(endpoint: str, result: str = "answered", talk: float = 0.0) -> LegTruth:
    return LegTruth(endpoint=endpoint, role="caller", result=result, talk_seconds=talk)


def callee(endpoint: str, result: str = "answered", talk: float = 0.0) -> LegTruth:
    return LegTruth(endpoint=endpoint, role="callee", result=result, talk_seconds=talk)


def spy(endpoint: str) -> LegTruth:
    return LegTruth(endpoint=endpoint, role="spy", result="unknown")
