"""The command palette: customers by name or number in any spelling, and the pages."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from callcenter.queries import customers as customer_queries
from web.access import allow
from web.context import me, reading, runtime, today

palette = Blueprint("palette", __name__, url_prefix="/palette")
LIMIT = 8


@palette.get("")
@allow()
def results() -> str:
    text = request.args.get("q", "").strip()[:80]
    found = []
    if text:
        plan = runtime().settings.number_plan
        with reading() as connection:
            found = customer_queries.search(connection, text, plan, LIMIT, today())
    wanted = text.casefold()
    pages = [page for page in _pages() if not wanted or wanted in page[2].casefold()]
    return render_template("parts/palette.html", found=found, pages=pages, text=text)


def _pages() -> list[tuple[str, str, str]]:
    pages = [
        (url_for("desk.page"), "headset", _("Desk")),
        (url_for("customers.page"), "address-book", _("Customers")),
        (url_for("customers.new"), "user-plus", _("New customer")),
        (url_for("interactions.page"), "history", _("Interactions")),
        (url_for("profile.page"), "user-circle", _("Profile")),
    ]
    if me().is_supervisor:
        pages.append((url_for("live.page"), "phone-call", _("Live calls")))
    if me().role == "admin":
        pages.append((url_for("users.page"), "users", _("Users")))
        pages.append((url_for("pbx.page"), "plug-connected", _("PBX links")))
        pages.append((url_for("ledger.page"), "book", _("The PBX's ledger")))
    return pages
