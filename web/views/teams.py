"""Teams: who works together, and who leads them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.errors import ProductError
from callcenter.queries import rights as queries
from callcenter.queries import users as user_queries
from callcenter.rights.teams import Team
from callcenter.services import roles as services
from web import actions
from web.access import allow
from web.context import me, reading, runtime
from web.errors import status_of
from web.service_words import words_of
from web.whole_numbers import whole_number

teams = Blueprint("teams", __name__, url_prefix="/teams")


@teams.get("")
@allow("admin")
def page() -> str:
    with reading() as connection:
        known = queries.teams(connection)
        names = {user.id: user.display_name for user in user_queries.all(connection)}
    return render_template("settings/teams.html", teams=known, names=names)


@teams.get("/new")
@allow("admin")
def new() -> str:
    return _form(Team(id=0, name=""))


@teams.post("/new")
@allow("admin")
def create() -> ResponseReturnValue:
    return _save(_as_told(0))


@teams.get("/<int:team_id>")
@allow("admin")
def one(team_id: int) -> str:
    return _form(_existing(team_id))


@teams.post("/<int:team_id>")
@allow("admin")
def save(team_id: int) -> ResponseReturnValue:
    _existing(team_id)
    return _save(_as_told(team_id))


@teams.post("/<int:team_id>/delete")
@allow("admin")
def delete(team_id: int) -> ResponseReturnValue:
    team = _existing(team_id)
    try:
        services.delete_team(team_id, user_id=me().id, **_store())
    except ProductError as error:
        return _form(team, error), status_of(error)
    actions.sessions_changed()
    return redirect(url_for("teams.page"))


def _save(team: Team) -> ResponseReturnValue:
    try:
        services.save_team(team, user_id=me().id, **_store())
    except ProductError as error:
        return _form(team, error), status_of(error)
    actions.sessions_changed()
    flash(_("Saved."))
    return redirect(url_for("teams.page"))


def _as_told(team_id: int) -> Team:
    form = request.form
    return Team(
        id=team_id,
        name=form.get("name", "").strip()[:200],
        lead_id=form.get("lead", type=whole_number) or None,
        member_ids=tuple(form.getlist("member", type=whole_number)),
    )


def _existing(team_id: int) -> Team:
    with reading() as connection:
        found = next((one for one in queries.teams(connection) if one.id == team_id), None)
    if found is None:
        abort(404)
    return found


def _form(team: Team, error: ProductError | None = None) -> str:
    with reading() as connection:
        people = [
            user
            for user in user_queries.all(connection)
            if user.active or user.id in team.member_ids
        ]
    return render_template(
        "settings/team.html",
        team=team,
        people=people,
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
    )


def _store() -> dict[str, Any]:
    return {"unit_of_work": runtime().unit_of_work, "clock": runtime().clock}
