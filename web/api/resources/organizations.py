"""/organizations: the firms that customers belong to."""

from __future__ import annotations

from flask import Response

from callcenter.queries import organizations as queries
from web.api.answers import answer
from web.api.context import the_runtime
from web.api.operation import area, operation
from web.api.problems import not_found
from web.api.shapes import people as shapes

api = area("organizations", "/organizations", "Firms that customers belong to.")


@operation(api, "get", "", shapes.OrganizationPage)
def list_organizations(query: shapes.OrganizationQuery) -> Response:
    """Organisations by name"""
    with the_runtime().reader() as connection:
        page = queries.page(connection, query.q, query.cursor, query.limit)
    return answer(shapes.OrganizationPage, page)


@operation(api, "get", "/<organization_id>", shapes.Organization)
def get_organization(path: shapes.OrganizationPath) -> Response:
    """One organisation"""
    with the_runtime().reader() as connection:
        found = queries.get(connection, path.organization_id)
    if found is None:
        raise not_found(f"organization {path.organization_id}")
    return answer(shapes.Organization, found)
