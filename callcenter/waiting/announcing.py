"""What is said to who waits, and when again. Pure: what is known comes in, words go out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from callcenter.speech.numbers import number
from callcenter.waiting.estimate import Estimate

Offer = Literal["callback", "message"]
KEYS: Final[dict[Offer, str]] = {"callback": "1", "message": "2"}
"""What a caller presses for which."""
_FARTHEST_SAID: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a queue lets people wait. `every` 0: they hear of it before they wait and never again."""

    position: bool = False
    estimate: bool = False
    every: int = 0
    messages: tuple[str, ...] = ()
    callback: bool = False
    callback_after: int = 0
    callback_over: int = 0
    """Minutes of waiting from which on it is offered at once; 0: never for that reason."""
    message_box: bool = False

    @property
    def silent(self) -> bool:
        return not (self.position or self.estimate or self.messages or self.offers)

    @property
    def offers(self) -> bool:
        return self.callback or self.message_box


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiter:
    """`round` 0 is before they wait. `ahead`: who is served sooner. `free`: operators who could
    take a call at this moment."""

    round: int = 0
    ahead: int = 0
    free: int = 0
    waited: float = 0.0
    again: bool = False
    """They hung up while they waited, a moment ago, and the time counts."""
    estimate: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """Either a prompt's key or words of the vocabulary, one sound each."""

    prompt: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """`offered`: what a key would be understood as from now on."""

    said: tuple[Said, ...] = ()
    offered: tuple[Offer, ...] = ()


NOTHING_SAID: Final = Announcement()


def announce(manner: Manner, waiter: Waiter, locale: str) -> Announcement:
    """Nothing to whoever is about to be answered: it would only keep them from it."""
    offered = _offered(manner)
    if waiter.free > waiter.ahead:
        again = (Said("wait-again"),) if waiter.again and waiter.round == 0 else ()
        return Announcement(said=again, offered=offered)
    said: list[Said] = []
    if waiter.again and waiter.round == 0:
        said.append(Said("wait-again"))
    if manner.position:
        said += _position(waiter.ahead, locale)
    if manner.estimate and waiter.estimate is not None:
        said.append(_wait(waiter.estimate))
    if manner.messages and waiter.round > 0:
        said.append(Said(manner.messages[(waiter.round - 1) % len(manner.messages)]))
    said += [
        Said(f"{one}-offer") for one in offered if one == "message" or _is_time(manner, waiter)
    ]
    return Announcement(said=tuple(said), offered=offered)


def _offered(manner: Manner) -> tuple[Offer, ...]:
    offered: list[Offer] = []
    if manner.callback:
        offered.append("callback")
    if manner.message_box:
        offered.append("message")
    return tuple(offered)


def _is_time(manner: Manner, waiter: Waiter) -> bool:
    """Whether to say that they may be called back; the key works sooner for who knows it."""
    if waiter.waited >= manner.callback_after:
        return True
    told = waiter.estimate
    return bool(manner.callback_over and told and told.most > manner.callback_over * 60)


def _position(ahead: int, locale: str) -> list[Said]:
    if ahead == 0:
        return [Said("wait-next")]
    if ahead >= _FARTHEST_SAID:
        return []
    return [Said("wait-position"), Said(words=number(ahead + 1, locale))]


def _wait(estimate: Estimate) -> Said:
    minutes = estimate.minutes
    return Said("wait-over") if minutes is None else Said(f"wait-under-{minutes}")
