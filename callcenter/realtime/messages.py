"""What travels from the services to browsers: the message schema, as plain data.

A message names its audience by server-side facts (user ids, roles); the web door alone turns an
audience into sockets. The payload is JSON-ready. `kind` is the Socket.IO event name
(snapshot, call, screen_pop, agent, queue, wallboard, task, message).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

MessageKind = Literal["call", "screen_pop", "agent", "queue", "wallboard", "task", "message"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who may receive a message: any of these users, or anyone with one of these roles."""

    users: tuple[int, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    kind: MessageKind
    audience: Audience
    payload: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"), default=str)

    @classmethod
    def from_json(cls, text: str | bytes) -> Message:
        """Inverse of `to_json`. Raises ValueError on anything else."""
        try:
            raw = json.loads(text)
            audience = Audience(
                users=tuple(int(u) for u in raw["audience"]["users"]),
                roles=tuple(str(r) for r in raw["audience"]["roles"]),
            )
            return cls(kind=raw["kind"], audience=audience, payload=dict(raw["payload"]))
        except (KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise ValueError(f"not a realtime message: {error!r}") from error
