"""The tables that a run prints, and each difference with all that is needed to understand it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.faults.comparison import ALSO, COUNTED, SHOWN, Difference
from tests.faults.traffic import GROUPS, group_of
from tests.faults.witness import TrueCall

_CEL_FIELDS = ("eventtime", "eventtype", "channame", "uniqueid", "linkedid", "appname", "extra")
_CDR_FIELDS = ("start", "answer", "end", "src", "dst", "channel", "dstchannel", "lastapp")
_CDR_MORE = ("billsec", "disposition", "uniqueid", "linkedid")


def tables(faults: Iterable[str], calls: Sequence[TrueCall], found: Sequence[Difference]) -> str:
    bad: dict[str, Counter[str]] = {group: Counter() for group in _names()}
    for one in found:
        bad[_group(one.call)][one.kind] += 1
    counts = Counter(_group(call) for call in calls)
    lines = [*_fault_table(faults), ""]
    heads = ("calls", *COUNTED, *SHOWN)
    lines.append("".join([f"{'scenario':24s}", *(f"{head:>22s}" for head in heads)]))
    seen = [name for name in _names() if counts[name] or bad[name]]
    lines += [_line(name, counts[name], bad[name]) for name in seen]
    total: Counter[str] = sum(bad.values(), Counter())
    lines.append(_line("all", len(calls), total))
    died = [call for call in calls if call.died_at is not None]
    lines.append(f"\nof these under way when the PBX ended: {len(died)}")
    lines += [f"{kind}: {total[kind]}" for kind in ALSO]
    return "\n".join(lines)


def details(found: Iterable[Difference]) -> str:
    return "\n\n".join(_detail(one) for one in found)


def verdict(found: Iterable[Difference]) -> dict[str, int]:
    """What must be nought, by kind."""
    counts = Counter(one.kind for one in found if one.kind not in SHOWN)
    return {kind: counts[kind] for kind in (*COUNTED, *ALSO)}


def _names() -> list[str]:
    return [*(group.name for group in GROUPS), "?"]


def _group(call: TrueCall | None) -> str:
    return group_of(*call.numbers) if call is not None else "?"


def _fault_table(faults: Iterable[str]) -> list[str]:
    counts = Counter(faults)
    rows = [f"{name:44s}{count:5d}" for name, count in sorted(counts.items())]
    return [f"{'fault':44s}times", *rows, f"{'all':44s}{counts.total():5d}"]


def _line(name: str, calls: int, bad: Counter[str]) -> str:
    cells = (calls, *(bad[kind] for kind in (*COUNTED, *SHOWN)))
    return f"{name:24s}" + "".join(f"{cell:22d}" for cell in cells)


def _detail(one: Difference) -> str:
    lines = [f"--- {one.kind}: {one.words} ({_group(one.call)})"]
    lines += [f"  ours {dict(ours)}" for ours in one.ours]
    if one.call is None:
        return "\n".join(lines)
    if one.call.died_at is not None:
        lines.append(f"  the PBX ended under it at {one.call.died_at:.3f}")
    for row in one.call.cdr:
        lines.append("  cdr  " + " | ".join(row[name] for name in (*_CDR_FIELDS, *_CDR_MORE)))
    for row in sorted(one.call.cel, key=lambda row: float(row["eventtime"])):
        lines.append("  cel  " + " | ".join(row[name] for name in _CEL_FIELDS))
    return "\n".join(lines)
