"""Asterisk calls a transferer back: nobody took the call that was handed over by key.

The phone is rung by the PBX itself, in a thread of its own, and nothing names the call it is for
until it is lifted (recording caller-gives-up-while-asterisk-calls-the-operator-back). What tells is
that the Local channel which rang the colleague ends in the moment in which the transferer's phone
is made to ring.
"""

from __future__ import annotations

from callcenter.calls import signals as s
from callcenter.calls.book import Book
from callcenter.calls.facts import CallFacts, ChannelFacts
from callcenter.calls.topology import endpoint_of, is_local

_SAME_MOMENT = 0.5


def note_asked(book: Book, call: CallFacts, signal: s.Transferred) -> None:
    """A transfer by key to somebody who was still rung, through a Local channel.

    (Asterisk 16 does not name it: all that the call has come into question.)
    """
    endpoint = endpoint_of(signal.channel)
    asked = [c.uniqueid for c in call.channels.values() if is_local(c.channel)]
    if signal.kind not in ("attended", "blonde") or not asked:
        return
    book.asked_by_key.setdefault(endpoint, []).extend(asked)
    for uniqueid in tuple(book.originated.get(endpoint, ())):
        _join_if_recalled(book, endpoint, uniqueid)


def note_originated(book: Book, channel: ChannelFacts) -> None:
    """The PBX itself has this phone rung."""
    endpoint = endpoint_of(channel.channel)
    known = book.originated.setdefault(endpoint, [])
    if channel.uniqueid not in known:
        known.append(channel.uniqueid)
    _join_if_recalled(book, endpoint, channel.uniqueid)


def _join_if_recalled(book: Book, endpoint: str, uniqueid: str) -> None:
    phone = book.groups.channel(uniqueid)
    for asked in book.asked_by_key.get(endpoint, ()):
        local = book.groups.channel(asked)
        if phone is None or local is None or local.hung_up is None:
            continue
        if abs(local.hung_up - phone.start) < _SAME_MOMENT:
            book.join(asked, uniqueid)
