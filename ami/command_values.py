"""The values of a command that may travel to a PBX: channels and numbers, checked. Pure."""

from __future__ import annotations

import re

from ami.outcomes import Outcome
from callcenter.ports import PbxCommand

_CHANNEL = re.compile(r"[A-Za-z0-9]+/[A-Za-z0-9@;:._+*#-]{1,100}")
_NUMBER = re.compile(r"[A-Za-z0-9*+]{1,40}")


class RefusedError(Exception):
    """It came to nothing for a reason that is known."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.detail)
        self.outcome = outcome


def channel(name: str) -> str:
    """A pattern (`/^PJSIP/`) or two lines are no channel."""
    if _CHANNEL.fullmatch(name) is None:
        raise RefusedError(Outcome(why="gone", detail=f"{name!r} is no channel"))
    return name


def channel_in(command: PbxCommand, name: str = "channel") -> str:
    return channel(command.arguments.get(name, ""))


def number_in(command: PbxCommand, name: str = "to") -> str:
    number = command.arguments.get(name, "")
    if _NUMBER.fullmatch(number) is None:
        raise RefusedError(Outcome(why="bad_number", detail=f"{number!r} cannot be dialled"))
    return number
