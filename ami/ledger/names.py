"""Whose rows these are: a Uniqueid begins with the name of the system that made it.

Rows of another PBX in this PBX's file (two that write to one disk, files put together) are no
calls of this one. But a system may be given a new name, and then no call may be lost. What tells
the two apart: Asterisk reads its name when it starts, so after a change the old name is silent for
ever, while a stranger's rows stand among rows of ours. So rows under a new name wait: for three
channels born under it while the known ones are silent (it is ours now), or, where rows of ours
stand before it, for one that was written after it (it is a stranger's). What the PBX itself says
of its name counts at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from ami.ledger.records import Place
from ami.ledger.rows import Refused, Row, origin_of

log = structlog.get_logger(__name__)

ENOUGH_BIRTHS = 3
NEW_AGAIN_BIRTHS = 20
PATIENCE_SECONDS = 30.0
MOST_WAITING = 5_000
_SAME_TIME = timedelta(seconds=2)


@dataclass(slots=True)
class _Newcomer:
    """Rows under a name that is not known, until it is clear whose they are."""

    first_at: datetime
    since: float
    after_ours: bool
    rows: list[Row] = field(default_factory=list)
    births: set[str] = field(default_factory=set)


class SystemNames:
    """`admit` gives rows that are ours, in order, and refuses those of others."""

    def __init__(self, pbx: str, known: Iterable[str] = ()) -> None:
        self._pbx = pbx
        self._ours = set(known)
        self._waiting: dict[str, _Newcomer] = {}
        self._heard_ours = False
        self._strangers: dict[str, set[str]] = {}
        """Names of others, with the channels born under them since a row of ours."""

    @property
    def ours(self) -> frozenset[str]:
        return frozenset(self._ours)

    def learn(self, names: Iterable[str]) -> Iterator[Row | Refused]:
        """The PBX says that it is, or was, called so."""
        for name in set(names) - self._ours:
            yield from self._accept(name)

    def admit(self, row: Row, now: float) -> Iterator[Row | Refused]:
        origin = origin_of(row.uniqueid)
        if origin is None:
            yield row
            return
        if not self._ours and not self._waiting:
            self._ours.add(origin.system)
        if origin.system in self._ours:
            yield from self._unmask(row)
            yield row
        elif origin.system in self._strangers:
            yield from self._stranger(origin.system, row)
        else:
            yield from self._wait(origin.system, row, now)

    def tick(self, now: float) -> Iterator[Row | Refused]:
        """A name that nobody has spoken against for a while is ours."""
        for name, newcomer in list(self._waiting.items()):
            if now - newcomer.since >= PATIENCE_SECONDS:
                yield from self._accept(name)

    def oldest_waiting(self) -> Place | None:
        return min((one.rows[0].place for one in self._waiting.values()), default=None)

    def _wait(self, name: str, row: Row, now: float) -> Iterator[Row | Refused]:
        newcomer = self._waiting.get(name)
        if newcomer is None:
            newcomer = self._waiting[name] = _Newcomer(row.at, now, self._heard_ours)
        newcomer.rows.append(row)
        if row.event == "CHAN_START":
            newcomer.births.add(row.uniqueid)
        if len(newcomer.births) >= ENOUGH_BIRTHS:
            yield from self._accept(name)
        elif len(newcomer.rows) > MOST_WAITING:
            yield from self._refuse(name)

    def _unmask(self, row: Row) -> Iterator[Row | Refused]:
        """A row of ours stands before and after a newcomer's: we live, so that one is another."""
        self._heard_ours = True
        for born in self._strangers.values():
            born.clear()
        for name, newcomer in list(self._waiting.items()):
            if row.at > newcomer.first_at + _SAME_TIME:
                yield from self._refuse(name) if newcomer.after_ours else self._accept(name)

    def _accept(self, name: str) -> Iterator[Row]:
        self._ours.add(name)
        self._strangers.pop(name, None)
        newcomer = self._waiting.pop(name, None)
        log.info("ledger.system_name", pbx=self._pbx, name=name, known=sorted(self._ours))
        yield from newcomer.rows if newcomer else ()

    def _refuse(self, name: str) -> Iterator[Refused]:
        self._strangers[name] = set()
        log.warning("ledger.another_pbx", pbx=self._pbx, name=name, known=sorted(self._ours))
        for row in self._waiting.pop(name).rows:
            yield _another(row)

    def _stranger(self, name: str, row: Row) -> Iterator[Row | Refused]:
        """Even a stranger is believed in the end when nobody else is heard of any more."""
        born = self._strangers[name]
        if row.event == "CHAN_START":
            born.add(row.uniqueid)
        if len(born) < NEW_AGAIN_BIRTHS:
            yield _another(row)
            return
        yield from self._accept(name)
        yield row


def _another(row: Row) -> Refused:
    return Refused(row.place, "another_pbx", row.line)
