"""The list of customers: search as one types, filters built by hand or saved, columns chosen, and
what is done to many of them at once, shown before it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Connection

from callcenter.accounts.user import User
from callcenter.errors import Invalid, ProductError
from callcenter.queries import customer_list, users
from callcenter.queries import fields as field_queries
from callcenter.queries import segments as segment_queries
from callcenter.segments.bulk import KINDS as BULK_KINDS
from callcenter.segments.bulk import MOST, BulkAction
from callcenter.segments.columns import Sort, chosen, sorts
from callcenter.segments.fields import WITHOUT_VALUE, Catalogue
from callcenter.segments.tree import EVERYBODY, HOWS, Condition, Group
from callcenter.segments.values import Me
from callcenter.services import bulk
from callcenter.services import segments as segment_services
from callcenter.services.bulk import PreviewRow
from web import customer_lists, segment_words
from web.access import allow
from web.context import me, reading, runtime
from web.customer_lists import COLUMNS_KEY, Asked, Rows
from web.history_words import Words
from web.people_words import field_title
from web.service_words import words_of
from web.viewer import the_viewer
from web.views.customers import customers

__all__ = ["customers"]

PREVIEWED = 20
_PART = 5_000


@customers.get("")
@allow()
def page() -> ResponseReturnValue:
    piece = request.headers.get("HX-Target") in ("customer-rows", "more")
    with reading() as connection:
        try:
            question = customer_lists.asked(connection)
            found = customer_lists.rows(connection, question)
        except Invalid as error:
            return _refused(error, piece=piece)
        if piece:
            return _render_rows(connection, question, found)
        return render_template(
            "customers/page.html", **_shown(connection, question, found), **_builder(connection)
        )


def _render_rows(connection: Connection, question: Asked, found: Rows) -> str:
    return render_template("customers/rows.html", **_shown(connection, question, found))


def _shown(connection: Connection, question: Asked, found: Rows) -> dict[str, Any]:
    return {
        "asked": question,
        "items": found.items,
        "next_cursor": found.next_cursor,
        "total": found.total,
        "cells": found.cells,
        "why": found.why,
        "text": question.text,
        "status": question.status,
        "titles": _titles(connection),
        "sorts": sorts(the_viewer()),
        "BULK": segment_words.BULK,
        "may_bulk": the_viewer().may("customer", "change"),
    }


def _refused(error: Invalid, *, piece: bool) -> ResponseReturnValue:
    """An address that cannot be asked: saved before a field went, or written by hand."""
    if piece:
        return render_template("customers/refused.html", problem=str(error)), 200
    flash(_("This filter cannot be asked any more: %(why)s", why=str(error)), "refused")
    return redirect(url_for("customers.page"))


def _titles(connection: Connection) -> dict[str, Any]:
    own = field_queries.defs(connection, "customer")
    return {**segment_words.COLUMNS, **{f"custom:{one.key}": field_title(one) for one in own}}


@customers.get("/count")
@allow()
def count() -> ResponseReturnValue:
    """How many there are, asked after the page is shown."""
    with reading() as connection:
        try:
            question = customer_lists.asked(connection)
        except Invalid as error:
            return words_of(error), 200
        context = customer_lists.context_of(connection, question.where)
        found, whole = customer_list.counted(context, the_viewer(), question.where)
    if whole:
        return str(ngettext("%(num)d customer", "%(num)d customers", found))
    return str(_("more than %(count)s customers", count=found))


# --- the filter builder ---------------------------------------------------------------------------


def _builder(connection: Connection) -> dict[str, Any]:
    viewer = the_viewer()
    fields = segment_queries.fields_for(connection, viewer)
    own = {f"custom:{one.key}": one for one in field_queries.defs(connection, "customer")}
    titles = {
        key: field_title(own[key]) if key in own else segment_words.FIELDS[key] for key in fields
    }
    return {
        "fields": fields,
        "field_titles": titles,
        "options": customer_lists.options(connection, fields),
        "operators": segment_words.OPERATORS,
        "areas": segment_words.AREAS,
        "hows": {how: segment_words.HOWS[how] for how in HOWS},
        "choice_words": segment_words.CHOICES,
        "without_value": WITHOUT_VALUE,
        "segments": segment_queries.all_for(connection, viewer),
        "is_condition": lambda part: isinstance(part, Condition),
        "plain": _plain,
        "EVERYBODY": EVERYBODY,
    }


def _plain(value: Any) -> str:
    """A value as an input shows it."""
    if value is None:
        return ""
    return "me" if isinstance(value, Me) else str(value)


@customers.get("/filter/row")
@allow()
def filter_row() -> str:
    """A condition, empty, for the field and the operator that were chosen."""
    with reading() as connection:
        told = _builder(connection)
    fields: Catalogue = told["fields"]
    field = fields.get(request.args.get("field", "")) or next(iter(fields.values()))
    op = request.args.get("op", "")
    empty = Condition(field.key, op if op in field.asked else field.asked[0])
    return render_template("customers/filter_row.html", condition=empty, **told)


@customers.get("/filter/group")
@allow()
def filter_group() -> str:
    with reading() as connection:
        told = _builder(connection)
    first = next(iter(told["fields"].values()))
    group = Group("any", (Condition(first.key, first.asked[0]),))
    return render_template("customers/filter_group.html", group=group, **told)


# --- columns --------------------------------------------------------------------------------------


@customers.post("/columns")
@allow()
def columns() -> ResponseReturnValue:
    """Chosen by their boxes, in the order in which the form has them; `up` moves one."""
    names = request.form.getlist("column")
    moved = request.form.get("up", "")
    if moved in names and names.index(moved) > 1:
        place = names.index(moved)
        names[place - 1], names[place] = names[place], names[place - 1]
    with reading() as connection:
        question = customer_lists.asked(connection, request.form)
        own = [one.removeprefix("custom:") for one in question.offered if ":" in one]
    wanted = chosen(names, own) if request.form.get("usual") is None else None
    segment_services.remember(
        me().id, COLUMNS_KEY, list(wanted) if wanted else None, unit_of_work=runtime().unit_of_work
    )
    return redirect(
        url_for("customers.page", **question.address(), columns="open" if moved else None)
    )


# --- many at once ---------------------------------------------------------------------------------


@customers.post("/bulk")
@allow()
def bulk_form() -> ResponseReturnValue:
    """What is to be done, to whom: the first of them before and after, before anything is done."""
    with reading() as connection:
        try:
            question = customer_lists.asked(connection, request.form)
            ids = _chosen_ids(connection, question)
        except Invalid as error:
            return _refused(error, piece=False)
        lists = customer_lists.options(connection, {})
        own = [
            (one.key, field_title(one))
            for one in field_queries.defs(connection, "customer")
            if the_viewer().own_field("customer", one.key, sensitive=one.sensitive) == "write"
        ]
        frozen = [
            (str(one.id), one.name)
            for one in segment_queries.all_for(connection, the_viewer())
            if one.frozen
        ]
        people = [one for one in users.all(connection) if one.active]
    kind = request.form.get("kind", "")
    if kind not in BULK_KINDS:
        kind = "add_tag"
    told: dict[str, Any] = {"rows": (), "problem": "", "ready": False}
    if request.form.get("step") in ("preview", "do"):
        try:
            action = _action(kind)
            if request.form["step"] == "do":
                return _begin(action, ids)
            rows = bulk.preview(
                action,
                ids[:PREVIEWED],
                user_id=me().id,
                unit_of_work=runtime().unit_of_work,
            )
            with reading() as connection:
                told["rows"] = _in_words(connection, rows, people)
            told["ready"] = True
        except ProductError as error:
            told["problem"] = words_of(error)
    return render_template(
        "customers/bulk.html",
        asked=question,
        ids=request.form.getlist("id"),
        everybody=request.form.get("everybody", ""),
        count=len(ids),
        kind=kind,
        form=request.form,
        kinds=segment_words.BULK,
        lists=lists,
        own=own,
        frozen=frozen,
        people=people,
        left_out_words=segment_words.LEFT_OUT,
        most=MOST,
        **told,
    )


def _in_words(
    connection: Connection, rows: Sequence[PreviewRow], people: Sequence[User]
) -> list[dict[str, Any]]:
    """Owners and choices by their names, as the history tells them."""
    words = Words(connection, {("user", str(one.id)): one.display_name for one in people})

    def said(values: Mapping[str, Any]) -> str:
        told = [words.values("customer", name, value) for name, value in values.items()]
        return ", ".join(line for lines in told for line in lines)

    return [
        {
            "customer_id": row.customer_id,
            "name": row.name,
            "why": row.why,
            "changes": bool(row.after),
            "before": said(row.before),
            "after": said(row.after),
        }
        for row in rows
    ]


def _chosen_ids(connection: Connection, question: Asked) -> list[int]:
    """Those whose boxes were ticked; or all that the list is of."""
    viewer = the_viewer()
    if not request.form.get("everybody"):
        wanted = {int(one) for one in request.form.getlist("id") if one.isdigit() and len(one) < 19}
        return sorted(wanted)[:MOST]
    if question.text:
        return [one.id for one in customer_lists.rows(connection, question).items]
    context = customer_lists.context_of(connection, question.where)
    found: list[int] = []
    while len(found) <= MOST:
        last = found[-1] if found else 0
        part = customer_list.ids(context, viewer, question.where, last, _PART)
        found += part
        if len(part) < _PART:
            break
    return found


def _action(kind: Any) -> BulkAction:
    form = request.form
    value: Any = form.get(f"value_{kind}", "").strip()
    if kind in ("owner", "add_to_segment", "remove_from_segment"):
        value = int(value) if value.isdigit() and len(value) < 19 else None
    task = {
        "title": form.get("title", "").strip()[:160],
        "details": form.get("details", "").strip()[:2000],
        "assignee_id": int(form["assignee"]) if form.get("assignee", "").isdigit() else None,
    }
    return BulkAction(kind=kind, value=value, key=form.get("key", ""), task=task)


def _begin(action: BulkAction, ids: list[int]) -> ResponseReturnValue:
    title = f"{segment_words.BULK[action.kind]}: {len(ids)}"
    bulk.begin(
        action,
        ids,
        title,
        user_id=me().id,
        unit_of_work=runtime().unit_of_work,
        clock=runtime().clock,
    )
    flash(
        ngettext(
            "Begun for %(num)d customer. Here you see how far it is, and take it back.",
            "Begun for %(num)d customers. Here you see how far it is, and take it back.",
            len(ids),
        )
    )
    return redirect(url_for("history.batches"))


def sort_link(question: Asked, column: str) -> str:
    """The same list by this column; the other way round where it is by it already."""
    down = question.sort.column == column and not question.sort.descending
    return url_for("customers.page", **question.address(sort=str(Sort(column, down))))


@customers.app_context_processor
def _helpers() -> dict[str, Any]:
    return {"sort_link": sort_link}
