"""How the links to the PBXs are: for administrators."""

from __future__ import annotations

from flask import Blueprint, render_template

from callcenter.queries import pbx as pbx_queries
from web.access import allow
from web.context import reading, runtime

pbx = Blueprint("pbx", __name__, url_prefix="/pbx")


@pbx.get("")
@allow("admin")
def page() -> str:
    with reading() as connection:
        links = pbx_queries.links(connection)
    configured = [address.name for address in runtime().settings.ami]
    silent = [name for name in configured if name not in {link.pbx for link in links}]
    return render_template("admin/pbx.html", links=links, silent=silent)
