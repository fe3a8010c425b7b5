"""Use cases around alerts: what a look at the figures changes is written and told; a person
acknowledges.

One worker evaluates: whoever holds the lease. What is told is part of the transaction that opens or
closes an alert, so that it is told once whoever dies in between. Browsers hear after the commit; a
snapshot makes up for what they missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from callcenter.alerts import machine, reach
from callcenter.alerts.threshold import Alert, Level, Threshold, Why
from callcenter.alerts.turn import Change, Scene, look
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.ports import UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.services import rights
from callcenter.services.alert_news import LEADERS, AlertRoom, news_of, tell

LEASE: Final = timedelta(seconds=20)
LONGEST_NOTE: Final = 255


def take_turn(holder: str, scene: Scene, room: AlertRoom) -> list[Change] | None:
    """What the figures of `scene` change. None: another worker evaluates.

    Thresholds and states are read anew in the transaction: `scene` may be a moment old.
    """
    with room.unit_of_work() as uow:
        if not uow.alerts.hold(holder, scene.at, scene.at + LEASE):
            return None
        scene = replace(scene, states=uow.alerts.states())
        changes = list(look(uow.alerts.thresholds(), scene))
        news = _write(uow, changes, scene.at, room)
        uow.commit()
    room.publisher.publish(news)
    return changes


def _write(
    uow: UnitOfWork, changes: Iterable[Change], at: datetime, room: AlertRoom
) -> list[Message]:
    changes = list(changes)
    moved = {one.key: one.after for one in changes if one.after != one.before}
    if moved:
        uow.alerts.keep_states(moved)
    shown = [one for one in changes if one.kind != "waits"]
    if not shown:
        return []
    standing = {(one.threshold_id or 0, one.subject): one for one in uow.alerts.open()}
    titles = _titles(uow, shown)
    news = []
    for change in shown:
        before = standing.get(change.key)
        after = _after(uow, change, before, at, titles)
        if after is not None and after != before:
            tell(uow, change.rule, (before, after), at=at, room=room)
            news.append(news_of(after))
    return news


def _after(
    uow: UnitOfWork,
    change: Change,
    before: Alert | None,
    at: datetime,
    titles: Mapping[str, str],
) -> Alert | None:
    """The alert as it is from now on; None where there is none."""
    if before is None:
        if change.after.level == "ok" or change.value is None:
            return None
        begun = _begun(change, change.value, at, titles.get(change.subject, ""))
        return replace(begun, id=uow.alerts.begin(begun))
    if change.after.level == "ok":
        last = change.value if change.value is not None else before.value
        values: dict[str, Any] = {"closed_at": at, "why": change.why or "cleared", "value": last}
    else:
        values = _seen(change, before, at)
    after = replace(before, **values)
    if after != before:
        uow.alerts.change([(before.id, values)])
    if "acknowledged_by" in values:
        after = replace(after, acknowledged_name="")
    return after


def _begun(change: Change, value: float, at: datetime, title: str) -> Alert:
    rule, level = change.rule, change.after.level
    return Alert(
        threshold_id=rule.id,
        title=rule.title,
        metric=rule.metric,
        scope=rule.scope,
        subject=change.subject,
        subject_title=title,
        comparison=rule.comparison,
        bound=_bound(rule, level),
        sustained_minutes=rule.sustained_minutes,
        browser=rule.browser,
        level=level,
        worst_level=level,
        value=value,
        worst_value=value,
        opened_at=at,
        level_at=at,
    )


def _seen(change: Change, before: Alert, at: datetime) -> dict[str, Any]:
    rule, level = change.rule, change.after.level
    value = change.value if change.value is not None else before.value
    values: dict[str, Any] = {
        "value": value,
        "worst_value": machine.worst_of(rule, before.worst_value, value),
        "bound": _bound(rule, level),
        "browser": rule.browser,
    }
    if level != before.level:
        values |= {"level": level, "level_at": at}
        if machine.is_worse(level, before.level):
            # Whoever took the milder one has not seen this.
            values |= {"acknowledged_at": None, "acknowledged_by": None}
        if machine.is_worse(level, before.worst_level):
            values["worst_level"] = level
    return values


def _bound(rule: Threshold, level: Level) -> float:
    bound = rule.bound(level)
    other = rule.red if bound is None else bound
    return other if other is not None else 0.0


def _titles(uow: UnitOfWork, changes: Iterable[Change]) -> Mapping[str, str]:
    opened = [one for one in changes if one.kind == "opened"]
    queues = [one.subject for one in opened if one.rule.scope == "queues"]
    teams = [int(one.subject) for one in opened if one.rule.scope == "team"]
    return uow.alerts.subject_titles(queues, teams) if queues or teams else {}


def close_all_of(
    uow: UnitOfWork, rule: Threshold, why: Why, at: datetime, room: AlertRoom
) -> list[Message]:
    """Whatever is open of this threshold is over: it is changed or deleted."""
    news = []
    for alert in uow.alerts.open():
        if alert.threshold_id == rule.id:
            after = replace(alert, closed_at=at, why=why)
            uow.alerts.change([(alert.id, {"closed_at": at, "why": why})])
            tell(uow, rule, (alert, after), at=at, room=room)
            news.append(news_of(after))
    uow.alerts.keep_states({key: machine.CALM for key in uow.alerts.states() if key[0] == rule.id})
    return news


def acknowledge(alert_id: int, note: str, user_id: int, room: AlertRoom) -> None:
    """Somebody looks after it: it leaves every screen. Once more by the same person changes
    nothing; Conflict names whoever was first. It stays open until the figure is back."""
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid("note", f"must have at most {LONGEST_NOTE} characters")
    with room.unit_of_work() as uow:
        viewer = rights.require(uow, user_id, "alert", "read")
        if viewer.base not in LEADERS:
            raise Forbidden("alert", "alerts are the supervisors'")
        found = uow.alerts.alert(alert_id)
        if found is None or not reach.sees(viewer, found):
            raise NotFound("alert", f"there is no alert {alert_id}")
        at = room.clock.now()
        if not uow.alerts.acknowledge(alert_id, user_id, note, at):
            if found.acknowledged_by == user_id or not found.is_open:
                return
            raise Conflict("alert", f"{found.acknowledged_name} looks after it already")
        uow.audit.record(
            user_id=user_id,
            action="alert_acknowledged",
            object_type="alert",
            object_id=str(alert_id),
            at=at,
            detail={"note": note} if note else {},
        )
        after = uow.alerts.alert(alert_id)
        uow.commit()
    if after is not None:
        room.publisher.publish([news_of(after)])


def prune(room: AlertRoom, keep: timedelta, limit: int = 1000) -> int:
    """Alerts that were over so long ago go."""
    with room.unit_of_work() as uow:
        count = uow.alerts.prune(room.clock.now() - keep, limit)
        uow.commit()
    return count
