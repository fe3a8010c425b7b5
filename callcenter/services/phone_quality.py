"""Use case: a browser tells how a call of its phone sounded, when it is over.

Which leg it was, the browser cannot know (SIP has other names than the call log): it says how
many seconds ago it lifted, and this user's browser leg that was lifted nearest to that is the one.
Grades are worked out here from bounded figures; what a browser claims as a grade is not asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from callcenter.accounts.user import endpoints_of
from callcenter.errors import Invalid, NotFound
from callcenter.phones.mos import Sound, mos
from callcenter.ports import Clock, UnitOfWork
from callcenter.ports.quality import LegQuality, TalkingLeg

_BOUNDS = {
    "lifted_ago": 24 * 3600.0,
    "loss_percent": 100.0,
    "jitter_ms": 10_000.0,
    "round_trip_ms": 60_000.0,
    "worst_loss_percent": 100.0,
    "worst_jitter_ms": 10_000.0,
    "worst_round_trip_ms": 60_000.0,
    "samples": 100_000.0,
}
_CODEC = re.compile(r"[A-Za-z0-9.-]{0,40}")
_TOLERANCE = timedelta(seconds=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityReport:
    """Averages over the call, and the same three figures of its worst moment."""

    lifted_ago: float
    loss_percent: float
    jitter_ms: float
    round_trip_ms: float
    worst_loss_percent: float
    worst_jitter_ms: float
    worst_round_trip_ms: float
    samples: float
    codec: str = ""

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> QualityReport:
        """Every figure must be a number within its bounds."""
        codec = fields.get("codec", "")
        if not _CODEC.fullmatch(codec):
            raise Invalid("codec", "is not the name of a codec")
        figures = {name: _figure(name, fields.get(name, "")) for name in _BOUNDS}
        return cls(**figures, codec=codec)


def _figure(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= _BOUNDS[name]:
        raise Invalid(name, f"must be a number from 0 to {_BOUNDS[name]:g}")
    return value


def save_quality(
    user_id: int,
    report: QualityReport,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
) -> None:
    now = clock.now()
    lifted = now - timedelta(seconds=report.lifted_ago)
    with unit_of_work() as uow:
        user = uow.users.get(user_id)
        devices = endpoints_of(user.endpoint) if user is not None else ()
        if not devices:
            raise NotFound("user", "this user has no phone")
        legs = uow.quality.talking_legs(user_id, devices[1], lifted - _TOLERANCE)
        near = [leg for leg in legs if abs(leg.answered_at - lifted) <= _TOLERANCE]
        if not near:
            raise NotFound("call", "no call of this phone was lifted then")

        def distance(leg: TalkingLeg) -> timedelta:
            return abs(leg.answered_at - lifted)

        leg = min(near, key=distance)
        average = Sound(
            loss_percent=report.loss_percent,
            jitter_ms=report.jitter_ms,
            round_trip_ms=report.round_trip_ms,
            codec=report.codec,
        )
        worst = Sound(
            loss_percent=report.worst_loss_percent,
            jitter_ms=report.worst_jitter_ms,
            round_trip_ms=report.worst_round_trip_ms,
            codec=report.codec,
        )
        uow.quality.save(
            LegQuality(
                call_id=leg.call_id,
                uniqueid=leg.uniqueid,
                user_id=user_id,
                mos=mos(average),
                mos_worst=min(mos(worst), mos(average)),
                loss_percent=report.loss_percent,
                jitter_ms=report.jitter_ms,
                round_trip_ms=report.round_trip_ms,
                codec=report.codec,
                samples=round(report.samples),
                at=now,
            )
        )
        uow.commit()
