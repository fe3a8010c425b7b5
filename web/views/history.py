"""Who changed what: of one record, of all, and what was done at once; with the way back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from callcenter.errors import ProductError
from callcenter.history.change import DELETED
from callcenter.history.seen import thing_of
from callcenter.queries import history as queries
from callcenter.queries import users as user_queries
from callcenter.queries.history import HistoryFilters
from callcenter.services import batches as batch_services
from callcenter.services import restoring
from web.access import allow
from web.context import me, reading, runtime
from web.errors import status_of
from web.history_words import (
    ACTIONS,
    ACTORS,
    BATCH_KINDS,
    BATCH_STATES,
    LOOKS,
    OBJECTS,
    Words,
)
from web.service_words import words_of
from web.viewer import the_viewer
from web.whole_numbers import whole_number

history = Blueprint("history", __name__, url_prefix="/history")
ROWS = 40
_LOOK_ROWS = 50
_DIGITS = 18
_AT_ONCE = 200
"""Of so many records a change is taken back while one waits; more than that is the worker's."""
_CARDS = {
    "customer": ("customers.card", "customer_id"),
    "organization": ("organizations.card", "organization_id"),
    "task": ("tasks.one", "task_id"),
    "user": ("users.edit", "user_id"),
    "segment": ("segments.one", "segment_id"),
}


@history.get("/<object_type>/<object_id>")
@allow()
def page(object_type: str, object_id: str) -> ResponseReturnValue:
    viewer = the_viewer()
    with reading() as connection:
        _check(connection, object_type, object_id)
        found = queries.of_record(
            connection,
            viewer,
            object_type,
            object_id,
            filters=_filters(),
            cursor=request.args.get("cursor"),
            limit=ROWS,
        )
        now = queries.document(connection, object_type, object_id)
        looks = (
            queries.looks(connection, int(object_id), _LOOK_ROWS)
            if object_type == "customer" and viewer.may("history", "change")
            else []
        )
        kind = (object_type, int(object_id) if object_id.isdecimal() else 0)
        names = {**queries.named(connection, [kind]), **found.names}
        people = {user.id: user.display_name for user in user_queries.all(connection)}
        words = Words(connection, names)
    return _answer(
        "history/page.html",
        found,
        words,
        people,
        object_type=object_type,
        object_id=object_id,
        title=names.get((object_type, object_id), object_id),
        gone=now is None or bool(now.get(DELETED)),
        joined=bool(now and now.get("merged_into")),
        merged_into=now.get("merged_into") if now else None,
        looks=looks,
        card_url=card_url(object_type, object_id),
        may_restore=_may_restore(object_type),
        fields=_known_fields(found, words, object_type),
    )


@history.get("")
@allow("supervisor", "admin")
def recent() -> ResponseReturnValue:
    """What was changed lately, by whomever."""
    with reading() as connection:
        found = queries.recent(
            connection,
            the_viewer(),
            filters=_filters(),
            cursor=request.args.get("cursor"),
            limit=ROWS,
        )
        people = {user.id: user.display_name for user in user_queries.all(connection)}
        words = Words(connection, found.names)
    return _answer("history/recent.html", found, words, people, names=found.names)


def _answer(
    template: str,
    found: queries.HistoryPage,
    words: Words,
    people: dict[int, str],
    **values: Any,
) -> ResponseReturnValue:
    more = request.headers.get("HX-Target") == "more"
    return render_template(
        "history/rows.html" if more else template,
        entries=found.entries.items,
        next_cursor=found.entries.next_cursor,
        words=words,
        people=people,
        chosen={name: request.args.get(name, "") for name in _FILTERS},
        ACTIONS=ACTIONS,
        ACTORS=ACTORS,
        OBJECTS=OBJECTS,
        LOOKS=LOOKS,
        record_url=record_url,
        **{"may_restore": False, "object_type": "", "names": {}, **values},
    )


_FILTERS = ("field", "user", "action", "type")


def _filters() -> HistoryFilters:
    args = request.args
    return HistoryFilters(
        field=args.get("field", "")[:80],
        user_id=args.get("user", type=whole_number),
        action=args.get("action", "")[:8],
        object_type=args.get("type", "")[:40],
    )


def _check(connection: Any, object_type: str, object_id: str) -> None:
    if not queries.known(object_type) or (object_id.isdecimal() and len(object_id) > _DIGITS):
        abort(404)
    if not queries.may_read(connection, the_viewer(), object_type, object_id):
        abort(404)


