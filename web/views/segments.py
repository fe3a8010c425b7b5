"""Saved segments: one's own and shared ones; saved from the list, renamed, shared, deleted."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.errors import ProductError
from callcenter.queries import customer_list
from callcenter.queries import segments as queries
from callcenter.segments.bulk import MOST
from callcenter.segments.segment import SegmentDraft
from callcenter.services import segments as services
from web import customer_lists
from web.access import allow
from web.context import me, reading, runtime
from web.service_words import words_of
from web.viewer import the_viewer
from web.whole_numbers import whole_number

segments = Blueprint("segments", __name__, url_prefix="/segments")
_PART = 5_000


@segments.get("")
@allow()
def page() -> str:
    with reading() as connection:
        found = queries.all_for(connection, the_viewer())
        broken = {
            one.id: why for one in found if (why := queries.broken(connection, the_viewer(), one))
        }
    mine = {one.id for one in found if _is_mine(one.owner.id)}
    return render_template("segments/page.html", segments=found, broken=broken, mine=mine)


@segments.post("")
@allow()
def save() -> ResponseReturnValue:
    """What the list shows, as a segment."""
    frozen = request.form.get("frozen") == "yes"
    with reading() as connection:
        try:
            question = customer_lists.asked(connection, request.form)
        except ProductError as error:
            return _refused(error)
        members: list[int] = []
        if frozen:
            context = customer_lists.context_of(connection, question.where)
            more = True
            while more and len(members) <= MOST * 10:
                last = members[-1] if members else 0
                part = customer_list.ids(context, the_viewer(), question.where, last, _PART)
                members += part
                more = len(part) == _PART
    draft = SegmentDraft(
        name=request.form.get("name", ""),
        filter=question.where.as_json(),
        frozen=frozen,
        shared=request.form.get("shared") == "yes",
        columns=question.columns,
    )
    try:
        segment_id = services.create(
            draft,
            user_id=me().id,
            unit_of_work=runtime().unit_of_work,
            clock=runtime().clock,
            members=members,
        )
    except ProductError as error:
        return _refused(error)
    flash(_("Saved as a segment."))
    return redirect(url_for("customers.page", segment=segment_id))


@segments.post("/<int:segment_id>")
@allow()
def change(segment_id: int) -> ResponseReturnValue:
    values = {"name": request.form.get("name", ""), "shared": request.form.get("shared") == "yes"}
    try:
        services.update(
            segment_id,
            values,
            version=request.form.get("version", 0, type=whole_number),
            user_id=me().id,
            unit_of_work=runtime().unit_of_work,
            clock=runtime().clock,
        )
    except ProductError as error:
        return _refused(error)
    flash(_("Saved."))
    return redirect(url_for("segments.page"))


@segments.post("/<int:segment_id>/delete")
@allow()
def delete(segment_id: int) -> ResponseReturnValue:
    with reading() as connection:
        if queries.get(connection, segment_id, the_viewer()) is None:
            abort(404)
    try:
        services.delete(
            segment_id,
            user_id=me().id,
            unit_of_work=runtime().unit_of_work,
            clock=runtime().clock,
        )
    except ProductError as error:
        return _refused(error)
    flash(_("Deleted. Its customers stay."))
    return redirect(url_for("segments.page"))


def _refused(error: ProductError) -> ResponseReturnValue:
    flash(words_of(error), "refused")
    return redirect(url_for("segments.page"))


def _is_mine(owner_id: int) -> bool:
    return the_viewer().reaches("segment", "change", (owner_id,))
