"""All recordings that others can be put into; which can go on where another one asked the CRM."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ami.simulator.reading import load
from ami.simulator.recording import Recording, RecordingError

FOLDER = Path(__file__).resolve().parents[2] / "tests/scenarios/recordings"
"""The lab's recordings in the product's own checkout: one copy for tests and simulator."""


class Library:
    def __init__(self, recordings: dict[str, Recording]) -> None:
        self._recordings = recordings
        self._openings = {name: one.opening() for name, one in recordings.items()}

    @classmethod
    def read(cls, folder: Path = FOLDER) -> Library:
        """Raises RecordingError when there is none to play."""
        found = sorted(path.parent for path in folder.glob("*/ami.txt"))
        if not found:
            raise RecordingError(f"{folder} holds no recordings (NAME/ami.txt)")
        read = {path.name: load_once(path) for path in found}
        return cls({name: one for name, one in read.items() if one.is_playable})

    def __iter__(self) -> Iterator[Recording]:
        return iter(self._recordings.values())

    def __getitem__(self, name: str) -> Recording:
        try:
            return self._recordings[name]
        except KeyError:
            known = ", ".join(self._recordings)
            raise RecordingError(f"no recording {name!r}; there are: {known}") from None

    def continuing(self, begun: Recording, route: str) -> Recording:
        """The recording in which the CRM answered `route` to the question that `begun` asks.

        `begun` itself plays on when that answer leads to where it goes anyway, or was never
        recorded. Of several others, the one that ends as `begun` does.
        """
        others = [other for other in self._begun_alike(begun) if other.route == route]
        if any(other.queues == begun.queues for other in others):
            return begun
        alike = [other for other in others if other.results == begun.results]
        return next(iter(alike or others), begun)

    def routes(self, begun: Recording) -> frozenset[str]:
        """The answers of the CRM with which a call that begins so has been recorded."""
        return frozenset(one.route for one in self._begun_alike(begun))

    def _begun_alike(self, begun: Recording) -> list[Recording]:
        """Those that nothing tells apart from `begun` until the CRM has answered."""
        if begun.asks != 1:
            return []
        opening = self._openings[begun.name]
        return [one for name, one in self._recordings.items() if self._openings[name] == opening]


@cache
def load_once(folder: Path) -> Recording:
    """Recordings never change while we run."""
    return load(folder)
