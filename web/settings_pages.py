"""The pages of the settings hub, one line each: how the company wants the product to work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l

from web.access import Role
from web.context import me
from web.doors import DOORS
from web.viewer import is_signed_in, the_viewer

LEADERS: tuple[Role, ...] = ("supervisor", "admin")
ADMINS: tuple[Role, ...] = ("admin",)


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """`title` and `text` are lazy; `roles` are those that the page itself lets in."""

    endpoint: str
    icon: str
    title: Any
    text: Any
    roles: tuple[Role, ...] = ADMINS


_PEOPLE: Final = (
    SettingsPage(
        "users.page",
        "users",
        _l("Users"),
        _l("Who logs in, with which role and phone; what was done lately."),
    ),
    SettingsPage(
        "roles.page",
        "shield-lock",
        _l("Roles"),
        _l("Who sees and changes which records and fields: their own, their team's, all."),
    ),
    SettingsPage(
        "teams.page", "users-group", _l("Teams"), _l("Who works together, and who leads them.")
    ),
    SettingsPage(
        "staffing.skills",
        "list-details",
        _l("Skills"),
        _l("Who takes the calls of which queue, and how well."),
        LEADERS,
    ),
    SettingsPage(
        "supervision.page",
        "headphones",
        _l("Stepping into calls"),
        _l("Who listened to whom, and whether operators see it."),
        LEADERS,
    ),
    SettingsPage(
        "staffing.pauses",
        "player-pause",
        _l("Pauses"),
        _l("Reasons for a pause, and how long each may last."),
        LEADERS,
    ),
    SettingsPage(
        "staffing_plan.page",
        "calendar-event",
        _l("Staffing"),
        _l("How many operators the calls of a week need, beside how many were there."),
        LEADERS,
    ),
    SettingsPage(
        "thresholds.page",
        "bell",
        _l("Thresholds and goals"),
        _l("Which figures are watched, and who is told when one is beyond its bound; goals."),
        LEADERS,
    ),
    SettingsPage(
        "outbound.page",
        "phone-outgoing",
        _l("Outbound rights"),
        _l("What each role may dial outside, and which number it shows."),
    ),
)
_CALLERS_SIDE: Final = (
    SettingsPage(
        "routing.page",
        "route",
        _l("Routing"),
        _l("Where each call goes, by rules about the customer, the call, the time and the queues."),
        LEADERS,
    ),
    SettingsPage(
        "hours.page",
        "clock",
        _l("Hours"),
        _l("When somebody is there: weeks, public holidays, special days, closing for a time."),
        LEADERS,
    ),
    SettingsPage(
        "route_trial.page",
        "zoom-question",
        _l("Try a call"),
        _l("Where a number would be sent, now or at another time; a draft on last week's calls."),
        LEADERS,
    ),
    SettingsPage(
        "menus.page",
        "list-details",
        _l("Voice menus"),
        _l("What callers are asked, and where each key leads them."),
        LEADERS,
    ),
    SettingsPage(
        "prompts.page",
        "microphone",
        _l("Prompts"),
        _l("What callers hear, in each language: texts, uploaded sounds, recordings by phone."),
        LEADERS,
    ),
    SettingsPage(
        "wallboard.boards",
        "device-tv",
        _l("Boards and screens"),
        _l("What the wallboard of each team shows, and the screens on the walls."),
        LEADERS,
    ),
    SettingsPage(
        "staffing.queues",
        "adjustments",
        _l("Queues"),
        _l("Wrap-up, skills and what counts as a missed call, for each queue."),
        LEADERS,
    ),
)
_CONTACTS: Final = (
    SettingsPage(
        "surveys.page",
        "star",
        _l("Surveys"),
        _l("What callers are asked after a call, and what they answered."),
        LEADERS,
    ),
    SettingsPage(
        "score_cards.page",
        "clipboard-check",
        _l("Score cards"),
        _l("What supervisors look at when they assess contacts, and how much each thing weighs."),
        LEADERS,
    ),
    SettingsPage(
        "outcomes.page",
        "list-check",
        _l("Outcomes"),
        _l("How a contact can end, and what follows from it."),
        LEADERS,
    ),
    SettingsPage(
        "scripts.page",
        "note",
        _l("Scripts"),
        _l("What operators say, step by step, for each queue."),
        LEADERS,
    ),
    SettingsPage(
        "reply_templates.page",
        "template",
        _l("Texts to answer with"),
        _l("Quick replies for mails, short messages and chats; signatures of mails."),
        LEADERS,
    ),
    SettingsPage(
        "chat_widgets.page",
        "message-2",
        _l("Chat widgets"),
        _l("The chat button for your sites: where it may stand, and whose queue answers."),
    ),
)
_CUSTOMER_BASE: Final = (
    SettingsPage(
        "fields.page",
        "forms",
        _l("Fields and tags"),
        _l("Fields of your own, the choices of status and segment, and tags."),
    ),
    SettingsPage(
        "imports.page",
        "table-import",
        _l("Import"),
        _l("Files of other systems: customers, organisations, invoices, orders, visits."),
        LEADERS,
    ),
    SettingsPage(
        "exports.page",
        "table-export",
        _l("Export"),
        _l("Tables and cards for other systems, and who took which."),
        LEADERS,
    ),
    SettingsPage(
        "duplicates.page",
        "users",
        _l("Duplicates"),
        _l("Cards that may be one person's: compare, join, or tell apart."),
        LEADERS,
    ),
    SettingsPage(
        "history.recent",
        "history",
        _l("Recent changes"),
        _l("Who changed what and when; what it was, and the way back."),
        LEADERS,
    ),
    SettingsPage(
        "history.batches",
        "list-details",
        _l("Changes at once"),
        _l("Imports, bulk changes and joined cards, each with a button that takes it back."),
        LEADERS,
    ),
    SettingsPage(
        "privacy.page",
        "shield-lock",
        _l("Data protection"),
        _l("How long things are kept, and what was erased when."),
    ),
    SettingsPage(
        "archive.page",
        "book",
        _l("Archive"),
        _l("Old months of calls in files: which, how large, moved now or brought back."),
    ),
)
_SYSTEMS: Final = (
    SettingsPage(
        "pbx.page", "plug-connected", _l("PBX links"), _l("Which PBX is connected, and since when.")
    ),
    SettingsPage(
        "pbx_plan.page",
        "phone",
        _l("PBX plan"),
        _l("Numbers, phones, queues and trunks of the PBX, applied from here or taken away."),
    ),
    SettingsPage(
        "ledger.page",
        "book",
        _l("The PBX's ledger"),
        _l("How far calls are confirmed, and what the ledger corrected."),
    ),
    SettingsPage(
        "webhooks.page",
        "world-share",
        _l("API and webhooks"),
        _l("Other systems that are told of calls and cards, and the tokens that open the API."),
    ),
)
SECTIONS: Final[tuple[tuple[Any, tuple[SettingsPage, ...]], ...]] = (
    (_l("People"), _PEOPLE),
    (_l("Callers' side"), _CALLERS_SIDE),
    (_l("In and after a contact"), _CONTACTS),
    (_l("Customer base"), _CUSTOMER_BASE),
    (_l("Telephone system and other systems"), _SYSTEMS),
)


_BY_READERS: Final = ("routing", "survey", "pbx")
"""What some may look at and not change."""


def sections_for(role: str) -> list[tuple[Any, list[SettingsPage]]]:
    """(title, pages) in the order of the list; a page that this product was built without is left
    out, and so is a section without pages."""
    known = current_app.view_functions
    found = [
        (title, [page for page in pages if role in page.roles and page.endpoint in known])
        for title, pages in SECTIONS
    ]
    return [(title, pages) for title, pages in found if pages]


_OF_OTHERS = ("score_cards.page", "wallboard.boards")


def settings_paths() -> list[str]:
    """Where the hub's pages are: on each of them the rail marks Settings, but for those that have
    another place in it."""
    shown = [page for _, pages in sections_for(me().role) for page in pages]
    return [url_for(page.endpoint) for page in shown if page.endpoint not in _OF_OTHERS]


def in_place(*paths: str) -> bool:
    """Is the page that is asked for one of these, or below one of them?"""
    return any(request.path == path or request.path.startswith(f"{path}/") for path in paths)


def only_reads() -> bool:
    """Is this a page of settings that its reader may not change? Its buttons are then hidden."""
    endpoint = request.endpoint or ""
    right = DOORS.get(endpoint)
    if right is None or right[0] not in _BY_READERS or not is_signed_in():
        return False
    if endpoint == "surveys.mine":  # what was said of oneself is nothing that anybody changes
        return False
    return not the_viewer().may(right[0], "change")


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        settings_paths=settings_paths, in_place=in_place, only_reads=only_reads
    )