def _may_restore(object_type: str) -> bool:
    viewer = the_viewer()
    return viewer.may("history", "change") and viewer.may(thing_of(object_type), "change")


def _known_fields(
    found: queries.HistoryPage, words: Words, object_type: str
) -> list[tuple[str, str]]:
    names = dict.fromkeys(name for entry in found.entries.items for name in entry.fields)
    asked = request.args.get("field")
    if asked:
        names.setdefault(asked[:80])
    return sorted(
        ((name, words.label(object_type, name)) for name in names), key=lambda one: one[1]
    )


def card_url(object_type: str, object_id: str) -> str:
    """Where the record itself is; '' when it has no page."""
    endpoint, name = _CARDS.get(object_type, ("", ""))
    if endpoint not in current_app.view_functions or not object_id.isdecimal():
        return ""
    values: dict[str, Any] = {name: int(object_id)}
    return url_for(endpoint, **values)


def record_url(object_type: str, object_id: str) -> str:
    return url_for("history.page", object_type=object_type, object_id=object_id)


# --- the way back ---------------------------------------------------------------------------------


@history.post("/changes/<int:change_id>/restore")
@allow()
def restore(change_id: int) -> ResponseReturnValue:
    """One field (`field`), or the whole record, as before that change."""
    field = request.form.get("field", "")
    back = request.form.get("back", "")
    given: dict[str, Any] = {
        "user_id": me().id,
        "unit_of_work": runtime().unit_of_work,
        "clock": runtime().clock,
    }
    try:
        if field:
            restoring.restore_field(change_id, field, **given)
        else:
            restoring.restore_state(change_id, **given)
    except ProductError as error:
        return _refused(error)
    flash(_("Restored. This is a change as well: it stands on top."))
    return redirect(_own(back))


@history.post("/<object_type>/<object_id>/restore")
@allow()
def restore_deleted(object_type: str, object_id: str) -> ResponseReturnValue:
    with reading() as connection:
        _check(connection, object_type, object_id)
    try:
        restoring.restore_deleted(
            object_type,
            object_id,
            user_id=me().id,
            unit_of_work=runtime().unit_of_work,
            clock=runtime().clock,
        )
    except ProductError as error:
        return _refused(error)
    flash(_("It is there again as it was."))
    return redirect(card_url(object_type, object_id) or record_url(object_type, object_id))


def _refused(error: ProductError) -> ResponseReturnValue:
    return (
        render_template("history/refused.html", problem=words_of(error)),
        status_of(error),
    )


def _own(back: str) -> str:
    """Only an address of these pages."""
    return back if back.startswith("/history") and "//" not in back else url_for("history.recent")


# --- what was done at once ------------------------------------------------------------------------


@history.get("/batches")
@allow()
def batches() -> ResponseReturnValue:
    """One's own; everybody's for whoever may change the history."""
    viewer = the_viewer()
    everybody = viewer.may("history", "change")
    with reading() as connection:
        found = queries.batch_page(
            connection, None if everybody else me().id, request.args.get("cursor"), ROWS
        )
        people = {user.id: user.display_name for user in user_queries.all(connection)}
    more = request.headers.get("HX-Target") == "more"
    return render_template(
        "history/batch_rows.html" if more else "history/batches.html",
        batches=found.items,
        next_cursor=found.next_cursor,
        people=people,
        BATCH_KINDS=BATCH_KINDS,
        BATCH_STATES=BATCH_STATES,
        OBJECTS=OBJECTS,
        record_url=record_url,
    )


@history.post("/batches/<int:batch_id>/undo")
@allow()
def undo(batch_id: int) -> ResponseReturnValue:
    with reading() as connection:
        found = queries.batch(connection, batch_id)
    try:
        if found is not None and found.total > _AT_ONCE:
            batch_services.ask_undo(batch_id, user_id=me().id, unit_of_work=runtime().unit_of_work)
            flash(_("This takes a while. It is being taken back; reload to see how far it is."))
            return redirect(url_for("history.batches"))
        kept = batch_services.undo(
            batch_id,
            user_id=me().id,
            unit_of_work=runtime().unit_of_work,
            publisher=runtime().bus,
            clock=runtime().clock,
        )
    except ProductError as error:
        return _refused(error)
    if kept:
        flash(
            ngettext(
                "Taken back, but for %(num)d record that was changed or used since.",
                "Taken back, but for %(num)d records that were changed or used since.",
                len(kept),
            )
        )
    else:
        flash(_("Taken back."))
    return redirect(url_for("history.batches"))
