"""Who watches which board, and what each kind of board has told so far.

A *feed* is one board as one kind of watcher may see it: all who watch it hear the same frames.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from callcenter.queries import boards as queries
from callcenter.queries import rights as rights_queries
from callcenter.queries import users as user_queries
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.wallboard import reach
from callcenter.wallboard.layout import Layout
from callcenter.wallboard.setup import Setup
from callcenter.wallboard.tiles import Shown, Tiles
from web.session import OpenSession, SessionUser


@dataclass(frozen=True, slots=True)
class View:
    """What a feed shows, and how much of people. `teams`: whose queues and operators alone, where
    the board itself names no team; None: everybody's."""

    layout: Layout
    shown: Shown
    teams: frozenset[int] | None = None

    @property
    def alerts_of(self) -> frozenset[int] | None:
        """The teams whose own alerts belong on it."""
        team = self.layout.team_id
        return frozenset({team}) if team else self.teams

    def people(self, setup: Setup) -> frozenset[int] | None:
        """Whose states it shows."""
        teams = self.alerts_of
        if teams is None:
            return None
        return frozenset().union(*(setup.teams.get(one, frozenset()) for one in teams))


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
    """One socket: a signed-in user's page, or a screen on a wall (`wall_id`). `viewer`: with whose
    rights it looks, of a wall its maker's (None: they may not log in any more)."""

    sid: str
    board_id: int
    wall_id: int | None = None
    maker_id: int | None = None
    user: SessionUser | None = None
    viewer: Viewer | None = None
    session: OpenSession | None = None

    @property
    def person_id(self) -> int | None:
        """With whose rights it looks."""
        return self.user.id if self.user is not None else self.maker_id


def default_layout(user: SessionUser) -> Layout:
    """Before anybody saved a board: everything, by the clock of who looks."""
    return Layout(zone=user.zone.key)


def view_of(watcher: Watcher, layouts: Mapping[int, Layout]) -> View | None:
    """None: there is no such board (any more), or no right to it."""
    viewer, layout = watcher.viewer, layouts.get(watcher.board_id)
    if watcher.wall_id is not None:
        maker = EVERYTHING if watcher.maker_id is None else viewer
        lit = layout is not None and maker is not None and reach.changes(maker, layout)
        return View(layout, _on_a_wall(layout, maker)) if lit and layout and maker else None
    if watcher.user is None or viewer is None or not viewer.may("wallboard", "read"):
        return None
    if not watcher.board_id:
        everything = default_layout(watcher.user)
        return View(everything, _at_a_desk(viewer), reach.teams_seen(viewer))
    seen = layout is not None and reach.sees(viewer, layout)
    return View(layout, _at_a_desk(viewer)) if seen and layout else None


def viewer_of(connection: Connection, row: Any) -> Viewer | None:
    """As they (the user's row) may look now; None: they may not log in (any more)."""
    if row is None or not row.active:
        return None
    return rights_queries.viewer(connection, row.id, row.role, row.role_code)


@dataclass(frozen=True, slots=True)
class Maker:
    name: str
    viewer: Viewer | None


def makers(connection: Connection, walls: Iterable[queries.Wall]) -> dict[int, Maker]:
    """Who made the addresses of these screens."""
    wanted = {one.maker_id for one in walls if one.maker_id is not None}
    rows = {one: user_queries.by_id(connection, one) for one in wanted}
    return {
        one: Maker(row.display_name, viewer_of(connection, row))
        for one, row in rows.items()
        if row is not None
    }


def is_lit(layout: Layout, wall: queries.Wall, known: Mapping[int, Maker]) -> bool:
    """Whether its maker may (still) change the board: without that the screen is dark."""
    if wall.maker_id is None:
        return True
    maker = known.get(wall.maker_id)
    return maker is not None and maker.viewer is not None and reach.changes(maker.viewer, layout)


def layouts(connection: Connection) -> dict[int, Layout]:
    return {one.id: one for one in queries.every(connection)}


def _on_a_wall(layout: Layout, maker: Viewer) -> Shown:
    """No more than its maker would see at a desk."""
    callers = reach.narrower(layout.callers_shown, reach.callers_of(maker))
    return Shown(callers=callers, operators=layout.operators_shown, linked=False)


def _at_a_desk(viewer: Viewer) -> Shown:
    callers = reach.callers_of(viewer)
    return Shown(callers=callers, linked=callers == "full")


def header(payload: dict[str, Any], feed: Feed) -> dict[str, Any]:
    return {**payload, "seq": feed.seq, "version": feed.view.layout.version}
