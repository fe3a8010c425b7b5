"""Recordings of a channel's sound: begun, paused, stopped."""

from __future__ import annotations

from callcenter.calls import signals as s
from callcenter.calls.book import Book
from callcenter.calls.facts import SoundFact


def kept(book: Book, signal: s.SoundKept, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is None:
        return
    name = signal.file.rpartition("/")[2]
    known = touched[1].sounds.get(name)
    if known is None:
        touched[1].sounds[name] = SoundFact(signal.file, now)
        return
    known.since = min(known.since, now)
    known.file = max(known.file, signal.file, key=len)  # one source knows the folder too


def stopped(book: Book, signal: s.SoundStopped, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is not None:
        touched[1].sound_stops.add(now)


def paused(book: Book, signal: s.SoundPaused, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is not None:
        touched[1].sound_pause.turn(now, on=signal.on)
