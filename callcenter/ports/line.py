"""Messages between operators and supervisors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from callcenter.line.line import Head, LineKind, LineMessage


class Line(Protocol):
    def add(  # noqa: PLR0917 (one row)
        self,
        sender_id: int,
        recipients: Sequence[int | None],
        text: str,
        at: datetime,
        kind: LineKind = "text",
        call_id: str | None = None,
    ) -> list[int]:
        """One message for each recipient (None: the supervisors). Returns their ids."""
        ...

    def get(self, message_id: int) -> LineMessage | None: ...

    def open_help_of(self, sender_id: int) -> LineMessage | None:
        """The call for help of theirs that nobody has answered."""
        ...

    def read(self, user_id: int, other_id: int | None, up_to: int, at: datetime) -> int:
        """What `other_id` wrote to this user up to that message is read. `other_id` None: all that
        was written to an operator. Returns how many messages it were."""
        ...

    def read_for_leaders(self, sender_id: int, up_to: int, at: datetime) -> int:
        """What an operator wrote to the supervisors is read, for all of them."""
        ...

    def resolve(self, message_id: int, user_id: int, at: datetime) -> bool:
        """False if somebody has answered already."""
        ...

    def put_away(self, message_id: int, at: datetime) -> None: ...

    def heads(self, user_ids: Iterable[int]) -> dict[int, tuple[Head, ...]]:
        """User → what they have not read, by sender."""
        ...
