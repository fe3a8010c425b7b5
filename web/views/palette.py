"""The command palette: customers by name or number in any spelling, and the pages."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from callcenter.customers.customer import CustomerBrief
from callcenter.customers.phone import parse_number
from callcenter.queries import finding
from callcenter.queries.showing import shown
from web.access import allow
from web.context import me, reading, runtime, today
from web.segment_words import why_words
from web.viewer import the_viewer

palette = Blueprint("palette", __name__, url_prefix="/palette")
LIMIT = 8


@palette.get("")
@allow()
def results() -> str:
    text = _text()
    wanted = text.casefold()
    pages = [page for page in _pages() if not wanted or wanted in page[2].casefold()]
    found, why = _found(text)
    return render_template(
        "parts/palette.html", found=found, why=why, pages=pages, text=text, number=_number(text)
    )


@palette.get("/people")
@allow()
def people() -> str:
    """Customers to link a contact to."""
    text = _text()
    found, why = _found(text)
    return render_template("parts/people.html", found=found, why=why, text=text)


def _text() -> str:
    return request.args.get("q", "").strip()[:80]


def _found(text: str) -> tuple[Sequence[CustomerBrief], dict[int, str]]:
    """The best first, and why each was found where their name does not say it."""
    if not text:
        return (), {}
    with reading() as connection:
        plan, viewer = runtime().settings.number_plan, the_viewer()
        found = finding.find(connection, text, plan, LIMIT, today(), viewer)
        people = shown(connection, viewer, tuple(one.customer for one in found))
    return people, {one.customer.id: why_words(one.why) for one in found}


def _number(text: str) -> str:
    """What can be dialled of it: a whole number, or one of our own extensions."""
    parsed = parse_number(text, runtime().settings.number_plan, internal_allowed=True)
    return parsed.e164 or (parsed.digits if parsed.kind == "internal" else "")


def _pages() -> list[tuple[str, str, str]]:
    pages = [
        (url_for("desk.page"), "headset", _("Desk")),
        (url_for("customers.page"), "address-book", _("Customers")),
        (url_for("customers.new"), "user-plus", _("New customer")),
        (url_for("segments.page"), "list-details", _("Segments")),
        (url_for("interactions.page"), "history", _("Interactions")),
        (url_for("tasks.page"), "checkbox", _("Tasks")),
        (url_for("tasks.new"), "plus", _("New task")),
        (url_for("missed.page"), "phone-x", _("Missed calls")),
        (url_for("profile.page"), "user-circle", _("Profile")),
    ]
    if me().is_supervisor:
        pages += [
            (url_for("live.page"), "phone-call", _("Live calls")),
            (url_for("agents.team"), "headphones", _("Team")),
            (url_for("staffing.queues"), "adjustments", _("Queues")),
            (url_for("staffing.skills"), "adjustments", _("Skills")),
            (url_for("staffing.pauses"), "player-pause", _("Pauses")),
            (url_for("outcomes.page"), "list-check", _("Outcomes")),
            (url_for("scripts.page"), "list-check", _("Scripts")),
        ]
    if me().role == "admin":
        pages.append((url_for("users.page"), "users", _("Users")))
        pages.append((url_for("outbound.page"), "phone-outgoing", _("Outbound rights")))
        pages.append((url_for("pbx.page"), "plug-connected", _("PBX links")))
        pages.append((url_for("ledger.page"), "book", _("The PBX's ledger")))
    return pages
