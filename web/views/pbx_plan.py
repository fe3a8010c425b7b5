"""The plan of a PBX, for administrators: its parts, each with a list and a form."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.accounts.user import User
from callcenter.errors import ProductError
from callcenter.pbx import people, stored
from callcenter.pbx.plan import Operator, PbxPlan
from callcenter.pbx.values import PlanError
from callcenter.queries import hours as hours_queries
from callcenter.queries import menus as menu_queries
from callcenter.queries import pbx_plan as queries
from callcenter.queries import users as user_queries
from callcenter.services import pbx_plan as services
from web import actions, pbx_forms, pbx_general
from web.access import allow
from web.context import me, reading, runtime
from web.errors import status_of
from web.pbx_forms import Part
from web.pbx_parts import PARTS
from web.pbx_places import choices_of, values_of
from web.pbx_words import RESULTS, place_words, problem_of

pbx_plan = Blueprint("pbx_plan", __name__, url_prefix="/pbx/plan")
THE_ONE = "pbx"
"""What the plan of a PBX is called that AMI_URL does not name yet."""


def door() -> services.Door:
    product = runtime()
    return services.Door(
        unit_of_work=product.unit_of_work,
        clock=product.clock,
        phone_key=product.settings.phone_key,
    )


def pbx_names() -> tuple[str, ...]:
    return runtime().settings.pbx_names or (THE_ONE,)


def plan_or_none(pbx: str) -> tuple[PbxPlan, int] | None:
    """Without its secrets: what screens may show."""
    if pbx not in pbx_names():
        abort(404)
    with reading() as connection:
        kept = queries.plan(connection, pbx)
        users = user_queries.all(connection)
    if kept is None:
        return None
    plan = stored.restore(kept.plan, {}, "")
    return people.joined(plan, people.at_phones(users)), kept.version


def plan_of(pbx: str) -> tuple[PbxPlan, int]:
    found = plan_or_none(pbx)
    if found is None:
        abort(404)
    return found


def part_of(name: str) -> Part:
    if name not in PARTS:
        abort(404)
    return PARTS[name]


@pbx_plan.get("")
@allow("admin")
def page() -> ResponseReturnValue:
    return redirect(url_for("pbx_plan.overview", pbx=pbx_names()[0]))


@pbx_plan.get("/<pbx>")
@allow("admin")
def overview(pbx: str) -> str:
    found = plan_or_none(pbx)
    if found is None:
        return render_template("pbx_plan/begin.html", pbx=pbx, names=pbx_names())
    plan, version = found
    with reading() as connection:
        log = queries.applied(connection, pbx)
        users = user_queries.all(connection)
    names = {user.id: user.display_name for user in users}
    return render_template(
        "pbx_plan/overview.html",
        **frame(pbx, version),
        plan=plan,
        log=log,
        users=names,
        results=RESULTS,
        staff=people.staff(plan, people.at_phones(users)),
    )


def frame(pbx: str, version: int) -> dict[str, Any]:
    """What every page of a plan is told."""
    return {"pbx": pbx, "version": version, "parts": PARTS, "names": pbx_names()}


@pbx_plan.post("/<pbx>/begin")
@allow("admin")
def begin(pbx: str) -> ResponseReturnValue:
    if plan_or_none(pbx) is not None:
        return redirect(url_for("pbx_plan.overview", pbx=pbx))
    services.begin(door(), pbx, None, user_id=me().id)
    flash(_("The plan is begun. Nothing goes to the PBX before you apply it."))
    return redirect(url_for("pbx_plan.overview", pbx=pbx))


@pbx_plan.post("/<pbx>/staff")
@allow("admin")
def take_staff(pbx: str) -> ResponseReturnValue:
    """Phones for users who have one by their page, and not in the plan yet."""
    _plan, version = plan_of(pbx)
    with reading() as connection:
        at_phones = people.at_phones(user_queries.all(connection))

    def edit(plan: PbxPlan) -> PbxPlan:
        for user in people.staff(plan, at_phones).missing:
            plan = people.with_operator(plan, user)
        return plan

    try:
        services.change(door(), pbx, version, edit, what="staff", user_id=me().id)
    except ProductError as error:
        flash(problem_of(error), "refused")
    return redirect(url_for("pbx_plan.items", pbx=pbx, part="phones"))


# -- the parts ---------------------------------------------------------------------------------


@pbx_plan.get("/<pbx>/<part>")
@allow("admin")
def items(pbx: str, part: str) -> str:
    plan, version = plan_of(pbx)
    shown = part_of(part)
    with reading() as connection:
        at_phones = people.at_phones(user_queries.all(connection))
    return render_template(
        "pbx_plan/list.html",
        **frame(pbx, version),
        name=part,
        part=shown,
        plan=plan,
        items=getattr(plan, shown.attribute),
        people=at_phones,
        place_words=place_words,
    )


@pbx_plan.get("/<pbx>/<part>/new")
@allow("admin")
def new(pbx: str, part: str) -> str:
    plan, version = plan_of(pbx)
    shown = part_of(part)
    return _form(pbx, part, version, plan, values_of(shown, None, plan))


@pbx_plan.post("/<pbx>/<part>/new")
@allow("admin")
def create(pbx: str, part: str) -> ResponseReturnValue:
    return _save(pbx, part, "")


@pbx_plan.get("/<pbx>/<part>/one/<key>")
@allow("admin")
def one(pbx: str, part: str, key: str) -> str:
    plan, version = plan_of(pbx)
    shown = part_of(part)
    found = pbx_forms.find(plan, shown, key)
    if found is None:
        abort(404)
    return _form(pbx, part, version, plan, values_of(shown, found, plan), key=key)


@pbx_plan.post("/<pbx>/<part>/one/<key>")
@allow("admin")
def save(pbx: str, part: str, key: str) -> ResponseReturnValue:
    return _save(pbx, part, key)


def _save(pbx: str, name: str, key: str) -> ResponseReturnValue:
    plan, version = plan_of(pbx)
    part = part_of(name)
    user = _chosen_user() if name == "phones" and not key else None

    def edit(plan: PbxPlan) -> PbxPlan:
        old = pbx_forms.find(plan, part, key) if key else None
        if key and old is None:
            raise PlanError("it is not there any more", field=part.key, code="gone")
        new = part.build(request.form, old)
        if isinstance(new, Operator):
            plan = pbx_forms.replaced(plan, part, old, new)
            return pbx_forms.in_queues(plan, new.extension, request.form.getlist("queues"))
        return pbx_forms.replaced(plan, part, old, new)

    try:
        told = request.form.get("version", type=int) or 0
        services.change(door(), pbx, told, edit, what=f"{name} {key}".strip(), user_id=me().id)
        if user is not None:
            _give_phone(user, request.form.get("extension", "").strip())
    except ProductError as error:
        values = values_of(part, None, plan) | _typed(part)
        return _form(pbx, name, version, plan, values, error, key=key), status_of(error)
    flash(_("Saved. It reaches the PBX when you apply the plan."))
    return redirect(url_for("pbx_plan.items", pbx=pbx, part=name))


def _chosen_user() -> User | None:
    chosen = request.form.get("user_id", type=int)
    if not chosen:
        return None
    with reading() as connection:
        return user_queries.by_id(connection, chosen)


def _give_phone(user: User, extension: str) -> None:
    """The user's page says which phone is theirs; this is that page's own use case."""
    changes = {"endpoint": f"PJSIP/{extension}", "extension": extension}
    if user.endpoint != changes["endpoint"]:
        actions.update_user(user.id, changes, me().id)


@pbx_plan.post("/<pbx>/<part>/one/<key>/remove")
@allow("admin")
def remove(pbx: str, part: str, key: str) -> ResponseReturnValue:
    shown = part_of(part)
    version = request.form.get("version", type=int) or 0

    def edit(plan: PbxPlan) -> PbxPlan:
        return pbx_forms.without(plan, shown, pbx_forms.find(plan, shown, key))

    try:
        services.change(door(), pbx, version, edit, what=f"{part} {key} out", user_id=me().id)
        flash(_("Removed from the plan."))
    except ProductError as error:
        plan, version = plan_of(pbx)
        found = pbx_forms.find(plan, shown, key)
        values = values_of(shown, found, plan)
        return _form(pbx, part, version, plan, values, error, key=key), status_of(error)
    return redirect(url_for("pbx_plan.items", pbx=pbx, part=part))


@pbx_plan.post("/<pbx>/phones/one/<key>/password")
@allow("admin")
def password(pbx: str, key: str) -> ResponseReturnValue:
    """What a desk phone is set up with; a new one on request. Looking is written down."""
    try:
        if request.form.get("renew") == "yes":
            _plan, version = plan_of(pbx)
            services.renew_secret(door(), pbx, version, key, user_id=me().id)
        secret, pin = services.secret_of(door(), pbx, key, user_id=me().id)
    except ProductError as error:
        abort(status_of(error))
    plan, version = plan_of(pbx)
    return render_template(
        "pbx_plan/password.html", **frame(pbx, version), key=key, secret=secret, pin=pin, plan=plan
    )


# -- in general --------------------------------------------------------------------------------


@pbx_plan.get("/<pbx>/general")
@allow("admin")
def general(pbx: str) -> str:
    plan, version = plan_of(pbx)
    return _general(pbx, version, plan, pbx_general.values_of(plan))


@pbx_plan.post("/<pbx>/general")
@allow("admin")
def save_general(pbx: str) -> ResponseReturnValue:
    plan, version = plan_of(pbx)
    told = request.form.get("version", type=int) or 0

    def edit(plan: PbxPlan) -> PbxPlan:
        return pbx_general.edited(plan, request.form)

    try:
        services.change(door(), pbx, told, edit, what="general", user_id=me().id)
    except ProductError as error:
        values = {field.name: request.form.get(field.name, "") for field in pbx_general.FIELDS}
        return _general(pbx, version, plan, values, error), status_of(error)
    flash(_("Saved. It reaches the PBX when you apply the plan."))
    return redirect(url_for("pbx_plan.general", pbx=pbx))


def _general(
    pbx: str, version: int, plan: PbxPlan, values: dict[str, Any], error: ProductError | None = None
) -> str:
    return render_template(
        "pbx_plan/general.html",
        **frame(pbx, version),
        fields=pbx_general.FIELDS,
        values=values,
        choices={"default_queue": [(queue.name, queue.name) for queue in plan.queues]},
        problem=problem_of(error) if error else "",
        problem_field=error.field if error else "",
    )


def _typed(part: Part) -> dict[str, Any]:
    """What was typed stands there again."""
    form = request.form
    several = {
        field.name: form.getlist(field.name)
        for field in part.fields
        if field.kind in ("extensions", "queues")
    }
    keys = list(zip(form.getlist("key_digit"), form.getlist("key_place"), strict=False))
    return {name: form.get(name, "") for name in form} | several | {"keys": keys}


def _form(  # noqa: PLR0917 (what one form shows)
    pbx: str,
    name: str,
    version: int,
    plan: PbxPlan,
    values: dict[str, Any],
    error: ProductError | None = None,
    *,
    key: str = "",
) -> str:
    with reading() as connection:
        users = user_queries.all(connection)
        calendars = hours_queries.all_calendars(connection)
        menus = {one.key: one.title for one in menu_queries.all_menus(connection)}
    known = [one.name for one in part_of(name).fields]
    field = error.field if error else ""
    if field == "number" and field not in known:  # of a phone it is the extension
        field = part_of(name).key
    return render_template(
        "pbx_plan/form.html",
        **frame(pbx, version),
        name=name,
        part=part_of(name),
        key=key,
        plan=plan,
        values=values,
        choices=choices_of(plan, users, calendars, menus),
        problem=problem_of(error) if error else "",
        problem_field=field if field in known else "",
    )
