"""What goes to the screens: a board as tiles, each JSON-ready and whole, and which have changed.

Names of tiles: `sum` (all queues of the board), `queue:<name>`, `operator:<id>`, `links`, `alerts`,
`check`, and `order` (the queues, in theirs). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from callcenter.agents.status import AgentStatus
from callcenter.wallboard.board import BoardCall
from callcenter.wallboard.counted import Counted, Slow, total
from callcenter.wallboard.figures import Figures, QueueNow
from callcenter.wallboard.layout import CallersShown, Layout
from callcenter.wallboard.setup import Setup

Tiles = dict[str, Any]
CALLERS_TOLD: Final = 12
"""Of each queue; how many more there are is told."""
_NONE: Final = Counted()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What of people whoever watches may know. `linked`: may go to cards and contacts."""

    callers: CallersShown = "full"
    operators: bool = True
    linked: bool = True


def tiles(
    figures: Figures,
    slow: Slow,
    setup: Setup,
    shown: Shown,
    teams: frozenset[int] | None = None,
) -> Tiles:
    """`teams`: whose own alerts belong here; None: everybody's."""
    names = [row.name for row in figures.queues]
    told: Tiles = {
        "order": names,
        "sum": _sum(figures, slow, names),
        "links": [dict(one) for one in slow.links],
        "alerts": [_alert(one, shown) for one in slow.alerts if _concerns(one, names, teams)],
    }
    for row in figures.queues:
        told[f"queue:{row.name}"] = _queue(row, slow, setup, shown)
    if shown.operators:
        for status in figures.operators:
            tile = _operator(status, setup)
            if shown.linked and status.state in ("talking", "hold"):
                tile["call"] = figures.spoken.get(status.user_id)
            told[f"operator:{status.user_id}"] = tile
    return told


def about(layout: Layout) -> dict[str, Any]:
    """What a screen must know of the board that it shows."""
    return {
        "title": layout.title,
        "tiles": list(layout.tiles),
        "rotate": layout.rotate_seconds,
        "sound": layout.sound,
        "zone": layout.zone,
    }


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Tiles:
    """The tiles that are not as they were; None for those that are gone."""
    gone = {name: None for name in before if name not in after}
    news = {name: tile for name, tile in after.items() if before.get(name) != tile}
    return {**gone, **news}


def _sum(figures: Figures, slow: Slow, names: Iterable[str]) -> dict[str, Any]:
    shown = list(names)
    today = total(slow.today.get(name, _NONE) for name in shown)
    lately = total(slow.lately.get(name, _NONE) for name in shown)
    expected = [slow.forecast[name] for name in shown if name in slow.forecast]
    return {
        **_now(figures.overall),
        **_counts(today, lately),
        "callbacks": sum(slow.callbacks.get(name, 0) for name in shown),
        "forecast": round(sum(expected), 1) if expected else None,
    }


def _queue(row: QueueNow, slow: Slow, setup: Setup, shown: Shown) -> dict[str, Any]:
    known = setup.queues.get(row.name)
    today, lately = slow.today.get(row.name, _NONE), slow.lately.get(row.name, _NONE)
    expected = slow.forecast.get(row.name)
    return {
        "queue": row.name,
        "title": row.title,
        **_now(row),
        **_counts(today, lately),
        "callbacks": slow.callbacks.get(row.name, 0),
        "forecast": round(expected, 1) if expected is not None else None,
        "goal": [known.sl_seconds, known.sl_percent] if known is not None else None,
        "callers": list(_callers(row.waiting[:CALLERS_TOLD], shown)),
    }


def _now(row: QueueNow) -> dict[str, Any]:
    states = {state: count for state, count in sorted(row.states.items()) if count}
    return {
        "waiting": len(row.waiting),
        "longest": _iso(row.longest_since),
        "states": states,
        "talking": row.talking,
    }


def _counts(today: Counted, lately: Counted) -> dict[str, Any]:
    return {
        "level_now": _rounded(lately.level),
        "level_today": _rounded(today.level),
        "offered": today.offered,
        "answered": today.answered,
        "abandoned": today.abandoned,
        "abandonment": _rounded(today.abandonment),
        "asa": round(today.asa) if today.asa is not None else None,
    }


def _callers(waiting: Iterable[BoardCall], shown: Shown) -> Iterator[dict[str, Any]]:
    """The id of a call says nothing of a person; who it is, only as far as `shown` goes."""
    for call in waiting:
        face = call.caller
        told: dict[str, Any] = {
            "call": call.call_id,
            "since": _iso(call.since),
            "state": call.state,
            "vip": face.vip_level,
            "debtor": face.debtor and shown.linked,
            "blocked": face.blocked and shown.linked,
            "new": face.new,
        }
        if shown.callers != "none":
            told |= {"name": face.name, "withheld": call.withheld}
        if shown.callers == "full":
            told["number"] = call.number
        if shown.linked:
            told |= {"customer": face.customer_id, "contact": call.interaction_id}
        yield told


def _operator(status: AgentStatus, setup: Setup) -> dict[str, Any]:
    """`late`: when a pause is longer than its reason allows; `until`: when wrap-up ends."""
    pause = setup.pauses.get(status.reason) if status.state == "paused" else None
    limit = pause.limit_seconds if pause is not None else None
    wrap_up = status.wrap_up if status.state == "wrap_up" else None
    return {
        "id": status.user_id,
        "name": setup.people.get(status.user_id, ""),
        "state": status.state,
        "reason": status.reason if status.state == "paused" else "",
        "reason_title": pause.title if pause is not None else "",
        "since": _iso(status.since),
        "late": _iso(status.since + timedelta(seconds=limit)) if limit else None,
        "until": _iso(wrap_up.until) if wrap_up is not None else None,
    }


def _alert(alert: Mapping[str, Any], shown: Shown) -> dict[str, Any]:
    """Who takes care of it is a name as any operator's."""
    return dict(alert) if shown.operators else {**alert, "who": ""}


def _concerns(alert: Mapping[str, Any], names: Iterable[str], teams: frozenset[int] | None) -> bool:
    queue, team = alert.get("queue") or "", alert.get("team")
    of_theirs = team is None or teams is None or team in teams
    return of_theirs and (not queue or queue in names)


def _rounded(share: float | None) -> float | None:
    return round(share, 4) if share is not None else None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
