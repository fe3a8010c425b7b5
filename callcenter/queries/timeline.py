"""Everything that happened with a customer, in one list over all channels: calls, mails, short
messages, chats and meetings (each an interaction), notes on the card, documents, tasks done.

Each source is asked for its next few along its own index; the merged list is cut where the page
ends. The cursor names the last entry shown, whatever its source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    and_,
    false,
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)

from callcenter.channels.words import asked
from callcenter.queries import archived, full_text, interaction_rows
from callcenter.queries.conversations import AttachmentView
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.views import InteractionView, NoteView, UserRef
from callcenter.queries.visibility import interactions_seen_by, tasks_seen_by
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import merged
from callcenter.store.repositories.base import chunks
from callcenter.store.sets import among
from callcenter.store.tables import (
    conversations,
    files,
    interactions,
    meetings,
    messages,
    notes,
    tasks,
    users,
)

Kind = Literal["interaction", "note", "document", "task"]
CHANNELS = ("call", "email", "sms", "chat", "meeting")
KINDS = (*CHANNELS, "note", "document", "task")
_RANK: dict[str, int] = {"interaction": 3, "note": 2, "document": 1, "task": 0}
_LATEST = (interactions.c.started_at.desc(), interactions.c.id.desc())
_LAST_ID = 2**62
_DONE = tasks.c.state == literal_column("'done'")  # as the index has it


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineFilters:
    """`kinds`: none asks for all. `text`: words written in it; `person`: who of ours did it."""

    customer_id: int
    kinds: frozenset[str] = frozenset()
    person: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    viewer: Viewer = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One of `interaction`, `note`, `document` and `task` is there."""

    kind: Kind
    id: int
    at: datetime
    interaction: InteractionView | None = None
    said: str = ""
    """The newest words of a conversation, a meeting's notes."""
    note: NoteView | None = None
    document: AttachmentView | None = None
    title: str = ""
    user: UserRef | None = None


def page(
    connection: Connection,
    filters: TimelineFilters,
    cursor: str | None = None,
    limit: int = 50,
    today: date | None = None,
) -> Page[TimelineEntry]:
    limit = bounded(limit)
    after = decode_cursor(cursor, datetime, int, int) if cursor else None
    found: list[TimelineEntry] = []
    for kind, source in _sources(filters):
        found += source(connection, filters, _Cut(kind, after, limit + 1), today)
    found.sort(key=lambda one: (one.at, _RANK[one.kind], one.id), reverse=True)
    if len(found) <= limit:
        return Page(tuple(found))
    last = found[limit - 1]
    return Page(tuple(found[:limit]), encode_cursor(last.at, _RANK[last.kind], last.id))


@dataclass(frozen=True, slots=True)
class _Cut:
    """From where on, and how many."""

    kind: Kind
    after: tuple[datetime, int, int] | None
    limit: int

    def contact(self) -> tuple[datetime, int] | None:
        """The place after which contacts go on: before everything that began when the last did,
        where that ranks lower."""
        if self.after is None:
            return None
        moment, rank, last = self.after
        if _RANK[self.kind] == rank:
            return moment, last
        return (moment, _LAST_ID) if _RANK[self.kind] < rank else (moment, 0)

    def of(self, query: Select[Any], at: Column[Any], key: Column[Any]) -> Select[Any]:
        query = query.order_by(at.desc(), key.desc()).limit(self.limit)
        if self.after is None:
            return query
        moment, rank, last = self.after
        if _RANK[self.kind] == rank:
            return query.where(tuple_(at, key) < (moment, last))
        return query.where(at <= moment if _RANK[self.kind] < rank else at < moment)


_Source = Callable[[Connection, TimelineFilters, _Cut, date | None], Iterable[TimelineEntry]]


def _sources(filters: TimelineFilters) -> Iterable[tuple[Kind, _Source]]:
    wanted = filters.kinds
    if not wanted or wanted & set(CHANNELS):
        yield "interaction", _interactions
    if not wanted or "note" in wanted:
        yield "note", _notes
    if not wanted or "document" in wanted:
        yield "document", _documents
    if not wanted or "task" in wanted:
        yield "task", _tasks


