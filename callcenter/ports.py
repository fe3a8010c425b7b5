"""What services need from the outside world, as Protocols. Adapters live in `store`, `realtime`
and the doors; `bootstrap` (or a test) puts them together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Literal, Protocol, Self

from callcenter.realtime.messages import Message


class Clock(Protocol):
    def now(self) -> datetime:
        """The current time, aware UTC."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxCommand:
    """A wish to the PBX, sent over the bus to whichever process holds the manager link."""

    action: Literal["pause_member", "unpause_member", "hangup", "originate"]
    endpoint: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)


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


class UnitOfWork(Protocol):
    """One transaction. Leaving the block without `commit` rolls back."""

    customers: Any
    calls: Any
    interactions: Any
    notes: Any
    users: Any
    agents: Any
    routing: Any
    pbx_links: Any

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def commit(self) -> None: ...

    def rollback(self) -> None: ...
