"""Web chats: their widgets, who is asked to take one, and when a visitor was last there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from callcenter.channels.conversation import Conversation
from callcenter.chats.offers import ChatOperator, OfferAnswer
from callcenter.chats.widget import Widget


class Chats(Protocol):
    def widgets(self) -> dict[str, Widget]:
        """By key; those out of use too."""
        ...

    def widget(self, key: str) -> Widget | None: ...

    def save_widget(self, widget: Widget) -> None:
        """A new one, or the one of that key as it is now."""
        ...

    def operators(self, now: datetime) -> tuple[ChatOperator, ...]:
        """Everybody who is at work."""
        ...

    def offered(self, conversation_id: int, user_id: int, at: datetime) -> None: ...

    def answered(self, conversation_id: int, answer: OfferAnswer, at: datetime) -> None:
        """What became of the offer that stands; nothing if none does."""
        ...

    def refused(self, conversation_id: int, user_id: int, at: datetime) -> None:
        """They are left in peace by this chat for a while, though nobody asked them."""
        ...

    def refusals(
        self, conversation_ids: Sequence[int], since: datetime
    ) -> dict[int, Mapping[int, datetime]]:
        """Conversation → who let it go, and when last."""
        ...

    def stale_offers(self) -> tuple[int, ...]:
        """Conversations with an offer that stands, though nobody is asked any more."""
        ...

    def seen(self, conversation_id: int, at: datetime) -> None: ...

    def unseen_since(self, moment: datetime, limit: int) -> tuple[tuple[int, datetime], ...]:
        """(conversation, when its visitor was last there), the longest away first."""
        ...

    def forget_visit(self, conversation_id: int) -> None: ...

    def of_visitor(self, visitor: str) -> Conversation | None:
        """Their newest."""
        ...

    def belongs_to(
        self,
        conversation_id: int,
        customer_id: int | None,
        candidates: Iterable[int],
        number: str = "",
    ) -> bool:
        """Whose it is, told after it began, and their number (E.164). False: somebody of ours has
        chosen whose it is, and that stays."""
        ...

    def file_of(self, file_id: int, conversation: Conversation) -> None:
        """A file is that conversation's from now on, and its customer's."""
        ...
