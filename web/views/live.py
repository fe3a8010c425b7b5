"""Calls going on now, for supervisors. The rows live from the socket; the first are rendered here
by the script from the same snapshot."""

from __future__ import annotations

from flask import Blueprint, render_template

from callcenter.queries import users as user_queries
from web.access import allow
from web.context import reading

live = Blueprint("live", __name__, url_prefix="/live")


@live.get("")
@allow("supervisor", "admin")
def page() -> str:
    with reading() as connection:
        names = {user.id: user.display_name for user in user_queries.all(connection)}
    return render_template("live/page.html", names=names)
