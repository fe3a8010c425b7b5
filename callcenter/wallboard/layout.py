"""What a team's board shows: tiles in their order, queues, and what of people. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from callcenter.errors import Invalid

Tile = Literal[
    "waiting",
    "longest_wait",
    "service_level_now",
    "service_level_today",
    "ready",
    "talking",
    "wrap_up",
    "paused",
    "offered_today",
    "answered_today",
    "abandoned_today",
    "abandonment_today",
    "asa_today",
    "callbacks_waiting",
    "forecast",
]
Section = Literal["queues", "callers", "operators"]
CallersShown = Literal["none", "name", "full"]

TILES: Final[tuple[str, ...]] = get_args(Tile)
"""Figures of all queues of the board together."""
SECTIONS: Final[tuple[str, ...]] = get_args(Section)
"""Lists; on a wall each has pages of its own."""
CALLERS_SHOWN: Final[tuple[str, ...]] = get_args(CallersShown)
USUAL: Final[tuple[str, ...]] = (
    "waiting",
    "longest_wait",
    "service_level_now",
    "service_level_today",
    "ready",
    "talking",
    "wrap_up",
    "paused",
    "answered_today",
    "abandoned_today",
    "callbacks_waiting",
    "forecast",
    "queues",
    "callers",
    "operators",
)
LONGEST_TITLE: Final = 80
ROTATES: Final = (5, 300)
"""Seconds that a page may stay on a wall."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """`queues` (): all of them. `team_id` None: everybody with a phone. `zone`: whose midnight
    "today" begins at. `callers_shown` and `operators_shown` say what a screen without a log-in
    tells of people: of who waits nothing, the name, or name and number; of operators their names
    or figures alone. `id` 0: not saved."""

    id: int = 0
    title: str = ""
    team_id: int | None = None
    queues: tuple[str, ...] = ()
    tiles: tuple[str, ...] = USUAL
    zone: str = "UTC"
    callers_shown: CallersShown = "none"
    operators_shown: bool = True
    rotate_seconds: int = 20
    sound: bool = False
    version: int = 1


def check(layout: Layout) -> None:
    """Raises Invalid, naming the field."""
    if not layout.title.strip():
        raise Invalid("title", "give the board a name")
    if len(layout.title) > LONGEST_TITLE:
        raise Invalid("title", f"must have at most {LONGEST_TITLE} characters")
    if not layout.tiles:
        raise Invalid("tiles", "choose at least one tile")
    if set(layout.tiles) - {*TILES, *SECTIONS} or len(set(layout.tiles)) != len(layout.tiles):
        raise Invalid("tiles", "there is no such tile")
    if layout.callers_shown not in CALLERS_SHOWN:
        raise Invalid("callers_shown", "choose what is shown of callers")
    if not ROTATES[0] <= layout.rotate_seconds <= ROTATES[1]:
        raise Invalid("rotate_seconds", f"must be from {ROTATES[0]} to {ROTATES[1]} seconds")
    try:
        ZoneInfo(layout.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("zone", "there is no such time zone") from error


def moved(tiles: tuple[str, ...], tile: str, step: int) -> tuple[str, ...]:
    """The same tiles with this one so many places further (before: negative), as far as it goes."""
    if tile not in tiles:
        return tiles
    at = tiles.index(tile)
    to = min(max(at + step, 0), len(tiles) - 1)
    rest = [one for one in tiles if one != tile]
    return (*rest[:to], tile, *rest[to:])
