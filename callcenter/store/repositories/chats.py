"""Keeps chat widgets, whom a chat was offered to, and when its visitor was last there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, delete, func, not_, select, update

from callcenter.channels.conversation import Conversation
from callcenter.chats.offers import ChatOperator, OfferAnswer
from callcenter.chats.widget import Widget
from callcenter.store import chat_rows
from callcenter.store.repositories import bulk
from callcenter.store.repositories.base import insert
from callcenter.store.repositories.conversations import OFFERED
from callcenter.store.sets import among
from callcenter.store.tables import (
    chat_offers,
    chat_visits,
    chat_widgets,
    conversations,
    files,
    interaction_candidates,
    interactions,
)

_STANDS: Final = chat_offers.c.ended_at.is_(None)


class ChatRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def widgets(self) -> dict[str, Widget]:
        return chat_rows.widgets(self._connection)

    def widget(self, key: str) -> Widget | None:
        return chat_rows.widget(self._connection, key)

    def save_widget(self, widget: Widget) -> None:
        row = {**asdict(widget), "origins": list(widget.origins)}
        statement = insert(self._connection, chat_widgets).values(row)
        del row["key"]
        self._connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=row))

    def operators(self, now: datetime) -> tuple[ChatOperator, ...]:
        return chat_rows.operators(self._connection, now)

    # --- offers -----------------------------------------------------------------------------------

    def offered(self, conversation_id: int, user_id: int, at: datetime) -> None:
        self.answered(conversation_id, "withdrawn", at)
        row = {"conversation_id": conversation_id, "user_id": user_id, "offered_at": at}
        self._connection.execute(chat_offers.insert().values(row))

    def answered(self, conversation_id: int, answer: OfferAnswer, at: datetime) -> None:
        self._connection.execute(
            update(chat_offers)
            .where(chat_offers.c.conversation_id == conversation_id, _STANDS)
            .values(ended_at=at, answer=answer)
        )

    def refused(self, conversation_id: int, user_id: int, at: datetime) -> None:
        row = {"conversation_id": conversation_id, "user_id": user_id, "offered_at": at}
        self._connection.execute(
            chat_offers.insert().values({**row, "ended_at": at, "answer": "declined"})
        )

    def refusals(
        self, conversation_ids: Sequence[int], since: datetime
    ) -> dict[int, Mapping[int, datetime]]:
        columns = chat_offers.c
        query = (
            select(columns.conversation_id, columns.user_id, func.max(columns.ended_at))
            .where(
                among(self._connection, columns.conversation_id, list(conversation_ids)),
                columns.answer.in_(("declined", "timeout")),
                columns.ended_at > since,
            )
            .group_by(columns.conversation_id, columns.user_id)
        )
        found: dict[int, dict[int, datetime]] = {}
        for conversation_id, user_id, at in self._connection.execute(query):
            found.setdefault(conversation_id, {})[user_id] = at
        return {**found}

    def stale_offers(self) -> tuple[int, ...]:
        stands = and_(OFFERED, conversations.c.offered_to == chat_offers.c.user_id)
        query = (
            select(chat_offers.c.conversation_id)
            .join(conversations, conversations.c.id == chat_offers.c.conversation_id)
            .where(_STANDS, not_(func.coalesce(stands, False)))
        )
        return tuple(self._connection.scalars(query))

    # --- visitors ---------------------------------------------------------------------------------

    def seen(self, conversation_id: int, at: datetime) -> None:
        row = {"conversation_id": conversation_id, "seen_at": at}
        statement = insert(self._connection, chat_visits).values(row)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["conversation_id"], set_={"seen_at": at}
            )
        )

    def unseen_since(self, moment: datetime, limit: int) -> tuple[tuple[int, datetime], ...]:
        columns = chat_visits.c
        query = select(columns.conversation_id, columns.seen_at).where(columns.seen_at <= moment)
        query = query.order_by(columns.seen_at).limit(limit)
        return tuple((row[0], row[1]) for row in self._connection.execute(query))

    def forget_visit(self, conversation_id: int) -> None:
        gone = delete(chat_visits).where(chat_visits.c.conversation_id == conversation_id)
        self._connection.execute(gone)

    def of_visitor(self, visitor: str) -> Conversation | None:
        return chat_rows.of_visitor(self._connection, visitor)

    def file_of(self, file_id: int, conversation: Conversation) -> None:
        self._connection.execute(
            update(files)
            .where(files.c.id == file_id)
            .values(
                interaction_id=conversation.interaction_id, customer_id=conversation.customer_id
            )
        )

    def belongs_to(
        self,
        conversation_id: int,
        customer_id: int | None,
        candidates: Iterable[int],
        number: str = "",
    ) -> bool:
        query = (
            select(interactions.c.id)
            .join(conversations, conversations.c.interaction_id == interactions.c.id)
            .where(conversations.c.id == conversation_id, interactions.c.match != "chosen")
        )
        interaction_id = self._connection.scalar(query)
        if interaction_id is None:
            return False
        several = sorted(set(candidates)) if customer_id is None else []
        match = "one" if customer_id is not None else "several" if several else "none"
        told = {"number": number, "number_kind": "e164"} if number else {}
        run = self._connection.execute
        run(
            update(interactions)
            .where(interactions.c.id == interaction_id)
            .values(customer_id=customer_id, match=match, **told)
        )
        old = interaction_candidates.c.interaction_id == interaction_id
        run(delete(interaction_candidates).where(old))
        rows = [{"interaction_id": interaction_id, "customer_id": one} for one in several]
        bulk.insert_missing(self._connection, interaction_candidates, rows)
        return True
