"""/organizations: the firms that customers belong to."""

from __future__ import annotations

from typing import Any

from flask import Response

from callcenter.customers.organization import (
    OrganizationChanges,
    OrganizationDraft,
    SwitchboardDraft,
)
from callcenter.errors import Conflict
from callcenter.queries import organizations as queries
from callcenter.queries.organizations import OrganizationCard
from callcenter.services import organizations as services
from web.api.answers import answer, as_seen
from web.api.context import the_caller, the_runtime, the_viewer, today
from web.api.customer_bodies import addresses_of, seen_custom
from web.api.idempotency import idempotent
from web.api.operation import area, operation
from web.api.problems import not_found
from web.api.shapes import organizations as shapes
from web.api.shapes import people
from web.api.shapes.customers import Deleted
from web.api.versions import version_mismatch, wanted_version

api = area("organizations", "/organizations", "Firms that customers belong to.")
_LISTS = frozenset({"version", "phones", "addresses", "custom"})


@operation(api, "get", "", people.OrganizationPage)
def list_organizations(query: people.OrganizationQuery) -> Response:
    """Organisations by name"""
    with the_runtime().reader() as connection:
        page = queries.page(connection, query.q, query.cursor, query.limit, the_viewer())
    return answer(people.OrganizationPage, page)


@operation(api, "get", "/<organization_id>", shapes.OrganizationCard)
def get_organization(path: people.OrganizationPath) -> Response:
    """One organisation, whole"""
    return _card(path.organization_id)


@operation(api, "post", "", shapes.OrganizationCard, status=201)
@idempotent
def create_organization(body: shapes.OrganizationNew) -> Response:
    """A new organisation"""
    fields = body.model_dump(exclude=set(_LISTS))
    draft = OrganizationDraft(
        **fields, phones=_phones(body), addresses=addresses_of(body), custom=body.custom
    )
    organization_id = services.create_organization(draft, **_room())
    return _card(organization_id, status=201)


@operation(api, "patch", "/<organization_id>", shapes.OrganizationCard, problems=(412, 428))
def change_organization(path: people.OrganizationPath, body: shapes.OrganizationPatch) -> Response:
    """Change an organisation

    The version changed must be named: `If-Match` with the ETag read, or `version` in the body.
    """
    named = body.model_fields_set
    changes = OrganizationChanges(
        fields=body.model_dump(include=named - _LISTS),
        phones=_phones(body) if "phones" in named else None,
        addresses=addresses_of(body) if "addresses" in named else None,
        custom=body.custom if "custom" in named else None,
    )
    version = wanted_version(_read(path.organization_id).version, body.version)
    try:
        services.update_organization(path.organization_id, changes, version=version, **_room())
    except Conflict as conflict:
        if conflict.field != "version":
            raise
        raise version_mismatch(_read(path.organization_id).version) from conflict
    return _card(path.organization_id)


@operation(api, "delete", "/<organization_id>", Deleted)
def delete_organization(path: people.OrganizationPath) -> Response:
    """Put an organisation away

    Its people stay.
    """
    room = _room()
    del room["plan"]
    services.delete_organization(path.organization_id, **room)
    return answer(Deleted, {"id": path.organization_id, "deleted": True})


def _phones(
    body: shapes.OrganizationNew | shapes.OrganizationPatch,
) -> tuple[SwitchboardDraft, ...]:
    return tuple(SwitchboardDraft(number=one.number, label=one.label) for one in body.phones)


def _room() -> dict[str, Any]:
    runtime = the_runtime()
    return {
        "unit_of_work": runtime.unit_of_work,
        "clock": runtime.clock,
        "plan": runtime.settings.number_plan,
        "user_id": the_caller().user_id,
        "actor": "token",
    }


def _read(organization_id: int) -> OrganizationCard:
    with the_runtime().reader() as connection:
        found = queries.card(connection, organization_id, today(), the_viewer())
    if found is None:
        raise not_found(f"organization {organization_id}")
    return found


def _card(organization_id: int, status: int = 200) -> Response:
    found = _read(organization_id)
    headers = {"ETag": f'"{found.version}"'}
    if status == 201:
        headers["Location"] = f"/api/v1/organizations/{organization_id}"
    seen = as_seen(found)
    organization = seen.organization
    told = {
        **{name: getattr(organization, name) for name in people.Organization.model_fields},
        "phones": seen.phones,
        "addresses": seen.addresses,
        "custom": seen_custom("organization", found.custom),
        "members": [
            {
                "customer_id": one.brief.id,
                "display_name": one.brief.display_name,
                "role": one.role,
                "main": one.main,
            }
            for one in seen.people
            if one is not None and one.brief is not None
        ],
    }
    return answer(shapes.OrganizationCard, told, status=status, headers=headers)
