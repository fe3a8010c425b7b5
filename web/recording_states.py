"""What can be done with each recording of an interaction: heard, taken as a file, or why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from callcenter.queries.recordings import CallSound
from callcenter.recordings.files import find, kind_of, places_of, plain_name
from callcenter.recordings.listing import Recording, recordings_of
from callcenter.recordings.peak_cache import PeakCache
from callcenter.recordings.wave import read_wave
from callcenter.settings import Settings

State = Literal["ready", "making", "missing", "deleted", "unplayable", "unset"]
_BROWSERS_PLAY = (".mp3", ".ogg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`places`: where it was looked for. `path` is there when the file is."""

    recording: Recording
    state: State
    path: Path | None = None
    places: tuple[Path, ...] = ()
    seconds: float = 0.0
    kind: str = ""


def cache(settings: Settings) -> PeakCache:
    return PeakCache(settings.data_dir / "peaks")


def shown(sound: CallSound, settings: Settings) -> Sequence[Shown]:
    record = sound.record
    if record is None or sound.erased:
        return ()
    folder = settings.recordings_folder(record.pbx)
    return [_shown(one, record.pbx, folder, settings) for one in recordings_of(record)]


def _shown(one: Recording, pbx: str, folder: Path | None, settings: Settings) -> Shown:
    if one.stopped_at is None:
        return Shown(recording=one, state="making")
    if folder is None:
        return Shown(recording=one, state="unset")
    path = find(folder, one.file, one.started_at)
    if path is None:
        gone = cache(settings).knows(pbx, one.file)
        places = places_of(folder, one.file, one.started_at)
        return Shown(recording=one, state="deleted" if gone else "missing", places=places)
    return _of_file(one, path)


def _of_file(one: Recording, path: Path) -> Shown:
    kind = kind_of(plain_name(one.file) or "")
    try:
        with path.open("rb") as file:
            wave = read_wave(file, path.stat().st_size)
    except OSError:
        return Shown(recording=one, state="missing", places=(path,))
    plays = wave.is_playable if wave is not None else path.suffix.lower() in _BROWSERS_PLAY
    return Shown(
        recording=one,
        state="ready" if plays else "unplayable",
        path=path,
        seconds=wave.seconds if wave is not None else 0.0,
        kind=kind,
    )
