"""Which events are worth parsing, decided on their bytes: by name, and for some by content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

Test = Callable[[bytes], bool]

_KNOWN_NAMES_CAP = 2_000
"""A peer inventing names must not fill the memory."""


def always(_raw: bytes) -> bool:
    return True


class Wanted:
    """`names` in any case; `tests` look at the whole message of that name."""

    def __init__(self, names: Iterable[str], tests: Mapping[str, Test] | None = None) -> None:
        given = {name.lower(): test for name, test in (tests or {}).items()}
        self._tests = {name.lower().encode(): given.get(name.lower(), always) for name in names}
        self._seen: dict[bytes, Test | None] = {}

    def test_for(self, name: bytes) -> Test | None:
        """The test for events of this name as spelt, None when none is wanted."""
        try:
            return self._seen[name]
        except KeyError:
            return self._learn(name)

    def _learn(self, name: bytes) -> Test | None:
        test = self._tests.get(name.lower())
        if len(self._seen) < _KNOWN_NAMES_CAP:
            self._seen[name] = test
        return test
