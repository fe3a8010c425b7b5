"""/fields: the company's own fields, and the choices of status and segment."""

from __future__ import annotations

from flask import Response

from callcenter.fields.definition import Choice, FieldDef, FieldDraft
from callcenter.queries import fields as queries
from callcenter.services import fields as services
from web.api.answers import answer
from web.api.context import the_caller, the_runtime
from web.api.idempotency import idempotent
from web.api.lists import page_of
from web.api.operation import ADMINS, area, operation
from web.api.problems import not_found
from web.api.shapes import about as shapes

api = area("fields", "/fields", "Fields that a company gives its records by itself.")


@operation(api, "get", "", shapes.CustomFieldPage)
def list_fields(query: shapes.CustomFieldQuery) -> Response:
    """All fields, those that are put away as well"""
    with the_runtime().reader() as connection:
        found = [one for one in queries.every(connection) if query.object in (None, one.object)]
    return answer(shapes.CustomFieldPage, page_of(found, lambda one: one.id, query))


@operation(api, "post", "", shapes.CustomField, roles=ADMINS, status=201)
@idempotent
def create_field(body: shapes.CustomFieldIn) -> Response:
    """A new field"""
    values = body.model_dump(exclude={"choices"})
    draft = FieldDraft(**values, choices=_choices(body.choices))
    return _field(services.add_field(draft, _room(), user_id=the_caller().user_id), status=201)


@operation(api, "patch", "/<field_id>", shapes.CustomField, roles=ADMINS)
def change_field(path: shapes.FieldPath, body: shapes.CustomFieldPatch) -> Response:
    """Change a field, put it away or use it again"""
    stored = _read(path.field_id)
    user_id = the_caller().user_id
    if body.active is not None and body.active != stored.active:
        services.set_active(path.field_id, body.active, _room(), user_id=user_id)
    draft = FieldDraft(
        object=stored.object,
        key=stored.key,
        kind=stored.kind,
        currency=stored.currency,
        label=body.label if body.label is not None else stored.label,
        labels=body.labels if body.labels is not None else stored.labels,
        choices=_choices(body.choices) if body.choices is not None else stored.choices,
        required=body.required if body.required is not None else stored.required,
        sensitive=body.sensitive if body.sensitive is not None else stored.sensitive,
    )
    services.change_field(path.field_id, draft, _room(), user_id=user_id)
    return _field(path.field_id)


def _choices(told: list[shapes.ChoiceIn]) -> tuple[Choice, ...]:
    return tuple(Choice(key=one.key, label=one.label, labels=one.labels) for one in told)


def _read(field_id: int) -> FieldDef:
    with the_runtime().reader() as connection:
        found = queries.get(connection, field_id)
    if found is None:
        raise not_found(f"field {field_id}")
    return found


def _field(field_id: int, status: int = 200) -> Response:
    return answer(shapes.CustomField, _read(field_id), status=status)


def _room() -> services.FieldRoom:
    runtime = the_runtime()
    return services.FieldRoom(unit_of_work=runtime.unit_of_work, clock=runtime.clock)
