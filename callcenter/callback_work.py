"""What the worker does for call-backs and messages all the time: offers those whose turn has come,
listens to what nobody has measured yet.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from callcenter.agents.staffing import QueueSettings
from callcenter.loops import Loop
from callcenter.queries import callback_requests as queries
from callcenter.queries import hours, waiting
from callcenter.recordings import files
from callcenter.recordings.peak_cache import PeakCache
from callcenter.runtime import Runtime
from callcenter.services import callback_turns, voicemails
from callcenter.services.callback_requests import Opening
from callcenter.services.callback_turns import Desk, Door
from callcenter.services.voicemails import Sound
from callcenter.voicemail.message import Voicemail

_LISTEN_EVERY = 3.0


def loops(runtime: Runtime) -> tuple[Loop, ...]:
    """Each looks first, so that nothing is locked while there is nothing to do."""
    door = Door(
        unit_of_work=runtime.unit_of_work,
        publisher=runtime.bus,
        clock=runtime.clock,
        pbxs=runtime.settings.hand_names,
    )

    def offer() -> int:
        with runtime.reader() as connection:
            if not queries.is_due(connection, runtime.clock.now()):
                return 0
            now = runtime.clock.now()
            desk_of, opening = desks(connection, now), opening_of(connection)
            callback_turns.turn(desk_of, opening, door, hears=queries.hears(connection, now))
        return 0  # who waits for an operator waits: not at once again

    def listen() -> int:
        with runtime.reader() as connection:
            if not queries.is_unmeasured(connection):
                return 0
        return voicemails.measure(
            partial(sound_of, runtime),
            unit_of_work=runtime.unit_of_work,
            publisher=runtime.bus,
        )

    return Loop("callbacks", offer), Loop("voicemails", listen, _LISTEN_EVERY)


def desks(connection: Connection, now: datetime) -> Callable[[str], Desk]:
    """Every queue that has a request, read at once."""
    known = waiting.settings(connection)
    found = {
        name: _desk(connection, known[name], now)
        for name in queries.queues_with_requests(connection)
        if name in known
    }
    return lambda name: found.get(name, Desk())


def _desk(connection: Connection, queue: QueueSettings, now: datetime) -> Desk:
    line = waiting.waiting_in(connection, queue.name)
    oldest = datetime.fromtimestamp(line[0].since, UTC) if line else None
    return Desk(ready=waiting.ready(connection, queue, now), oldest=oldest)


def opening_of(connection: Connection) -> Opening:
    """By the calendars as they are now; a calendar that is gone keeps nobody from being called."""
    return lambda calendar, at: hours.opening(connection, calendar, at) if calendar else at


def sound_of(runtime: Runtime, message: Voicemail) -> Sound | None:
    """None while the file cannot be read, or Asterisk still writes it."""
    folder = runtime.settings.recordings_folder(message.pbx)
    path = files.find(folder, message.file, message.created_at) if folder is not None else None
    if path is None or _is_written(path, runtime.clock.now()):
        return None
    cache = PeakCache(runtime.settings.data_dir / "peaks")
    try:
        drawing = cache.drawing_of(message.pbx, message.file, path)
    except OSError:
        return None
    return (drawing.seconds, drawing.peaks) if drawing is not None else None


def _is_written(path: Path, now: datetime) -> bool:
    return now.timestamp() - path.stat().st_mtime < 1.0
