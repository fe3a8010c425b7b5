"""Session ids that were logged out before they ran out, so that a copied cookie is worth nothing.

In memory for one process; in Redis when several share the users. Ids are random, kept hashed
nowhere else, and forgotten once the session would have ended by itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

import redis
import structlog

log = structlog.get_logger(__name__)


class RevokedSessions(Protocol):
    def revoke(self, sid: str, keep: timedelta) -> None: ...

    def is_revoked(self, sid: str) -> bool: ...


class MemoryRevokedSessions:
    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def revoke(self, sid: str, keep: timedelta) -> None:
        now = self._now()
        with self._lock:
            self._until = {one: end for one, end in self._until.items() if end > now}
            self._until[sid] = now + keep.total_seconds()

    def is_revoked(self, sid: str) -> bool:
        return self._until.get(sid, 0.0) > self._now()


class RedisRevokedSessions:
    """While Redis is away each process knows only the log-outs it saw itself; the epoch in the
    database still guards "log out everywhere", and `/readyz` is red."""

    def __init__(self, url: str) -> None:
        self._own = MemoryRevokedSessions()
        self._redis = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)

    def revoke(self, sid: str, keep: timedelta) -> None:
        self._own.revoke(sid, keep)
        try:
            self._redis.set(f"callcenter:revoked:{sid}", 1, ex=int(keep.total_seconds()))
        except redis.RedisError as error:
            log.warning("sessions.revocation_kept_here_only", reason=str(error))

    def is_revoked(self, sid: str) -> bool:
        if self._own.is_revoked(sid):
            return True
        try:
            return bool(self._redis.exists(f"callcenter:revoked:{sid}"))
        except redis.RedisError:
            return False


def revoked_sessions(redis_url: str | None) -> RevokedSessions:
    return RedisRevokedSessions(redis_url) if redis_url else MemoryRevokedSessions()
