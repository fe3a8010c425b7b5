"""What programs say of customers and organisations, as the services take it; and own fields, as a
program may see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from pydantic import BaseModel

from callcenter.customers.contacts import AddressDraft, ContactDraft, MembershipDraft
from callcenter.customers.customer import CustomerChanges, PhoneDraft
from callcenter.fields.definition import FieldDef, FieldObject, Value
from callcenter.fields.values import as_json
from callcenter.queries import fields as field_queries
from callcenter.rights.masking import mask_text
from callcenter.rights.objects import Object
from web.api.context import the_runtime, the_viewer

_LISTS: Mapping[str, Any] = {
    "phones": PhoneDraft,
    "contact_points": ContactDraft,
    "addresses": AddressDraft,
    "memberships": MembershipDraft,
}


def changes_of(body: BaseModel) -> CustomerChanges:
    """Only what the body names."""
    named = body.model_fields_set - {"version"}
    lists = {name: _drafts(body, name) for name in _LISTS if name in named}
    own = {"tags", "custom", *_LISTS}
    told = body.model_dump(include=named)
    fields = {name: value for name, value in told.items() if name not in own}
    return CustomerChanges(
        fields=fields,
        phones=lists.get("phones"),
        contacts=lists.get("contact_points"),
        addresses=lists.get("addresses"),
        memberships=lists.get("memberships"),
        tags=tuple(told["tags"]) if "tags" in named else None,
        custom=told["custom"] if "custom" in named else None,
    )


def addresses_of(body: BaseModel) -> tuple[AddressDraft, ...]:
    return cast("tuple[AddressDraft, ...]", _drafts(body, "addresses"))


def seen_custom(of: FieldObject, values: Mapping[str, Value]) -> dict[str, Any]:
    """As JSON; what the caller's role may not see is left out or masked."""
    if not values:
        return {}
    with the_runtime().reader() as connection:
        fields = field_queries.defs(connection, of)
    access = {field.key: _access(of, field) for field in fields}
    return {
        key: mask_text(str(as_json(value))) if access[key] == "masked" else as_json(value)
        for key, value in values.items()
        if access.get(key, "hidden") != "hidden"
    }


def _access(of: Object, field: FieldDef) -> str:
    return the_viewer().own_field(of, field.key, sensitive=field.sensitive)


def _drafts(body: BaseModel, name: str) -> tuple[Any, ...]:
    return tuple(_LISTS[name](**one.model_dump()) for one in getattr(body, name))
