"""What really happened, from Asterisk's CDR and its channel event log (CEL), by rules of its own.

Deliberately knows nothing of the product's tracker: it reads the two tables as a person with a
spreadsheet would. The CDR says which calls there were; the CEL who stood in which bridge with whom,
and who hung up.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

Row = dict[str, str]
PBX_ENDED = frozenset({"missed", "busy", "rejected", "failed", "abandoned", "unknown", "blocked"})


@dataclass(slots=True)
class _Stay:
    bridge: str
    channel: str
    start: float
    end: float


@dataclass
class TrueCall:
    """All rows of one call. `over_at`: when the PBX died under it, if it did."""

    cdr: list[Row] = field(default_factory=list)
    cel: list[Row] = field(default_factory=list)
    died_at: float | None = None

    @cached_property
    def uniqueids(self) -> frozenset[str]:
        rows = [*self.cdr, *self.cel]
        return frozenset(row["uniqueid"] for row in rows) | {row["linkedid"] for row in rows}

    @cached_property
    def caller(self) -> str:
        """The channel that began it."""
        started = [row for row in self.cel if row["eventtype"] == "CHAN_START"]
        if started:
            return min(started, key=_time)["channame"]
        return self.cdr[0]["channel"] if self.cdr else ""

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """Everything that looks like a caller's or a dialled number."""
        found = [row[name] for row in self.cel for name in ("cid_num", "exten", "cid_dnid")]
        found += [row[name] for row in self.cdr for name in ("src", "dst")]
        return tuple(dict.fromkeys(filter(None, found)))

    @cached_property
    def outside(self) -> str:
        """The number of the caller from outside, or of whom an operator called there."""
        first = [row for row in self.cel if row["eventtype"] == "CHAN_START"][:1]
        if not first:
            return ""
        if not _extension(self.caller):
            return first[0]["cid_num"] if first[0]["cid_num"].startswith("+") else ""
        dialled = [row["exten"] for row in self.cel if row["channame"] == self.caller]
        return next((number for number in dialled if number.startswith("+")), "")

    @cached_property
    def dialed(self) -> str:
        """What the caller dialled."""
        starts = [r for r in self._rows_of(self.caller, "CHAN_START") if r["exten"] != "s"]
        return starts[0]["exten"] if starts else ""

    @cached_property
    def transfers(self) -> list[str]:
        kinds = {"BLINDTRANSFER": "blind", "ATTENDEDTRANSFER": "attended"}
        return sorted(kinds[r["eventtype"]] for r in self.cel if r["eventtype"] in kinds)

    @cached_property
    def stays(self) -> list[_Stay]:
        """Who was in which bridge from when to when."""
        stays: list[_Stay] = []
        last = max((_time(row) for row in self.cel), default=0.0)
        for row in sorted(self.cel, key=_time):
            if row["eventtype"] not in ("BRIDGE_ENTER", "BRIDGE_EXIT"):
                continue
            extra = _extra(row)
            bridge, channel = str(extra.get("bridge_id", "")), row["channame"]
            if row["eventtype"] == "BRIDGE_ENTER":
                if not str(extra.get("bridge_technology", "")).startswith("holding"):
                    stays.append(_Stay(bridge, channel, _time(row), self.died_at or last))
                continue
            for stay in stays[::-1]:
                if (stay.bridge, stay.channel) == (bridge, channel):
                    stay.end = _time(row)
                    break
        return stays

    @cached_property
    def talks(self) -> list[tuple[float, float, str, str]]:
        """Start, end and the two channels that stood together."""
        found = []
        for n, one in enumerate(self.stays):
            for other in self.stays[n + 1 :]:
                start, end = max(one.start, other.start), min(one.end, other.end)
                together = one.bridge == other.bridge and one.channel != other.channel
                if together and start <= end:
                    found.append((start, end, one.channel, other.channel))
        return sorted(found)

    @cached_property
    def answered(self) -> bool:
        return bool(self.talks)

    @cached_property
    def consulted(self) -> bool:
        """One desk in two conversations: one of them was on hold, which the CEL does not tell."""
        return any(row["eventtype"] == "ATTENDEDTRANSFER" for row in self.cel)

    @cached_property
    def talk_seconds(self) -> float:
        total, reached = 0.0, 0.0
        for start, end, _, _ in self.talks:
            total += max(0.0, end - max(start, reached))
            reached = max(reached, end)
        return total

    @cached_property
    def wait_seconds(self) -> float | None:
        """From the first queue, else from the beginning, until the first talk or the end of it."""
        starts = [row for row in self.cel if row["eventtype"] == "CHAN_START"]
        queued = self._queue_rows("APP_START")
        if not starts:
            return None
        begin = min(map(_time, queued or starts))
        if self.talks:
            return self.talks[0][0] - begin
        ends = self._queue_rows("APP_END") or self._rows_of(self.caller, "HANGUP")
        return max(map(_time, ends)) - begin if ends else None

    @cached_property
    def operator(self) -> str:
        """The extension it belongs to: of those who spoke, the last one who was called; of our own
        side, who dialled. Empty: nobody's.
        """
        called = {name for _, _, *two in self.talks for name in two if name != self.caller}
        last = sorted((end, start, name) for start, end, *two in self.talks for name in two)
        own = _extension(self.caller)
        if own and not any(_extension(name) for name in called):
            return own
        for _, _, name in reversed(last):
            if name in called and _extension(name):
                return _extension(name)
        return own

    @cached_property
    def result(self) -> str:
        if self.answered:
            return "answered"
        if any(row["context"] == "crm-blocked" for row in self.cel) or self._was_blocked():
            return "blocked"
        hangup = self._rows_of(self.caller, "HANGUP")
        if hangup and _extra(hangup[-1]).get("hangupsource") == self.caller:
            return "abandoned"
        if self._queue_rows("APP_START"):
            return "missed"
        return self._worst_leg()

    @property
    def possible_results(self) -> frozenset[str]:
        """Under a PBX that died only this much can be told: whether they spoke."""
        if self.died_at is not None and not self.answered:
            return PBX_ENDED
        return frozenset({self.result})

    def disagreement(self) -> str:
        """Where Asterisk's two records contradict each other (then one of our rules is wrong)."""
        if not self.cdr or not self.cel or self.died_at is not None:
            return ""
        spoke = [r for r in self.cdr if r["dstchannel"] and r["disposition"] == "ANSWERED"]
        if bool(spoke) != self.answered:
            return f"CDR says answered: {bool(spoke)}, CEL: {self.answered}"
        return ""

    # -- inside

    def _rows_of(self, channel: str, kind: str) -> list[Row]:
        return [r for r in self.cel if r["channame"] == channel and r["eventtype"] == kind]

    def _queue_rows(self, kind: str) -> list[Row]:
        return [r for r in self.cel if r["eventtype"] == kind and r["appname"] == "Queue"]

    def _was_blocked(self) -> bool:
        notes = [row for row in self.cel if row["eventtype"] == "CRM_ROUTE"]
        return any(_extra(row).get("extra") == "blocked" for row in notes)

    def _worst_leg(self) -> str:
        causes = [
            _extra(row).get("hangupcause")
            for row in self.cel
            if row["eventtype"] == "HANGUP" and row["channame"] != self.caller
        ]
        if not causes:
            return "failed"
        for cause, result in ((21, "rejected"), (17, "busy")):
            if all(one == cause for one in causes):
                return result
        return "missed"


