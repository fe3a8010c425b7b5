"""Keeps versions of the routing rules. That there is one live and one draft at most is the
database's word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from callcenter.routing.rules import Rule, rules_to_json
from callcenter.routing.versions import RulesVersion
from callcenter.store import routing_rows
from callcenter.store.tables import routing_versions
from callcenter.store.text import clip, text_limits

_NOTE_LENGTH = text_limits(routing_versions)["note"]


class RoutingRulesRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def live(self) -> RulesVersion | None:
        return routing_rows.in_state(self._connection, routing_rows.LIVE)

    def draft(self) -> RulesVersion | None:
        return routing_rows.in_state(self._connection, routing_rows.DRAFT)

    def by_number(self, number: int) -> RulesVersion | None:
        return routing_rows.by_number(self._connection, number)

    def add_live(
        self, rules: Sequence[Rule], user_id: int | None, at: datetime, note: str = ""
    ) -> int:
        """The next number, live from now on; what was live is past. Returns the number."""
        self._retire()
        number = self._next_number()
        self._connection.execute(
            routing_versions.insert().values(
                number=number,
                state="live",
                rules=rules_to_json(rules),
                note=clip(note, _NOTE_LENGTH),
                created_by=user_id,
                created_at=at,
                published_by=user_id,
                published_at=at,
            )
        )
        return number

    def add_draft(
        self, rules: Sequence[Rule], base_id: int | None, user_id: int | None, at: datetime
    ) -> None:
        self._connection.execute(
            routing_versions.insert().values(
                state="draft",
                rules=rules_to_json(rules),
                base_id=base_id,
                created_by=user_id,
                created_at=at,
            )
        )

    def save_draft(self, rules: Sequence[Rule], stamp: int) -> bool:
        """False when somebody else wrote it meanwhile."""
        return bool(
            self._connection.execute(
                update(routing_versions)
                .where(
                    routing_versions.c.state == routing_rows.DRAFT,
                    routing_versions.c.stamp == stamp,
                )
                .values(rules=rules_to_json(rules), stamp=stamp + 1)
            ).rowcount
        )

    def discard_draft(self) -> bool:
        draft = routing_versions.c.state == routing_rows.DRAFT
        return bool(self._connection.execute(delete(routing_versions).where(draft)).rowcount)

    def publish_draft(self, stamp: int, user_id: int | None, at: datetime, note: str) -> int | None:
        """The number it got; None when the draft is not the one that was looked at."""
        self._retire()
        number = self._next_number()
        published = self._connection.execute(
            update(routing_versions)
            .where(
                routing_versions.c.state == routing_rows.DRAFT,
                routing_versions.c.stamp == stamp,
            )
            .values(
                state="live",
                number=number,
                published_by=user_id,
                published_at=at,
                note=clip(note, _NOTE_LENGTH),
            )
        )
        return number if published.rowcount else None

    def _retire(self) -> None:
        self._connection.execute(
            update(routing_versions)
            .where(routing_versions.c.state == routing_rows.LIVE)
            .values(state="past")
        )

    def _next_number(self) -> int:
        highest = select(func.max(routing_versions.c.number))
        return (self._connection.scalar(highest) or 0) + 1
