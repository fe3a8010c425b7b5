"""What is known of channels when the PBX was out of sight: started anew, or asked what it has."""

from __future__ import annotations

from callcenter.calls import signals as s
from callcenter.calls.book import Book


def pbx_started(book: Book, _signal: s.PbxStarted, now: float) -> None:
    _close_missing(book, frozenset(), now)


def resynced(book: Book, signal: s.ResyncEnded, now: float) -> None:
    _close_missing(book, signal.alive, now)


def thread_ended(_book: Book, _signal: s.ThreadEnded, _now: float) -> None:
    """Only a hint: the linkedid may have been overwritten while its channels live on."""


def _close_missing(book: Book, alive: frozenset[str], now: float) -> None:
    """Channels that the PBX no longer has ended while nobody looked: end time unknown."""
    for call in book.groups.calls():
        missing = [
            c for c in call.channels.values() if c.hung_up is None and c.uniqueid not in alive
        ]
        for channel in missing:
            call.alive -= 1
            channel.hung_up = max(now, call.last)
            book.say(call, book.announce.leg_over, channel, now)
        if missing:
            book.odd("ended_unseen", missing[0].uniqueid, f"{len(missing)} channels", None)
            book.finish_if_over(call, now)
