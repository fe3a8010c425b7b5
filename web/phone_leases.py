"""Which tab of which browser has a user's phone: one at a time.

In memory for one process; in Redis when several serve. A lease that is not renewed ends by itself:
a hidden tab's timers fire once a minute, so it lives for several of those.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

import redis
import structlog

log = structlog.get_logger(__name__)

LEASE_SECONDS = 150


class PhoneLeases(Protocol):
    def take(self, user_id: int, tab: str, *, over: bool) -> str:
        """Take or renew; `over`: from another tab too. Returns who has it now."""
        ...

    def holder(self, user_id: int) -> str: ...

    def release(self, user_id: int, tab: str) -> None: ...


class MemoryPhoneLeases:
    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._leases: dict[int, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def take(self, user_id: int, tab: str, *, over: bool) -> str:
        with self._lock:
            held = self._held(user_id)
            if held and held != tab and not over:
                return held
            self._leases[user_id] = (tab, self._now() + LEASE_SECONDS)
            return tab

    def holder(self, user_id: int) -> str:
        with self._lock:
            return self._held(user_id)

    def release(self, user_id: int, tab: str) -> None:
        with self._lock:
            if self._held(user_id) == tab:
                self._leases.pop(user_id, None)

    def _held(self, user_id: int) -> str:
        tab, until = self._leases.get(user_id, ("", 0.0))
        return tab if until > self._now() else ""


class RedisPhoneLeases:
    """While Redis is away each process counts for itself: a phone in two tabs is then possible,
    and the PBX keeps the newer one (`remove_existing`)."""

    def __init__(self, url: str) -> None:
        self._own = MemoryPhoneLeases()
        self._redis = redis.Redis.from_url(
            url, socket_timeout=1, socket_connect_timeout=1, decode_responses=True
        )

    def take(self, user_id: int, tab: str, *, over: bool) -> str:
        key = _key(user_id)
        try:
            if over or not self._redis.set(key, tab, ex=LEASE_SECONDS, nx=True):
                held = str(self._redis.get(key) or "")
                if held and held != tab and not over:
                    return held
                self._redis.set(key, tab, ex=LEASE_SECONDS)
        except redis.RedisError as error:
            log.warning("phone.lease_kept_here_only", reason=str(error))
            return self._own.take(user_id, tab, over=over)
        self._own.take(user_id, tab, over=True)
        return tab

    def holder(self, user_id: int) -> str:
        try:
            return str(self._redis.get(_key(user_id)) or "")
        except redis.RedisError:
            return self._own.holder(user_id)

    def release(self, user_id: int, tab: str) -> None:
        self._own.release(user_id, tab)
        try:
            if self._redis.get(_key(user_id)) == tab:
                self._redis.delete(_key(user_id))
        except redis.RedisError as error:
            log.warning("phone.lease_not_released", reason=str(error))


def _key(user_id: int) -> str:
    return f"callcenter:phone:{user_id}"


def phone_leases(redis_url: str | None) -> PhoneLeases:
    return RedisPhoneLeases(redis_url) if redis_url else MemoryPhoneLeases()
