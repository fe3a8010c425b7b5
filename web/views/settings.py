"""The settings hub: a tile for every page on which the company says how it works."""

from __future__ import annotations

from flask import Blueprint, render_template

from web.access import allow
from web.context import me
from web.settings_pages import sections_for

settings = Blueprint("settings", __name__, url_prefix="/settings")


@settings.get("")
@allow("supervisor", "admin")
def page() -> str:
    return render_template("settings/page.html", sections=sections_for(me().role))