def _interactions(
    connection: Connection, filters: TimelineFilters, cut: _Cut, today: date | None
) -> Iterable[TimelineEntry]:
    columns = interactions.c
    query = (
        interaction_rows.newest_first()
        .order_by(None)
        .where(
            columns.customer_id == filters.customer_id,
            *interactions_seen_by(filters.viewer),
            *_within(filters, columns.started_at, columns.operator_id),
        )
    )
    channels = sorted(filters.kinds & set(CHANNELS))
    if channels:
        query = query.where(columns.channel.in_(channels))
    if filters.text:
        query = query.where(_said_in(connection, filters.customer_id, filters.text))
    old = archived.Asked(
        conditions=lambda: _archived(connection, filters),
        viewer=filters.viewer,
        since=filters.since,
        until=filters.until,
        of_one=True,
        walk=archived.of_customer(connection, filters.customer_id),
    )
    day = today or datetime.now(UTC).date()
    views = archived.newest(
        connection, query.order_by(*_LATEST), old, cut.contact(), cut.limit, day
    )
    said = _said(connection, [one.id for one in views if one.channel != "call"])
    return [
        TimelineEntry(
            kind="interaction",
            id=one.id,
            at=one.started_at,
            interaction=one,
            said=said.get(one.id, ""),
            user=one.operator,
        )
        for one in views
    ]


def _archived(connection: Connection, filters: TimelineFilters) -> list[ColumnElement[bool]]:
    """What is asked of archived contacts: calls, whose words are those of their notes."""
    columns = interactions.c
    ids = [filters.customer_id, *merged.absorbed(connection, filters.customer_id)]
    asked_for: list[ColumnElement[bool]] = [columns.customer_id.in_(ids)]
    asked_for += _within(filters, columns.started_at, columns.operator_id)
    channels = sorted(filters.kinds & set(CHANNELS))
    if channels:
        asked_for.append(columns.channel.in_(channels))
    if filters.text:
        words = [
            literal(" ").concat(notes.c.words).contains(f" {one}", autoescape=True)
            for one in asked(filters.text)
        ]
        noted = select(notes.c.interaction_id).where(*words)
        asked_for.append(columns.id.in_(noted) if words else false())
    return asked_for


def _said_in(connection: Connection, customer_id: int, text: str) -> ColumnElement[bool]:
    """In a note on it, a message of it, or the meeting it was. Each is looked for among what is the
    customer's, along its index: a common word is in half of all there is."""
    of_note = full_text.holds(connection, notes, text)
    of_message = full_text.holds(connection, messages, text)
    of_meeting = full_text.holds(connection, meetings, text)
    if of_note is None or of_message is None or of_meeting is None:
        return false()
    theirs = interactions.alias("theirs")
    noted = (
        select(notes.c.interaction_id)
        .join(theirs, theirs.c.id == notes.c.interaction_id)
        .where(theirs.c.customer_id == customer_id, of_note)
    )
    written = (
        select(conversations.c.interaction_id)
        .join(messages, messages.c.conversation_id == conversations.c.id)
        .where(conversations.c.customer_id == customer_id, of_message)
    )
    met = select(meetings.c.interaction_id).where(meetings.c.customer_id == customer_id, of_meeting)
    key = interactions.c.id
    return or_(key.in_(noted), key.in_(written), key.in_(met))


