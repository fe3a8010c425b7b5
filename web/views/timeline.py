"""A customer's timeline over all channels: a piece of the card, its filters, and what is put onto
it by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from callcenter.errors import Invalid, ProductError
from callcenter.queries import surveys
from callcenter.queries import timeline as queries
from callcenter.queries import users as user_queries
from callcenter.queries.timeline import KINDS, TimelineFilters
from callcenter.queries.visibility import seen_customers
from callcenter.services.meetings import MeetingDraft, add_meeting
from web import conversation_actions
from web.access import allow
from web.context import me, reading, runtime, today
from web.conversation_words import CHANNEL_LOOKS
from web.errors import status_of
from web.service_words import words_of
from web.viewer import the_viewer
from web.whole_numbers import whole_number

timeline = Blueprint("timeline", __name__, url_prefix="/customers")
PAGE = 30


@timeline.get("/<int:customer_id>/timeline")
@allow()
def of_customer(customer_id: int) -> str:
    return _piece(customer_id)


@timeline.post("/<int:customer_id>/meetings")
@allow()
def meeting(customer_id: int) -> ResponseReturnValue:
    try:
        add_meeting(
            customer_id,
            _draft(),
            user_id=me().id,
            unit_of_work=runtime().unit_of_work,
            clock=runtime().clock,
        )
    except ProductError as error:
        return _piece(customer_id, error), status_of(error)
    return _piece(customer_id)


def _piece(customer_id: int, error: ProductError | None = None) -> str:
    filters = TimelineFilters(
        customer_id=customer_id,
        kinds=frozenset(request.args.getlist("kind")) & frozenset(KINDS),
        person=request.args.get("person", type=whole_number),
        since=_start_of("since"),
        until=_start_of("until", days=1),
        text=request.args.get("text", "").strip()[:200],
        viewer=the_viewer(),
    )
    cursor = request.args.get("cursor")
    with reading() as connection:
        if not _is_seen(connection, customer_id):
            abort(404)
        found = queries.page(connection, filters, cursor, PAGE, today())
        people = user_queries.all(connection) if cursor is None else ()
        called = [one.id for one in found.items if one.interaction is not None]
        answers = surveys.of_interactions(connection, called, the_viewer())
    narrow = request.headers.get("HX-Target") in ("timeline-more", "timeline-rows")
    return render_template(
        "timeline/rows.html" if narrow else "timeline/panel.html",
        found=found,
        answers=answers,
        customer_id=customer_id,
        people=people,
        kept={name: request.args.getlist(name) for name in request.args if name != "cursor"},
        able=conversation_actions.channels(),
        CHANNEL_LOOKS=CHANNEL_LOOKS,
        KINDS=KINDS,
        typed=request.form if error else {},
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
        now=runtime().clock.now().astimezone(me().zone),
    )


def _is_seen(connection: Connection, customer_id: int) -> bool:
    with runtime().unit_of_work() as uow:
        there = uow.customers.get(customer_id) is not None
    return there and customer_id in seen_customers(connection, the_viewer(), [customer_id])


def _draft() -> MeetingDraft:
    form = request.form
    try:
        at = datetime.fromisoformat(form.get("at", "")).replace(tzinfo=me().zone)
    except ValueError as error:
        raise Invalid("at", _("Say on which day and at what time.")) from error
    return MeetingDraft(
        title=form.get("title", ""),
        at=at.astimezone(UTC),
        minutes=form.get("minutes", type=whole_number) or 0,
        place=form.get("place", ""),
        notes=form.get("notes", ""),
    )


def _start_of(name: str, days: int = 0) -> datetime | None:
    """Midnight on the user's wall; what is no date asks nothing."""
    try:
        day = date.fromisoformat(request.args.get(name, "")) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return datetime.combine(day, time.min, tzinfo=me().zone).astimezone(UTC)
