"""Between processes: messages to screens, and wishes to the PBX."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from callcenter.realtime.messages import Message

PbxAction = Literal[
    "pause_member",
    "unpause_member",
    "add_member",
    "remove_member",
    "set_penalty",
    "originate",
    "hangup",
    "hold",
    "unhold",
    "blind_transfer",
    "consult",
    "complete_transfer",
    "cancel_transfer",
    "park",
    "conference",
    "mute_recording",
    "unmute_recording",
    "apply_plan",
    "step_in",
    "step_mode",
    "take_over",
    "pull",
    "raise_priority",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxCommand:
    """A wish to the PBX, sent over the bus to whichever process holds the manager link.

    Told twice under one `id`, it is carried out once. `pbx` is the one it is meant for ('' for
    every one), `user_id` who hears how it went; long after `issued_at` it is not carried out.
    """

    action: PbxAction
    endpoint: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    id: str = ""
    pbx: str = ""
    user_id: int = 0
    issued_at: datetime | None = None


class Publisher(Protocol):
    """Sends messages after a commit. Never raises for a peer that is away: it counts and logs."""

    def publish(self, messages: Sequence[Message]) -> None: ...

    def command(self, command: PbxCommand) -> None: ...


class Bus(Publisher, Protocol):
    """The way between processes. In-process and Redis implement the same contract tests."""

    def subscribe(
        self,
        on_message: Callable[[Message], None],
        on_gap: Callable[[], None],
    ) -> Callable[[], None]:
        """Call `on_message` for every message, in each publisher's order, from one thread.

        `on_gap` says that messages may have been lost (link cut, numbers skipped): whoever shows
        state must take a new snapshot. Returns the function that ends the subscription.
        """
        ...

    def serve_commands(self, handler: Callable[[PbxCommand], None]) -> Callable[[], None]: ...

    def check(self) -> tuple[bool, str]:
        """(healthy, words for /readyz)."""
        ...

    def close(self) -> None: ...
