"""Which operators play in a recording: who is free, not paused, and (when asked) not always the
same. Book-keeping of devices only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ami.simulator.desk import Desk
from ami.simulator.recording import Recording

Person = tuple[str, str]


class Troupe:
    """`spread`: take whoever has been idle longest, instead of the recorded one where free."""

    def __init__(self, desk: Desk, *, spread: bool = False) -> None:
        self.spread = spread
        self._desk = desk
        self._people: dict[str, str] = {one.extension: one.name for one in desk.plan.operators}
        self._busy: Counter[str] = Counter()
        self._turn: dict[str, int] = {}
        self._turns = 0

    def free(self) -> int:
        return sum(self._is_free(extension) for extension in self._people)

    def take(self, recording: Recording) -> tuple[Person, ...]:
        """One person for each part, different ones as far as there are enough."""
        taken: list[str] = []
        for recorded, _ in recording.operators:
            left = [one for one in self._people if one not in taken] or list(self._people)
            taken.append(recorded if not left else min(left, key=self._preference(recorded)))
            self._turns += 1
            self._turn[taken[-1]] = self._turns
        self._busy.update(taken)
        return tuple((one, self._people.get(one, "")) for one in taken)

    def release(self, people: tuple[Person, ...]) -> None:
        self._busy.subtract(extension for extension, _ in people)

    def _is_free(self, extension: str) -> bool:
        return not self._busy[extension] and not self._desk.rests(f"PJSIP/{extension}")

    def _preference(self, recorded: str) -> Callable[[str], tuple[bool, int, bool, int]]:
        def key(extension: str) -> tuple[bool, int, bool, int]:
            same = extension == recorded and not self.spread
            turn = self._turn.get(extension, 0)
            return (not self._is_free(extension), self._busy[extension], not same, turn)

        return key
