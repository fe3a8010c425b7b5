"""A publisher whose commands go straight to this process's own hand.

Over the bus they would be lost while Redis is away.
"""

from __future__ import annotations

from collections.abc import Callable

from callcenter.ports import PbxCommand, Publisher


class OwnHand:
    """`carry_out` says False of a PBX that another process has: such a command goes over the bus,
    or, without `elsewhere`, nowhere."""

    def __init__(
        self, bus: Publisher, carry_out: Callable[[PbxCommand], bool], *, elsewhere: bool = True
    ) -> None:
        self.publish = bus.publish
        self._bus = bus
        self._carry_out = carry_out
        self._elsewhere = elsewhere

    def command(self, command: PbxCommand) -> None:
        if not self._carry_out(command) and self._elsewhere:
            self._bus.command(command)
