"""The wallboard at a desk, the boards that teams keep, and the screens that show them on a wall."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from callcenter.errors import ProductError
from callcenter.queries import boards as queries
from callcenter.queries import queues as queue_queries
from callcenter.queries import rights as rights_queries
from callcenter.services import boards as services
from callcenter.wallboard import reach
from callcenter.wallboard.layout import SECTIONS, TILES, Layout
from web import board_feeds, board_forms, board_words
from web.access import allow
from web.board_feeds import default_layout
from web.context import me, reading, runtime, today
from web.errors import status_of
from web.i18n import LOCALES
from web.service_words import words_of
from web.viewer import the_viewer
from web.zones import ZONES

wallboard = Blueprint("wallboard", __name__, url_prefix="/wallboard")


@wallboard.get("")
@allow()
def page() -> str:
    """The first board of one's own team, else the first there is, else everything."""
    with reading() as connection:
        teams = {
            team.id
            for team in rights_queries.teams(connection)
            if me().id in (team.lead_id, *team.member_ids)
        }
    known = _seen()
    mine = next((one for one in known if one.team_id in teams), None)
    chosen = mine or next(iter(known), None) or default_layout(me())
    return _page(chosen, known)


@wallboard.get("/all")
@allow()
def everything() -> str:
    return _page(default_layout(me()), _seen())


@wallboard.get("/<int:board_id>")
@allow()
def board(board_id: int) -> str:
    known = _seen()
    return _page(_among(known, board_id), known)


@wallboard.get("/boards")
@allow("supervisor", "admin")
def boards() -> str:
    known = _seen()
    with reading() as connection:
        walls = queries.walls(connection, [one.id for one in known if _changes(one)])
        teams = {team.id: team.name for team in rights_queries.teams(connection)}
    return render_template("wallboard/boards.html", boards=known, walls=walls, teams=teams)


@wallboard.get("/new")
@allow("supervisor", "admin")
def new() -> str:
    """With rights over one's own teams alone, it begins as that of the first of them."""
    begun, own = default_layout(me()), _own_teams()
    if own is None:
        return _form(begun)
    with reading() as connection:
        queues = queries.centre(connection).queues_of(the_viewer().team_user_ids)
    return _form(replace(begun, team_id=min(own, default=None), queues=queues))


@wallboard.post("/new")
@allow("supervisor", "admin")
def create() -> ResponseReturnValue:
    return _save(0)


@wallboard.get("/<int:board_id>/edit")
@allow("supervisor", "admin")
def edit(board_id: int) -> str:
    return _form(_theirs(board_id))


@wallboard.post("/<int:board_id>/edit")
@allow("supervisor", "admin")
def save(board_id: int) -> ResponseReturnValue:
    _theirs(board_id)
    return _save(board_id)


@wallboard.post("/check")
@allow("supervisor", "admin")
def check() -> str:
    """The form as it stands, with a tile moved: nothing is saved."""
    return _form(board_forms.read(request.form, _number("id")))


@wallboard.post("/<int:board_id>/delete")
@allow("supervisor", "admin")
def delete(board_id: int) -> ResponseReturnValue:
    services.delete_board(board_id, user_id=me().id, publisher=runtime().bus, **_store())
    flash(_("Deleted; the screens that showed it have gone dark."))
    return redirect(url_for("wallboard.boards"))


@wallboard.get("/<int:board_id>/walls")
@allow("supervisor", "admin")
def walls(board_id: int) -> str:
    return _walls(_theirs(board_id))


@wallboard.post("/<int:board_id>/walls")
@allow("supervisor", "admin")
def open_wall(board_id: int) -> ResponseReturnValue:
    layout, language = _theirs(board_id), request.form.get("language", "")
    try:
        token = services.open_wall(
            board_id, request.form.get("name", ""), language, user_id=me().id, **_store()
        )
    except ProductError as error:
        return _walls(layout, error=error), status_of(error)
    return _walls(layout, address=_address(language, token))


@wallboard.post("/<int:board_id>/walls/<int:wall_id>/revoke")
@allow("supervisor", "admin")
def revoke_wall(board_id: int, wall_id: int) -> ResponseReturnValue:
    services.revoke_wall(board_id, wall_id, user_id=me().id, publisher=runtime().bus, **_store())
    flash(_("Revoked: that screen has gone dark."))
    return redirect(url_for("wallboard.walls", board_id=board_id))


