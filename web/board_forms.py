"""The form of a board: read from what was sent, with the buttons that move tiles."""

from __future__ import annotations

from typing import Final, cast

from werkzeug.datastructures import MultiDict

from callcenter.wallboard.layout import (
    CALLERS_SHOWN,
    SECTIONS,
    TILES,
    CallersShown,
    Layout,
    moved,
)

Form = MultiDict[str, str]
_MOST_QUEUES: Final = 500


def read(form: Form, board_id: int) -> Layout:
    """As told, checked by nobody yet. The order of `tiles` is that of the fields; a button of the
    editor (`edit`: up, down, with a tile) moves one, and adding puts it last."""
    tiles = tuple(dict.fromkeys(one for one in form.getlist("tiles") if one in (*TILES, *SECTIONS)))
    for press in form.get("edit", "").split():
        tiles = _edited(tiles, press)
    callers = form.get("callers_shown", "none")
    return Layout(
        id=board_id,
        title=form.get("title", "").replace("\0", "").strip()[:200],
        team_id=_number(form, "team_id") or None,
        queues=_queues(form),
        tiles=tiles,
        zone=form.get("zone", "UTC"),
        callers_shown=cast("CallersShown", callers if callers in CALLERS_SHOWN else "none"),
        operators_shown=form.get("operators_shown") == "yes",
        rotate_seconds=_number(form, "rotate_seconds"),
        sound=form.get("sound") == "yes",
    )


def _edited(tiles: tuple[str, ...], press: str) -> tuple[str, ...]:
    what, _colon, tile = press.partition(":")
    if what == "up":
        return moved(tiles, tile, -1)
    if what == "down":
        return moved(tiles, tile, 1)
    if what == "remove":
        return tuple(one for one in tiles if one != tile)
    if what == "add" and tile in (*TILES, *SECTIONS) and tile not in tiles:
        return (*tiles, tile)
    return tiles


def _queues(form: Form) -> tuple[str, ...]:
    told = (one[:80].replace("\0", "") for one in form.getlist("queues")[:_MOST_QUEUES])
    return tuple(dict.fromkeys(one for one in told if one))


def _number(form: Form, name: str) -> int:
    text = form.get(name, "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 else 0
