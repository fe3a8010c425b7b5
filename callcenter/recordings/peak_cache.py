"""Peaks of sounds that were drawn once, kept in a folder of ours: small files, not too many.

That a sound is remembered here while its file is gone tells that the file was there once.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from callcenter.recordings.peaks import peaks_of
from callcenter.recordings.wave import read_wave

_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Drawing:
    """How long a sound is, and its peaks from 0 to 100."""

    seconds: float
    peaks: tuple[int, ...]


class PeakCache:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def knows(self, pbx: str, file: str) -> bool:
        return self._place(pbx, file).exists()

    def drawing_of(self, pbx: str, file: str, path: Path) -> Drawing | None:
        """None for a sound that cannot be drawn. Raises OSError where the file cannot be read."""
        found = path.stat()
        state = [found.st_size, found.st_mtime_ns]
        kept = self._kept(pbx, file)
        if kept.get("state") == state:
            return Drawing(kept["seconds"], tuple(kept["peaks"]))
        with path.open("rb") as sound:
            wave = read_wave(sound, found.st_size)
            if wave is None:
                return None
            drawing = Drawing(round(wave.seconds, 2), tuple(peaks_of(sound, wave)))
        values = {"state": state, "seconds": drawing.seconds, "peaks": drawing.peaks}
        self._keep(self._place(pbx, file), values)
        return drawing

    def _place(self, pbx: str, file: str) -> Path:
        digest = hashlib.sha256(f"{pbx}\n{file}".encode()).hexdigest()
        return self._folder / f"{digest[:40]}.json"

    def _kept(self, pbx: str, file: str) -> dict[str, Any]:
        try:
            kept: dict[str, Any] = json.loads(self._place(pbx, file).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return kept

    def _keep(self, place: Path, values: dict[str, Any]) -> None:
        """A folder that cannot be written costs time at the next look, and nothing else."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile("w", dir=self._folder, suffix=".new", delete=False) as new:
                json.dump(values, new, separators=(",", ":"))
            Path(new.name).replace(place)
            self._drop_oldest()
        except OSError:
            return

    def _drop_oldest(self) -> None:
        kept = list(self._folder.glob("*.json"))
        if len(kept) > _MOST:
            kept.sort(key=lambda one: one.stat().st_mtime)
            for one in kept[: len(kept) - _MOST * 9 // 10]:
                one.unlink(missing_ok=True)
