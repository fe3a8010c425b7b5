"""How each PBX link stands, as its listener last reported."""

from __future__ import annotations

from sqlalchemy import Connection, select

from callcenter.queries.views import PbxLink
from callcenter.store.tables import pbx_links


def links(connection: Connection) -> list[PbxLink]:
    query = select(pbx_links).order_by(pbx_links.c.pbx)
    return [PbxLink(**row._mapping) for row in connection.execute(query)]
