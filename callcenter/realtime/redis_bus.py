"""The bus between processes, over Redis pub/sub.

Delivery is at most once with detected loss: whoever shows state is told of a gap and takes a new
snapshot, so nothing has to be kept in Redis. Publishing never raises and never waits.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TypeVar

import structlog
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from callcenter.ports import PbxCommand
from callcenter.realtime import metrics
from callcenter.realtime.mailbox import Mailbox
from callcenter.realtime.messages import Message
from callcenter.realtime.redis_receiver import Receiver
from callcenter.realtime.redis_sender import Sender

log = structlog.get_logger(__name__)
Item = TypeVar("Item")

_IO_SECONDS = 2.0
_CHECK_SECONDS = 1.0
_SUBSCRIBE_SECONDS = 3.0
_COMMAND_VALID_SECONDS = 5.0


class RedisBus:
    def __init__(self, url: str, *, mailbox_size: int = 10_000, queue_size: int = 10_000) -> None:
        self._url, self._size = url, mailbox_size
        # Pub/sub ignores the database number; ours keeps two installations on one Redis apart.
        database = self._connect().get_connection_kwargs().get("db") or 0
        self._messages = f"callcenter:{database}:messages"
        self._commands = f"callcenter:{database}:commands"
        self._closers: list[Callable[[], None]] = []
        self._sender = Sender(self._connect, uuid.uuid4().hex, self._messages, size=queue_size)

    def publish(self, messages: Sequence[Message]) -> None:
        for message in messages:
            try:
                body = message.to_json()
            except (TypeError, ValueError):
                metrics.DROPPED.labels("not_json").inc()
                log.exception("bus.message_not_json", kind=message.kind)
                continue
            metrics.PUBLISHED.inc()
            self._sender.send(self._messages, body)

    def command(self, command: PbxCommand) -> None:
        metrics.PUBLISHED.inc()
        body = json.dumps(asdict(command), default=str)
        self._sender.send(self._commands, body, valid_for=_COMMAND_VALID_SECONDS)

    def subscribe(
        self, on_message: Callable[[Message], None], on_gap: Callable[[], None]
    ) -> Callable[[], None]:
        mailbox = Mailbox(on_message, on_gap, name="bus-subscriber", size=self._size)
        return self._listen(self._messages, mailbox, Message.from_json, mailbox.put_gap)

    def serve_commands(self, handler: Callable[[PbxCommand], None]) -> Callable[[], None]:
        mailbox = Mailbox(handler, _no_state, name="bus-commands", size=self._size)
        return self._listen(self._commands, mailbox, _to_command, metrics.GAPS.inc)

    def check(self) -> tuple[bool, str]:
        client = self._connect(_CHECK_SECONDS)
        try:
            client.ping()
        except (RedisError, OSError) as error:
            return False, f"Redis does not answer ({type(error).__name__})"
        finally:
            client.close()
        return True, "Redis answers"

    def close(self) -> None:
        closers, self._closers = self._closers, []
        for close in closers:
            close()
        self._sender.close()

    def _listen(
        self,
        channel: str,
        mailbox: Mailbox[Item],
        parse: Callable[[str], Item],
        on_gap: Callable[[], None],
    ) -> Callable[[], None]:
        def on_body(body: str) -> None:
            try:
                mailbox.put(parse(body))
            except ValueError:
                metrics.DROPPED.labels("malformed").inc()

        receiver = Receiver(self._connect, channel, on_body, on_gap)

        def end() -> None:
            receiver.close()
            mailbox.close()

        self._closers.append(end)
        receiver.wait_subscribed(_SUBSCRIBE_SECONDS)  # later is a gap, and told as one
        return end

    def _connect(self, timeout: float = _IO_SECONDS) -> Redis:
        return Redis.from_url(
            self._url,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            socket_keepalive=True,
            retry=Retry(NoBackoff(), 0),
            client_name="callcenter",
        )


def _to_command(body: str) -> PbxCommand:
    try:
        values = json.loads(body)
        issued = values.get("issued_at")
        values["issued_at"] = datetime.fromisoformat(issued) if issued else None
        return PbxCommand(**values)
    except (AttributeError, TypeError) as error:
        raise ValueError(f"not a PBX command: {error}") from error


def _no_state() -> None:
    """A lost command leaves no state to renew; it is counted where it was lost."""
