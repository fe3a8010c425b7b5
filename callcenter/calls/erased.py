"""A call's record without one party's number and name: that there was a call stays. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from callcenter.calls.record import CallRecord, Leg

_BLANK = "erased"


@dataclass(frozen=True, slots=True)
class Party:
    """Who is to be forgotten. `is_number` knows a number field of theirs, however it is written;
    `digits` are the national digits of their numbers, for texts that hold more than a number (a
    channel such as `Local/48221234567@out-1;1`, a recording's file); `names` are known to be
    theirs without a number beside them."""

    is_number: Callable[[str], bool]
    digits: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def blanked(self, text: str) -> str:
        """A channel, file or the like: the number in it is replaced, the rest tells it apart."""
        if not any(digits in text for digits in self.digits):
            return text
        return _pattern(self.digits).sub(_BLANK, text)


def numbers_of(record: CallRecord) -> tuple[str, ...]:
    """Everything in the record that may be somebody's number, as the network wrote it."""
    legs = (leg.number for leg in record.legs)
    moved = (transfer.to for transfer in record.transfers)
    found = (record.caller_number, record.dialed, *legs, *moved)
    return tuple(dict.fromkeys(filter(None, found)))


def without(record: CallRecord, party: Party) -> CallRecord:
    """The same call, of which nobody can tell that it was theirs."""
    names = {name for name in (*party.names, *_names(record, party)) if name}

    def name(text: str) -> str:
        return "" if text in names else text

    def number(text: str) -> str:
        return "" if party.is_number(text) else party.blanked(text)

    def leg(one: Leg) -> Leg:
        sounds = tuple(replace(s, file=party.blanked(s.file)) for s in one.recordings)
        return replace(
            one,
            channel=party.blanked(one.channel),
            endpoint=party.blanked(one.endpoint),
            number=number(one.number),
            name=name(one.name),
            recordings=sounds,
        )

    return replace(
        record,
        caller_number=number(record.caller_number),
        caller_name=name(record.caller_name),
        dialed=number(record.dialed),
        legs=tuple(leg(one) for one in record.legs),
        answered_by=_all(record.answered_by, party),
        last_speaker=party.blanked(record.last_speaker),
        transfers=tuple(
            replace(one, by=party.blanked(one.by), to=number(one.to)) for one in record.transfers
        ),
        hangup_by=party.blanked(record.hangup_by),
        channels=_all(record.channels, party),
    )


def _names(record: CallRecord, party: Party) -> Iterable[str]:
    """What they were called where they stand by number; an echo on other legs is the same name."""
    if party.is_number(record.caller_number):
        yield record.caller_name
    for leg in record.legs:
        if party.is_number(leg.number):
            yield leg.name


def _all(texts: Iterable[str], party: Party) -> tuple[str, ...]:
    return tuple(party.blanked(text) for text in texts)


def _pattern(digits: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\+?\d*{re.escape(one)}" for one in sorted(digits, key=len)))