def _said(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in chunks(ids):
        columns = conversations.c
        last = select(columns.interaction_id, columns.last_text).where(
            among(connection, columns.interaction_id, part)
        )
        found |= {row[0]: row[1] for row in connection.execute(last)}
        told = select(meetings.c.interaction_id, meetings.c.place, meetings.c.notes).where(
            among(connection, meetings.c.interaction_id, part)
        )
        found |= {
            row[0]: "\n".join(filter(None, (row[1], row[2]))) for row in connection.execute(told)
        }
    return found


def _notes(
    connection: Connection, filters: TimelineFilters, cut: _Cut, _today: date | None
) -> Iterable[TimelineEntry]:
    columns = notes.c
    query = (
        select(notes, users.c.display_name)
        .join(users, users.c.id == columns.author_id)
        .where(
            columns.customer_id == filters.customer_id,
            columns.interaction_id.is_(None),
            *_within(filters, columns.created_at, columns.author_id),
        )
    )
    said = full_text.holds(connection, notes, filters.text) if filters.text else true()
    rows = connection.execute(
        cut.of(query.where(false() if said is None else said), columns.created_at, columns.id)
    )
    return [
        TimelineEntry(
            kind="note",
            id=row.id,
            at=row.created_at,
            note=NoteView(
                id=row.id,
                text=row.text,
                author=UserRef(id=row.author_id, display_name=row.display_name),
                created_at=row.created_at,
                updated_at=row.updated_at,
                customer_id=row.customer_id,
            ),
            user=UserRef(id=row.author_id, display_name=row.display_name),
        )
        for row in rows
    ]


def _documents(
    connection: Connection, filters: TimelineFilters, cut: _Cut, _today: date | None
) -> Iterable[TimelineEntry]:
    """Those put onto the card by hand; what a mail brought stands with the mail."""
    if filters.viewer.scope("file", "read") == "none":
        return []
    columns = files.c
    query = (
        select(files, users.c.display_name)
        .outerjoin(users, users.c.id == columns.uploaded_by)
        .where(
            columns.customer_id == filters.customer_id,
            columns.interaction_id.is_(None),
            columns.deleted_at.is_(None),
            *_within(filters, columns.created_at, columns.uploaded_by),
            *_named(columns.name, filters.text),
        )
    )
    return [
        TimelineEntry(
            kind="document",
            id=row.id,
            at=row.created_at,
            document=AttachmentView(
                id=row.id, name=row.name, media_type=row.media_type, size=row.size
            ),
            user=_user(row.uploaded_by, row.display_name),
        )
        for row in connection.execute(cut.of(query, columns.created_at, columns.id))
    ]


def _tasks(
    connection: Connection, filters: TimelineFilters, cut: _Cut, _today: date | None
) -> Iterable[TimelineEntry]:
    columns = tasks.c
    query = (
        select(columns.id, columns.title, columns.done_at, columns.done_by, users.c.display_name)
        .outerjoin(users, users.c.id == columns.done_by)
        .where(
            _DONE,
            columns.customer_id == filters.customer_id,
            columns.done_at.is_not(None),
            *tasks_seen_by(filters.viewer),
            *_within(filters, columns.done_at, columns.done_by),
            *_named(columns.title, filters.text),
        )
    )
    return [
        TimelineEntry(
            kind="task",
            id=row.id,
            at=row.done_at,
            title=row.title,
            user=_user(row.done_by, row.display_name),
        )
        for row in connection.execute(cut.of(query, columns.done_at, columns.id))
    ]


def _within(
    filters: TimelineFilters, at: Column[Any], who: Column[Any]
) -> list[ColumnElement[bool]]:
    asked_for: list[ColumnElement[bool]] = []
    if filters.since is not None:
        asked_for.append(at >= filters.since)
    if filters.until is not None:
        asked_for.append(at < filters.until)
    if filters.person is not None:
        asked_for.append(who == filters.person)
    return asked_for


def _named(name: Column[Any], text: str) -> list[ColumnElement[bool]]:
    """A customer has few of these: they are looked through, letter by letter."""
    if not text:
        return []
    words = asked(text)
    return (
        [and_(*(name.icontains(word, autoescape=True) for word in words))] if words else [false()]
    )


def _user(user_id: int | None, name: str | None) -> UserRef | None:
    return UserRef(id=user_id, display_name=name or "") if user_id is not None else None
