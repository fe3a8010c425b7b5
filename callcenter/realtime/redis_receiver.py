"""The subscribing half of the Redis bus: one thread that reads, pings, and connects anew.

redis-py would reconnect a subscription silently and so hide what was lost meanwhile; here each
connection is used until its first fault and thrown away, and every new one is a gap.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog
from redis import Redis, RedisError
from redis.client import PubSub

from callcenter.realtime import metrics
from callcenter.realtime.backoff import Backoff
from callcenter.realtime.numbering import Envelope, Numbering

log = structlog.get_logger(__name__)

_PING_SECONDS = 5.0
_SILENCE_SECONDS = 15.0
_READ_SECONDS = 0.5


class Receiver:
    def __init__(
        self,
        connect: Callable[[], Redis],
        channel: str,
        on_body: Callable[[str], None],
        on_gap: Callable[[], None],
    ) -> None:
        self._connect, self._channel = connect, channel
        self._on_body, self._on_gap = on_body, on_gap
        self._numbering, self._backoff = Numbering(), Backoff()
        self._missed = False
        self._closing, self._subscribed = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="bus-receiver", daemon=True)
        self._thread.start()

    def wait_subscribed(self, timeout: float) -> bool:
        return self._subscribed.wait(timeout)

    def close(self) -> None:
        self._closing.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._closing.is_set():
            client = self._connect()
            pubsub = client.pubsub()  # type: ignore[no-untyped-call]
            try:
                self._read(pubsub)
            except (RedisError, OSError, RuntimeError) as error:
                self._note_lost(error)
                self._closing.wait(self._backoff.next())
            finally:
                _discard(pubsub, client)

    def _note_lost(self, error: Exception) -> None:
        if not self._missed or self._subscribed.is_set():
            log.warning("bus.subscription_lost", channel=self._channel, reason=type(error).__name__)
        self._missed = True
        self._subscribed.clear()
        metrics.RECONNECTS.inc()

    def _read(self, pubsub: PubSub) -> None:
        pubsub.subscribe(self._channel)
        heard = pinged = time.monotonic()
        while not self._closing.is_set():
            raw = pubsub.get_message(timeout=_READ_SECONDS)
            now = time.monotonic()
            if raw is not None:
                heard = now
                self._take(raw)
            if now - heard > _SILENCE_SECONDS:
                raise TimeoutError(f"no sign of life for {_SILENCE_SECONDS:.0f} s")
            if now - pinged > _PING_SECONDS:
                pubsub.ping()
                pinged = now

    def _take(self, raw: dict[str, object]) -> None:
        if raw["type"] == "subscribe":
            self._note_subscribed()
        elif raw["type"] == "message" and isinstance(raw["data"], bytes):
            try:
                envelope = Envelope.from_bytes(raw["data"])
            except ValueError:
                metrics.DROPPED.labels("malformed").inc()
                return
            self._deliver(envelope)

    def _note_subscribed(self) -> None:
        self._backoff.reset()
        if self._missed:
            log.info("bus.subscribed_again", channel=self._channel)
            self._on_gap()
        self._missed = False
        self._subscribed.set()

    def _deliver(self, envelope: Envelope) -> None:
        verdict = self._numbering.judge(envelope)
        if verdict in {"gap", "gap_then_deliver"}:
            self._on_gap()
        if verdict in {"deliver", "gap_then_deliver"} and envelope.body is not None:
            self._on_body(envelope.body)


def _discard(pubsub: PubSub, client: Redis) -> None:
    try:
        pubsub.close()
        client.close()
    except (RedisError, OSError):
        log.debug("bus.close_failed")
