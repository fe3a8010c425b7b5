"""Who watches which board, and what each kind of board has told so far.

A *feed* is one board as one kind of watcher may see it: all who watch it hear the same frames.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from callcenter.queries import boards as queries
from callcenter.rights.viewer import Viewer
from callcenter.wallboard.layout import Layout
from callcenter.wallboard.tiles import Shown, Tiles
from web.session import SessionUser


@dataclass(frozen=True, slots=True)
class View:
    """What a feed shows, and how much of people."""

    layout: Layout
    shown: Shown


@dataclass(slots=True, eq=False)
class Feed:
    view: View
    room: str
    sids: set[str] = field(default_factory=set)
    told: Tiles = field(default_factory=dict)
    seq: int = 0
    told_at: float = 0.0


@dataclass(slots=True, eq=False)
class Watcher:
    """One socket: a signed-in user's page, or a screen on a wall (`wall_id`)."""

    sid: str
    board_id: int
    wall_id: int | None = None
    user: SessionUser | None = None
    viewer: Viewer | None = None
    session_id: str = ""


def default_layout(user: SessionUser) -> Layout:
    """Before anybody saved a board: everything, by the clock of who looks."""
    return Layout(zone=user.zone.key)


def view_of(watcher: Watcher, layouts: Mapping[int, Layout]) -> View | None:
    """None: there is no such board (any more), or no right to it."""
    if watcher.wall_id is not None:
        layout = layouts.get(watcher.board_id)
        return View(layout, _on_a_wall(layout)) if layout is not None else None
    if watcher.user is None or watcher.viewer is None:
        return None
    if not watcher.viewer.may("wallboard", "read"):
        return None
    layout = layouts.get(watcher.board_id) if watcher.board_id else default_layout(watcher.user)
    return View(layout, _at_a_desk(watcher.viewer)) if layout is not None else None


def layouts(connection: Connection) -> dict[int, Layout]:
    return {one.id: one for one in queries.every(connection)}


def _on_a_wall(layout: Layout) -> Shown:
    return Shown(callers=layout.callers_shown, operators=layout.operators_shown, linked=False)


def _at_a_desk(viewer: Viewer) -> Shown:
    """Whoever sees only some customers, or numbers only masked, sees on a board how many wait."""
    if viewer.policy.unlimited:
        return Shown()
    everybody = viewer.user_ids("customer", "read") is None
    return Shown(callers="name" if everybody else "none", linked=False)


def header(payload: dict[str, Any], feed: Feed) -> dict[str, Any]:
    return {**payload, "seq": feed.seq, "version": feed.view.layout.version}