def _page(layout: Layout, known: list[Layout]) -> str:
    return render_template(
        "wallboard/page.html",
        board=layout,
        changeable=bool(layout.id) and _changes(layout),
        boards=known,
        looks=board_words.looks(layout),
        links=_links(layout),
        queue_filter=board_words.queue_filter(_queues_of(layout)),
        day=today().isoformat(),
    )


def _queues_of(layout: Layout) -> tuple[str, ...]:
    """Those that stand on it, as far as they have settings."""
    everybodys = layout.id or reach.teams_seen(the_viewer()) is None
    with reading() as connection:
        if not everybodys:
            return queries.centre(connection).queues_of(the_viewer().team_user_ids)
        return layout.queues or tuple(queue_queries.settings(connection))


def _links(layout: Layout) -> dict[str, str]:
    if not me().is_supervisor:
        return {}
    everybody = the_viewer().scope("report", "read") == "all"
    return board_words.links(layout.zone, reports=everybody)


def _save(board_id: int) -> ResponseReturnValue:
    layout = board_forms.read(request.form, board_id)
    try:
        saved = services.save_board(layout, user_id=me().id, publisher=runtime().bus, **_store())
    except ProductError as error:
        return _form(layout, error), status_of(error)
    flash(_("Saved."))
    return redirect(url_for("wallboard.board", board_id=saved))


def _form(layout: Layout, error: ProductError | None = None) -> str:
    own = _own_teams()
    with reading() as connection:
        queues = queue_queries.settings(connection)
        theirs = queues.keys() if own is None else _may_put_on(connection, layout)
        teams = rights_queries.teams(connection)
    return render_template(
        "wallboard/form.html",
        board=layout,
        queues={name: one for name, one in queues.items() if name in theirs},
        teams=[one for one in teams if own is None or one.id in own],
        own_teams_only=own is not None,
        words=board_words.TILE_WORDS,
        callers=board_words.CALLERS_WORDS,
        rest=[one for one in (*TILES, *SECTIONS) if one not in layout.tiles],
        zones=ZONES,
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
    )


def _may_put_on(connection: Connection, layout: Layout) -> set[str]:
    """Queues of one's own teams, and what is on the board already."""
    before = queries.get(connection, layout.id) if layout.id else None
    own = queries.centre(connection).queues_of(the_viewer().team_user_ids)
    return {*own, *(before.queues if before is not None and _changes(before) else ())}


def _walls(layout: Layout, address: str = "", error: ProductError | None = None) -> str:
    with reading() as connection:
        found = queries.walls(connection, [layout.id])[layout.id]
        makers = board_feeds.makers(connection, found)
    return render_template(
        "wallboard/walls.html",
        board=layout,
        walls=found,
        makers=makers,
        dark={one.id for one in found if not board_feeds.is_lit(layout, one, makers)},
        address=address,
        languages=LOCALES,
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
    )


def _address(language: str, token: str) -> str:
    """The token stands after `#`: browsers keep that part to themselves."""
    root = runtime().settings.public_url or request.host_url
    return root.rstrip("/") + url_for("wall.page", lang=language, _anchor=token)


def _seen() -> list[Layout]:
    with reading() as connection:
        known = queries.every(connection)
    return [one for one in known if reach.sees(the_viewer(), one)]


def _changes(layout: Layout) -> bool:
    return reach.changes(the_viewer(), layout)


def _theirs(board_id: int) -> Layout:
    """A board that one may change; what one may not see does not exist."""
    with reading() as connection:
        found = queries.get(connection, board_id)
    if found is None or not (_changes(found) or reach.sees(the_viewer(), found)):
        abort(404)
    return found if _changes(found) else abort(403)


def _own_teams() -> frozenset[int] | None:
    """Whose boards one keeps; None: everybody's."""
    viewer = the_viewer()
    return None if viewer.scope("wallboard", "change") == "all" else viewer.team_ids


def _among(known: list[Layout], board_id: int) -> Layout:
    return next((one for one in known if one.id == board_id), None) or abort(404)


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _store() -> dict[str, Any]:
    return {"unit_of_work": runtime().unit_of_work, "clock": runtime().clock}