def true_calls(cdr: Sequence[Row], cel: Sequence[Row], deaths: Sequence[float]) -> list[TrueCall]:
    """Every call that either table knows, in order of their beginning."""
    group = _groups(cdr, cel)
    calls: dict[str, TrueCall] = defaultdict(TrueCall)
    for row in cdr:
        calls[group[row["uniqueid"]]].cdr.append(row)
    for row in cel:
        calls[group[row["uniqueid"]]].cel.append(row)
    for call in calls.values():
        call.died_at = _death_of(call, deaths)
    return sorted(calls.values(), key=lambda call: min(map(_age, call.uniqueids)))


def _groups(cdr: Iterable[Row], cel: Iterable[Row]) -> dict[str, str]:
    """Uniqueid → a name of its call: joined by Linkedid and by attended transfers."""
    name: dict[str, str] = {}
    members: dict[str, set[str]] = {}

    def join(one: str, other: str) -> None:
        for uniqueid in (one, other):
            if uniqueid not in name:
                name[uniqueid], members[uniqueid] = uniqueid, {uniqueid}
        keep, gone = name[one], name[other]
        if keep != gone:
            for uniqueid in members[gone]:
                name[uniqueid] = keep
            members[keep] |= members.pop(gone)

    for row in (*cdr, *cel):
        join(row["linkedid"], row["uniqueid"])
        if row.get("eventtype") == "ATTENDEDTRANSFER":
            join(row["uniqueid"], str(_extra(row).get("channel2_uniqueid") or row["uniqueid"]))
    return name


def _death_of(call: TrueCall, deaths: Sequence[float]) -> float | None:
    """The death of the PBX under this call, if it lived then."""
    if not call.cel:
        return None
    first = min(map(_time, call.cel))
    over = [_time(r) for r in call.cel if r["eventtype"] == "LINKEDID_END"]
    end = max(over) if over else float("inf")
    return next((at for at in deaths if first <= at <= end), None)


def _extension(channel: str) -> str:
    """PJSIP/1001-0000002a, or PJSIP/web1001-… → 1001; empty for the trunk and all else."""
    name = channel.removeprefix("PJSIP/").rpartition("-")[0].removeprefix("web")
    return name if name.isdecimal() else ""


def _time(row: Row) -> float:
    return float(row["eventtime"])


def _age(uniqueid: str) -> tuple[int, int]:
    epoch, _, serial = uniqueid.rpartition("-")[2].partition(".")
    return int(epoch), int(serial or 0)


def _extra(row: Row) -> dict[str, object]:
    try:
        extra = json.loads(row.get("extra") or "{}")
    except ValueError:
        return {}
    return extra if isinstance(extra, dict) else {}
