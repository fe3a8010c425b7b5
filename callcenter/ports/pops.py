"""What a pop says beside the call and its customer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from callcenter.realtime.payloads import AskedBack, QueueFace


class Pops(Protocol):
    def queue_faces(self) -> dict[str, QueueFace]: ...

    def user_names(self, user_ids: Iterable[int]) -> dict[int, str]: ...

    def last_chosen(self, numbers: Iterable[str]) -> dict[str, int]:
        """Number → the customer a person named the last time it called."""
        ...

    def asked_back(self, command_ids: Iterable[str]) -> dict[str, AskedBack]:
        """The id of an offer's command → the call-back that was offered by it last."""
        ...

    def see_missed(self, user_id: int, until: datetime) -> None:
        """Calls that rang at them in vain up to then need not be shown to them any more."""
        ...
