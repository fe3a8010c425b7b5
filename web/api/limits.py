"""How often a token may call, and how often an address may guess tokens.

Uses `limits`, the engine under Flask-Limiter, directly: what is counted here (a token already
checked, a token refused) is known only in mid-request, not by route. Counts live in Redis when
there is one; while it is away, each process counts for itself.
"""

from __future__ import annotations

import math
import time

import limits
import structlog
from flask import Flask, current_app, request
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter, RateLimiter

from web.api.context import the_caller
from web.api.problems import ProblemError

CALLS = "1200 per minute"
GUESSES = "30 per minute"
_EXTENSION = "callcenter.api.limits"
log = structlog.get_logger(__name__)


class Counters:
    """Hits by name. Never fails: a storage that is away is replaced by memory for that hit."""

    def __init__(self, redis_url: str | None) -> None:
        self._own: RateLimiter = FixedWindowRateLimiter(MemoryStorage())
        self._main = self._own
        if redis_url:
            self._main = FixedWindowRateLimiter(storage_from_string(redis_url))

    def seconds_to_wait(self, limit: str, *key: str) -> int:
        """0 when the hit is within the limit."""
        parsed = limits.parse(limit)
        try:
            return self._hit(self._main, parsed, key)
        except Exception as error:  # noqa: BLE001 (each storage has its own errors; none may refuse)
            log.warning("api.limit_storage_unavailable", error=type(error).__name__)
            return self._hit(self._own, parsed, key)

    @staticmethod
    def _hit(limiter: RateLimiter, limit: limits.RateLimitItem, key: tuple[str, ...]) -> int:
        if limiter.hit(limit, *key):
            return 0
        left = limiter.get_window_stats(limit, *key).reset_time - time.time()
        return max(1, math.ceil(left))


def init(app: Flask, redis_url: str | None) -> None:
    app.config.setdefault("API_TOKEN_LIMIT", CALLS)
    app.config.setdefault("API_GUESS_LIMIT", GUESSES)
    app.extensions[_EXTENSION] = Counters(redis_url)


def count_call() -> None:
    _count("API_TOKEN_LIMIT", f"token-{the_caller().token_id}")


def count_guess() -> None:
    """Only refused tokens are counted by address: one bad neighbour behind a NAT stops nobody."""
    _count("API_GUESS_LIMIT", f"address-{request.remote_addr or 'unknown'}")


def _count(setting: str, key: str) -> None:
    limit = str(current_app.config[setting])
    seconds = current_app.extensions[_EXTENSION].seconds_to_wait(limit, "callcenter-api", key)
    if seconds:
        raise ProblemError(
            429,
            "rate-limit",
            f"More than {limit}. Try again in {seconds} s.",
            headers={"Retry-After": str(seconds)},
        )
