"""Calls going on now, for supervisors. The rows live from the socket; the first are rendered here
by the script from the same snapshot."""

from __future__ import annotations

from datetime import datetime, time

from flask import Blueprint, render_template, request

from callcenter.queries import default_way
from callcenter.queries import users as user_queries
from web.access import allow
from web.context import me, reading, today
from web.viewer import the_viewer

live = Blueprint("live", __name__, url_prefix="/live")


@live.get("")
@allow("supervisor", "admin")
def page() -> str:
    """`?state=waiting`: callers alone whom nobody speaks with yet; `?queue=`: of these queues."""
    with reading() as connection:
        people = user_queries.all(connection)
        causes = default_way.by_cause(connection, _midnight())
    theirs = the_viewer().user_ids("supervision", "direct")
    names = {user.id: user.display_name for user in people}
    phones = [
        (user.id, user.display_name)
        for user in people
        if user.active and user.endpoint and user.id != me().id
        if theirs is None or user.id in theirs
    ]
    return render_template(
        "live/page.html",
        names=names,
        phones=phones,
        causes=causes,
        waiting=request.args.get("state") == "waiting",
        queues=request.args.getlist("queue"),
    )


@live.get("/default-way")
@allow("supervisor", "admin")
def default_way_today() -> str:
    """The same panel again: the page asks for it while it is open."""
    with reading() as connection:
        causes = default_way.by_cause(connection, _midnight())
    return render_template("live/default_way.html", causes=causes)


def _midnight() -> datetime:
    return datetime.combine(today(), time(), tzinfo=me().zone)
