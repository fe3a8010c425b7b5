"""What customers allowed or forbade, the newest first."""

from __future__ import annotations

from sqlalchemy import Connection, select

from callcenter.customers.consents import Consent
from callcenter.store.tables import consents, users

_MOST = 200


def of_customer(connection: Connection, customer_id: int) -> tuple[Consent, ...]:
    query = (
        select(consents, users.c.display_name.label("user_name"))
        .select_from(consents.outerjoin(users, users.c.id == consents.c.user_id))
        .where(consents.c.customer_id == customer_id)
        .order_by(consents.c.at.desc(), consents.c.id.desc())
        .limit(_MOST)
    )
    return tuple(
        Consent(**{**row._mapping, "user_name": row.user_name or ""})
        for row in connection.execute(query)
    )
