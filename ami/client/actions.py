"""A manager action that cannot be forged and that always ends.

panoramisk writes any value on the wire as it is (P13: a line break in it begins a second action)
and waits for ever on a cancelled list (P12).
"""

from __future__ import annotations

from typing import Any

from panoramisk.actions import Action
from panoramisk.message import Message

from ami.client.outcome import InvalidActionError

MAX_LINE = 1000
MAX_HEADERS = 100
"""Asterisk reads at most 1,024 characters a line and 128 headers; stay below both."""

_FORBIDDEN = frozenset("\r\n\0")


class GuardedAction(Action):  # type: ignore[misc]  # panoramisk has no types
    """Checked when made; completed by a list's end *or* its cancellation."""

    def __init__(self, headers: dict[str, Any], as_list: bool | None = None) -> None:
        check_headers(headers)
        super().__init__(headers, as_list=as_list)

    def add_message(self, message: Message) -> bool:
        """Take one answer; True when it was the last."""
        self.responses.append(message)
        if not self._ends(message):
            return False
        if not self.future.done():
            self.future.set_result(self.responses)
        return True

    @property
    def multi(self) -> bool:
        """More messages follow. (panoramisk waits for ever after `Added … to queue`, too.)"""
        if self.as_list is not None:
            return bool(self.as_list)
        text = self.responses[0].message.lower()
        return self.listing or "will follow" in text or text.endswith("successfully queued")

    @property
    def listing(self) -> bool:
        """Its answer is a list of events, so that those events concern nobody else."""
        return bool(self.responses) and self.responses[0].eventlist.lower() == "start"

    def _ends(self, message: Message) -> bool:
        if message.eventlist.lower() in ("complete", "cancelled", "canceled"):
            return True
        if message.event:
            return bool(message.event.endswith("Complete") or message.event == "OriginateResponse")
        return message.response in ("Error", "Goodbye") or not self.multi


def check_headers(headers: dict[str, Any]) -> None:
    """Raise InvalidActionError unless every header is one safe line."""
    lines = [(key, item) for key, value in headers.items() for item in _items(value)]
    if len(lines) > MAX_HEADERS:
        raise InvalidActionError(f"an action may have {MAX_HEADERS} headers, not {len(lines)}")
    for key, item in lines:
        if not key.isalnum():
            raise InvalidActionError(f"{key!r} is no header name")
        if not _FORBIDDEN.isdisjoint(item):
            raise InvalidActionError(f"{key} holds a line break or NUL: refused")
        if len(item.encode()) + len(key) > MAX_LINE:
            raise InvalidActionError(f"{key} is longer than {MAX_LINE} bytes: refused")


def _items(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]
