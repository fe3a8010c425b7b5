"""What n operators make of a stream of calls: Erlang C where callers wait for ever, Erlang A where
they hang up.

Erlang C: with load a = calls per second times seconds of a call, B = Erlang B(n, a) and n > a,

    P(wait) = B / (1 - a/n (1 - B))      P(wait > t) = P(wait) exp(-(n - a) t / h)
    mean wait = P(wait) h / (n - a)

Erlang A (C. Palm, 1946; C. Garnett, A. Mandelbaum and M. Reiman, "Designing a call center with
impatient customers", M&SOM 4(3), 2002): calls come at the rate l, an operator ends m a second, who
waits hangs up at the rate p. With k waiting the state is q(k) = product over i = 1..k of
l / (n m + i p) times that without anybody waiting. An arrival behind k others is served after k + 1
departures, at the rates n m + k p … n m, unless they hang up first. That gives sums of positive
terms for all figures; the share answered after more than t is (as in S. Zeltyn and A. Mandelbaum,
"Call centers with impatient customers: many-server asymptotics of the M/M/n+G queue", Queueing
Systems 51, 2005, where the density of the virtual wait is integrated by parts)

    pi(n-1) exp(f(t)) S(l exp(-p t))     f(t) = l (1 - exp(-p t)) / p - n m t
    pi(n-1) = 1 / (1 / B(n-1) + l (1 + S(l)) / (n m))     S(l) = sum over k >= 1 of q(k)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, log
from typing import Final

from callcenter.erlang.blocking import erlang_b

LONGEST_PATIENCE: Final = 7200.0
"""Seconds. Whoever waits longer than that on average may as well be said never to hang up (0)."""
_BIG: Final = 1e150
_ENOUGH: Final = 1e-16


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Calls as they come. Seconds; `patience` 0: nobody ever hangs up (Erlang C).

    `rate` is of calls a second, `handle` how long one takes an operator, wrap-up included.
    """

    rate: float
    handle: float
    patience: float = 0.0

    @property
    def load(self) -> float:
        """Erlangs: operators who would be busy if nobody had to wait."""
        return self.rate * self.handle


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Shares from 0 to 1, waits in seconds; `asa` is of the answered (infinite where the queue
    only grows), `mean_wait` of all, also of those who hang up."""

    service_level: float
    """Answered within the time asked for, of all who called: abandons count against it."""
    asa: float
    mean_wait: float
    waiting: float
    """Share of callers who have to wait at all."""
    abandonment: float
    occupancy: float
    """Share of their time in which operators are on a call or wrap one up."""


IDLE: Final = Outlook(
    service_level=1.0, asa=0.0, mean_wait=0.0, waiting=0.0, abandonment=0.0, occupancy=0.0
)
_GROWING: Final = Outlook(
    service_level=0.0, asa=inf, mean_wait=inf, waiting=1.0, abandonment=0.0, occupancy=1.0
)
_NOBODY: Final = Outlook(
    service_level=0.0, asa=inf, mean_wait=inf, waiting=1.0, abandonment=1.0, occupancy=0.0
)


@lru_cache(maxsize=8192)
def outlook(servers: int, stream: Stream, seconds: float) -> Outlook:
    """How `servers` operators do, with the service level within `seconds`.

    ValueError for negative figures, a call that takes no time, patience above `LONGEST_PATIENCE`.
    """
    least = min(servers, seconds, stream.rate, stream.patience)
    if least < 0 or stream.handle <= 0 or stream.patience > LONGEST_PATIENCE:
        raise ValueError("operators, rates and times cannot be negative, nor a call take no time")
    if stream.load == 0.0:
        return IDLE
    if servers == 0:
        return _NOBODY
    return (_erlang_a if stream.patience else _erlang_c)(servers, stream, seconds)


def erlang_c(servers: int, load: float) -> float:
    """The share of callers who wait, where none hangs up; 1 where the load is too much."""
    if load >= servers:
        return 1.0
    blocked = erlang_b(servers, load)
    return blocked / (1.0 - load / servers * (1.0 - blocked))


def _erlang_c(servers: int, stream: Stream, seconds: float) -> Outlook:
    load, spare = stream.load, servers - stream.load
    if spare <= 0:
        return _GROWING
    waiting = erlang_c(servers, load)
    mean = waiting * stream.handle / spare
    return Outlook(
        service_level=1.0 - waiting * exp(-spare * seconds / stream.handle),
        asa=mean,
        mean_wait=mean,
        waiting=waiting,
        abandonment=0.0,
        occupancy=load / servers,
    )


def _erlang_a(servers: int, stream: Stream, seconds: float) -> Outlook:
    blocked = erlang_b(servers - 1, stream.load)
    if blocked == 0.0:  # too rare for the digits of a number
        return Outlook(
            service_level=1.0,
            asa=0.0,
            mean_wait=0.0,
            waiting=0.0,
            abandonment=0.0,
            occupancy=stream.load / servers,
        )
    ending, leaving = servers / stream.handle, 1.0 / stream.patience
    here = _sums(stream.rate, ending, leaving)
    per_ending = stream.rate / ending
    # Everything is told against the weight of "all but one are busy"; the sums have a scale.
    whole = exp(-here.scale) / blocked + per_ending * (here.none + here.some)
    abandonment = here.leaving / ending / whole
    answered = 1.0 - abandonment
    late = _late(stream.rate, ending, leaving, seconds, here.scale) / whole
    return Outlook(
        service_level=_share(answered - late),
        asa=per_ending * here.served_wait / whole / answered,
        mean_wait=abandonment / leaving,
        waiting=_share(per_ending * (here.none + here.some) / whole),
        abandonment=_share(abandonment),
        occupancy=_share(stream.load * answered / servers),
    )


@dataclass(slots=True)
class _Sums:
    """All times exp(-scale). `none` is the weight of nobody waiting, `some` of everything above."""

    none: float = 1.0
    some: float = 0.0
    leaving: float = 0.0
    """Sum of k p q(k): how many hang up a second."""
    served_wait: float = 0.0
    """Sum of q(k) times the wait of those served who came behind k others."""
    scale: float = 0.0

    def shrink(self) -> None:
        self.none, self.some = self.none / _BIG, self.some / _BIG
        self.leaving, self.served_wait = self.leaving / _BIG, self.served_wait / _BIG
        self.scale += log(_BIG)


def _sums(rate: float, ending: float, leaving: float) -> _Sums:
    found, weight, mean, ahead = _Sums(), 1.0, 0.0, 0
    while True:
        after = ending + (ahead + 1) * leaving
        mean += 1.0 / after
        found.served_wait += weight * ending / after * mean
        ahead += 1
        weight *= rate / after
        found.some += weight
        found.leaving += ahead * leaving * weight
        if weight > _BIG:
            weight /= _BIG
            found.shrink()
        if after > rate and weight * ahead < _ENOUGH * (found.none + found.some):
            return found


def _late(rate: float, ending: float, leaving: float, seconds: float, scale: float) -> float:
    """Those answered later than that, in the measure of `scale`."""
    kept = exp(-leaving * seconds)
    beyond = _sums(rate * kept, ending, leaving)
    power = rate * (1.0 - kept) / leaving - ending * seconds
    return beyond.some * exp(power + beyond.scale - scale)


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
