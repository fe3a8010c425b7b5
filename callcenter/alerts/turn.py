"""What one look at all figures changes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from callcenter.alerts import machine
from callcenter.alerts.machine import CALM, State
from callcenter.alerts.metrics import Metric
from callcenter.alerts.threshold import Level, Threshold, Why

Key = tuple[int, str]
"""A threshold and its subject."""
Samples = Mapping[tuple[Metric, str, str], float | None]
"""(metric, zone or '', subject) → its value; None: nothing to measure. What is not in it is
unknown."""
TODAY: Final = frozenset({"service_level_today", "abandoned_today", "abandonment_today"})


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one subject. `value` None: not seen (why says why it is over)."""

    rule: Threshold
    subject: str
    before: State
    after: State
    kind: Literal["opened", "level", "closed", "seen", "waits"]
    value: float | None = None
    why: Why | None = None

    @property
    def key(self) -> Key:
        return self.rule.id, self.subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """All that a look takes in. `closed`: calendars that are not open now. `known`: queues that
    there are; teams' numbers as texts. `previous`: when was looked the last time."""

    at: datetime
    previous: datetime | None
    samples: Samples
    states: Mapping[Key, State]
    closed: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()


def look(rules: Iterable[Threshold], scene: Scene) -> Iterator[Change]:
    """Every subject whose state changes, or that is told as an alert now."""
    gap = machine.is_gap(scene.previous, scene.at)
    left = dict(scene.states)
    for rule in rules:
        for subject in rule.subjects:
            before = left.pop((rule.id, subject), CALM)
            change = _one(rule, subject, machine.unseen(before) if gap else before, before, scene)
            if change is not None:
                yield change
        for key in [one for one in left if one[0] == rule.id]:
            yield _over(rule, key[1], left.pop(key), "changed")


def sample_key(rule: Threshold, subject: str) -> tuple[Metric, str, str]:
    return rule.metric, rule.zone if rule.metric in TODAY else "", subject


def _one(rule: Threshold, subject: str, now: State, before: State, scene: Scene) -> Change | None:
    why = _stop(rule, subject, scene)
    key = sample_key(rule, subject)
    if why is None and key not in scene.samples:
        after = machine.unseen(now)
        return Change(rule, subject, before, after, "waits") if after != before else None
    value = scene.samples.get(key)
    if why is None and value is None:
        why = "nothing_to_measure"
    if why is not None or value is None:
        return _over(rule, subject, before, why) if before != CALM else None
    after = machine.step(rule, now, value, scene.at)
    kind = _kind(before.level, after.level)
    if kind == "waits" and after == before:
        return None
    return Change(
        rule, subject, before, after, kind, value, "cleared" if kind == "closed" else None
    )


def _stop(rule: Threshold, subject: str, scene: Scene) -> Why | None:
    if not rule.active:
        return "switched_off"
    if rule.scope == "queues" and subject not in scene.queues:
        return "gone"
    if rule.scope == "team" and subject not in scene.teams:
        return "gone"
    return "out_of_hours" if rule.calendar and rule.calendar in scene.closed else None


def _over(rule: Threshold, subject: str, before: State, why: Why | None) -> Change:
    kind: Literal["closed", "waits"] = "closed" if before.level != "ok" else "waits"
    return Change(rule, subject, before, CALM, kind, None, why)


def _kind(before: Level, after: Level) -> Literal["opened", "level", "closed", "seen", "waits"]:
    if before == after:
        return "waits" if after == "ok" else "seen"
    if before == "ok":
        return "opened"
    return "closed" if after == "ok" else "level"
