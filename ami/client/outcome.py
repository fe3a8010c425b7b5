"""What became of a manager link, as values: log-in outcomes, link states, errors."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

LinkState = Literal["up", "connecting", "refused", "down"]


class LoginOutcome(Enum):
    """How an attempt to connect and log in ended."""

    ACCEPTED = "accepted"
    WRONG_PASSWORD = "wrong password"  # noqa: S105
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    NOT_AMI = "not AMI"
    LOST = "lost"
    """It was accepted, and the link broke later."""


STATE_OF_OUTCOME: dict[LoginOutcome, LinkState] = {
    LoginOutcome.ACCEPTED: "up",
    LoginOutcome.WRONG_PASSWORD: "refused",
    LoginOutcome.REFUSED: "refused",
    LoginOutcome.UNREACHABLE: "down",
    LoginOutcome.NOT_AMI: "refused",
    LoginOutcome.LOST: "down",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStatus:
    """What `pbx_links` and /readyz show of one PBX. `detail` says what to do when not up."""

    pbx: str
    state: LinkState
    detail: str
    version: str = ""


class AmiError(Exception):
    """The manager did not do what it was asked."""


class NotConnectedError(AmiError):
    """There is no logged-in link now; nothing was sent and nothing will be sent later."""


class ActionTimeoutError(AmiError):
    """No answer in time. The action may have been carried out: it is never sent again."""


class ActionFailedError(AmiError):
    """The PBX answered with an error. `denied` when the user lacks the right."""

    def __init__(self, action: str, message: str) -> None:
        super().__init__(f"{action}: {message}")
        self.action = action
        self.message = message

    @property
    def denied(self) -> bool:
        return "permission denied" in self.message.lower()


class InvalidActionError(AmiError, ValueError):
    """A value that cannot travel in a manager action, such as one holding a line break."""
