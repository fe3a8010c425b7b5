"""Takes persons out of tables, as `callcenter.privacy.coverage` says. To be run inside an erasure's
transaction, while the card is still there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    String,
    cast,
    delete,
    func,
    or_,
    select,
    update,
)

from callcenter.ports.erasures import Person
from callcenter.privacy.coverage import SCRUBBED
from callcenter.store.repositories.base import chunks
from callcenter.store.sets import among
from callcenter.store.tables import (
    attachments,
    changes,
    chat_visits,
    contact_points,
    conversations,
    custom_fields,
    custom_values,
    customer_words,
    customers,
    doomed_files,
    duplicate_pairs,
    exports,
    external_ids,
    files,
    imports,
    meetings,
    merges,
    messages,
    metadata,
    name_variants,
    name_words,
    phone_numbers,
    webhook_deliveries,
)

# Rows that are a person's by a column of their own; others need looking for.
_BY_CUSTOMER: Final = (
    "archive_contacts",
    "archive_calls",
    "contact_points",
    "addresses",
    "memberships",
    "customer_tags",
    "consents",
    "caller_pins",
    "identifications",
    "interaction_candidates",
    "notes",
    "visits",
    "customer_figures",
    "segment_members",
    "bulk_targets",
    "duplicate_keys",
    "meetings",
)
_MOST_LOSERS: Final = 1000


def with_merged(connection: Connection, customer_id: int) -> list[int]:
    """The card, and every card that was joined into it."""
    found, asked = [customer_id], [customer_id]
    while asked and len(found) < _MOST_LOSERS:
        query = select(customers.c.id).where(among(connection, customers.c.merged_into, asked))
        asked = [one for one in connection.scalars(query) if one not in found]
        found += asked
    return found


def person(connection: Connection, customer_id: int) -> Person | None:
    """None where there is no such card (any more)."""
    ids = with_merged(connection, customer_id)
    cards = {
        row.id: row
        for row in connection.execute(
            select(customers).where(among(connection, customers.c.id, ids))
        )
    }
    card = cards.get(customer_id)
    if card is None or card.deleted_at is not None:
        return None
    former = _former_names(connection, ids)
    return Person(
        ids=tuple(ids),
        name=card.display_name,
        e164s=tuple(_numbers(connection, ids)),
        points=tuple(own_points(connection, ids)),
        external_ids=tuple(_external_ids(connection, ids)),
        names=tuple(sorted({name for row in cards.values() for name in _names(row)} | former)),
        hold=next((row.legal_hold for row in cards.values() if row.legal_hold), ""),
    )


def _names(row: Any) -> Iterator[str]:
    """As people write them."""
    yield row.display_name
    if row.given_name and row.family_name:
        yield f"{row.given_name} {row.family_name}"
        yield f"{row.family_name} {row.given_name}"


def _former_names(connection: Connection, ids: Sequence[int]) -> set[str]:
    """What they were called before: others may have written of them under it."""
    told = among(connection, changes.c.object_id, [str(one) for one in ids])
    query = select(changes.c.fields).where(changes.c.object_type == "customer", told)
    return {
        name
        for fields in connection.scalars(query)
        for name in fields.get("display_name") or ()
        if name
    }


def _numbers(connection: Connection, ids: Sequence[int]) -> list[str]:
    """That no living card of anybody else has."""
    other, owner = phone_numbers.alias(), customers.alias()
    shared = (
        select(other.c.id)
        .join(owner, owner.c.id == other.c.customer_id)
        .where(
            other.c.e164 == phone_numbers.c.e164,
            owner.c.deleted_at.is_(None),
            ~among(connection, other.c.customer_id, ids),
        )
        .exists()
    )
    query = select(phone_numbers.c.e164).where(
        among(connection, phone_numbers.c.customer_id, ids), ~shared
    )
    return sorted(set(connection.scalars(query)))


def _external_ids(connection: Connection, ids: Sequence[int]) -> list[str]:
    query = select(external_ids.c.external_id).where(
        external_ids.c.object == "customers", among(connection, external_ids.c.object_id, ids)
    )
    return sorted(connection.scalars(query))


def forget_numbers(connection: Connection, ids: Sequence[int]) -> None:
    """Last of all: others are compared with them until then."""
    theirs = among(connection, phone_numbers.c.customer_id, ids)
    connection.execute(delete(phone_numbers).where(theirs))


def own_points(connection: Connection, ids: Sequence[int]) -> list[tuple[str, str]]:
    """(kind, folded value) of mails and messengers that nobody else has."""
    other = contact_points.alias()
    shared = (
        select(other.c.id)
        .where(
            other.c.kind == contact_points.c.kind,
            other.c.value_key == contact_points.c.value_key,
            ~among(connection, other.c.customer_id, ids),
        )
        .exists()
    )
    query = select(contact_points.c.kind, contact_points.c.value_key).where(
        among(connection, contact_points.c.customer_id, ids), ~shared
    )
    return sorted({(row.kind, row.value_key) for row in connection.execute(query)})


def forget_conversations(
    connection: Connection, ids: Sequence[int], addresses: Sequence[str], at: datetime
) -> list[int]:
    """What was written goes; that there was a conversation stays. Their interactions."""
    table = conversations.c
    theirs = _conversations_of(connection, ids, addresses)
    rows = connection.execute(select(table.id, table.interaction_id).where(theirs)).all()
    forget_written(connection, [row.id for row in rows], at)
    return [row.interaction_id for row in rows if row.interaction_id is not None]


def received(connection: Connection, ids: Sequence[int], addresses: Sequence[str]) -> list[str]:
    """By which ids the messages are known that came in their conversations."""
    theirs = select(conversations.c.id).where(_conversations_of(connection, ids, addresses))
    query = select(messages.c.external_id).where(
        messages.c.conversation_id.in_(theirs),
        messages.c.direction == "in",
        messages.c.external_id.is_not(None),
    )
    return sorted(connection.scalars(query))


def _conversations_of(
    connection: Connection, ids: Sequence[int], addresses: Sequence[str]
) -> ColumnElement[bool]:
    table = conversations.c
    return or_(
        among(connection, table.customer_id, ids), among(connection, table.address, addresses)
    )


def forget_written(
    connection: Connection,
    conversation_ids: Sequence[int],
    at: datetime,
    *,
    keep_customer: bool = False,
) -> None:
    """`keep_customer`: it stays known with whom it was."""
    table = conversations.c
    whose = {} if keep_customer else {"customer_id": None}
    for part in chunks(conversation_ids):
        written = select(messages.c.id).where(among(connection, messages.c.conversation_id, part))
        attached = select(attachments.c.file_id).where(attachments.c.message_id.in_(written))
        doom_files(connection, list(connection.scalars(attached)), at)
        connection.execute(delete(messages).where(messages.c.id.in_(written)))
        visits = among(connection, chat_visits.c.conversation_id, part)
        connection.execute(delete(chat_visits).where(visits))
        connection.execute(
            update(conversations)
            .where(among(connection, table.id, part))
            .values(
                **whose,
                address="",
                subject="",
                thread_key="",
                last_text="",
                visitor={},
                unread=0,
                state="closed",
                closed_at=func.coalesce(table.closed_at, at),
            )
        )


def forget_people(
    connection: Connection, ids: Sequence[int], interaction_ids: Sequence[int], at: datetime
) -> None:
    """All rows of these customers but their cards, and the bytes behind them."""
    _forget_files(connection, ids, interaction_ids, at)
    _forget_words(connection, ids)
    _forget_changes(connection, ids, interaction_ids)
    for name in _BY_CUSTOMER:
        table = metadata.tables[name]
        connection.execute(delete(table).where(among(connection, table.c.customer_id, ids)))
    for part in chunks(sorted(interaction_ids)):
        connection.execute(
            delete(meetings).where(among(connection, meetings.c.interaction_id, part))
        )
    fields = select(custom_fields.c.id).where(custom_fields.c.object == "customer")
    own = among(connection, custom_values.c.object_id, ids)
    connection.execute(delete(custom_values).where(own, custom_values.c.field_id.in_(fields)))
    known = among(connection, external_ids.c.object_id, ids)
    connection.execute(delete(external_ids).where(external_ids.c.object == "customers", known))
    for table, columns in (
        (duplicate_pairs, (duplicate_pairs.c.a_id, duplicate_pairs.c.b_id)),
        (merges, (merges.c.survivor_id, merges.c.loser_id)),
    ):
        found = or_(*(among(connection, column, ids) for column in columns))
        connection.execute(delete(table).where(found))


def _forget_files(
    connection: Connection, ids: Sequence[int], interaction_ids: Sequence[int], at: datetime
) -> None:
    query = select(files.c.id).where(among(connection, files.c.customer_id, ids))
    found = set(connection.scalars(query))
    for part in chunks(sorted(interaction_ids)):
        query = select(files.c.id).where(among(connection, files.c.interaction_id, part))
        found |= set(connection.scalars(query))
    doom_files(connection, sorted(found), at)


def doom_files(connection: Connection, file_ids: Sequence[int], at: datetime) -> None:
    """The rows go now, the bytes after the commit; bytes that another row shares stay."""
    for part in chunks(sorted(set(file_ids))):
        these = among(connection, files.c.id, part)
        names = list(connection.scalars(select(files.c.stored_as).where(these)))
        connection.execute(
            delete(attachments).where(among(connection, attachments.c.file_id, part))
        )
        connection.execute(delete(files).where(these))
        query = select(files.c.stored_as).where(among(connection, files.c.stored_as, names))
        shared = set(connection.scalars(query))
        doom(connection, "file", [one for one in names if one not in shared], at)


def doom(connection: Connection, kind: str, names: Iterable[str], at: datetime) -> None:
    rows = [{"kind": kind, "stored_as": one, "at": at} for one in sorted(set(names)) if one]
    if rows:
        connection.execute(doomed_files.insert(), rows)


def doom_transfers(connection: Connection, at: datetime) -> None:
    """Files that were given out or taken in may hold anybody; they can be made and sent anew."""
    for table, kind, states in (
        (exports, "export", ("done", "failed")),
        (imports, "import", ("done", "failed", "undone")),
    ):
        over = (table.c.state.in_(states), table.c.stored_as != "")
        doom(connection, kind, connection.scalars(select(table.c.stored_as).where(*over)), at)
        connection.execute(update(table).where(*over).values(stored_as=""))


def _forget_words(connection: Connection, ids: Sequence[int]) -> None:
    """Words of their names that are nobody else's are no words to find anybody by."""
    own = among(connection, customer_words.c.customer_id, ids)
    words = list(connection.scalars(select(customer_words.c.word).where(own).distinct()))
    connection.execute(delete(customer_words).where(own))
    for part in chunks(words):
        these = among(connection, name_words.c.word, part)
        still = select(customer_words.c.word).where(customer_words.c.word == name_words.c.word)
        unused = select(name_words.c.id).where(these, ~still.exists())
        connection.execute(delete(name_variants).where(name_variants.c.word_id.in_(unused)))
        connection.execute(delete(name_words).where(these, ~still.exists()))


def _forget_changes(
    connection: Connection, ids: Sequence[int], interaction_ids: Sequence[int]
) -> None:
    """Histories, and what other systems are still to be told, of all that goes."""
    gone = {"customer": list(map(str, ids)), "interaction": list(map(str, interaction_ids))}
    for kind, name in (("deal", "deals"), ("task", "tasks"), ("visit", "visits")):
        table = metadata.tables[name]
        query = select(table.c.id).where(among(connection, table.c.customer_id, ids))
        gone[kind] = [str(one) for one in connection.scalars(query)]
    for kind, objects in gone.items():
        for part in chunks(objects):
            for table in (changes, webhook_deliveries):
                theirs = among(connection, table.c.object_id, part)
                connection.execute(delete(table).where(table.c.object_type == kind, theirs))


def scrub(connection: Connection, words: Sequence[str]) -> int:
    """Take these words out of texts that people and programs wrote. Reads the tables through: an
    erasure is rare, and must find what no index knows. How many rows were changed."""
    wanted = sorted({one for one in words if one}, key=len, reverse=True)
    if not wanted:
        return 0
    return sum(
        _scrub_column(connection, metadata.tables[name].c[column], wanted)
        for name, columns in SCRUBBED.items()
        for column in columns
    )


def _scrub_column(connection: Connection, column: Column[Any], words: Sequence[str]) -> int:
    table = column.table
    keys = list(table.primary_key.columns)
    text = func.lower(cast(column, String)) if isinstance(column.type, JSON) else func.lower(column)
    holds = or_(*(text.contains(word.lower(), autoescape=True) for word in words))
    count = 0
    for row in connection.execute(select(*keys, column.label("told")).where(holds)).all():
        this = [key == row._mapping[key.name] for key in keys]
        connection.execute(
            update(table).where(*this).values({column.name: _without(row.told, words)})
        )
        count += 1
    return count


def _without(value: Any, words: Sequence[str]) -> Any:
    if isinstance(value, str):
        for word in words:
            value = _cut(value, word)
        return value
    if isinstance(value, dict):
        return {_without(key, words): _without(one, words) for key, one in value.items()}
    return [_without(one, words) for one in value] if isinstance(value, list) else value


def _cut(text: str, word: str) -> str:
    """In any case of letters."""
    folded, found = text.lower(), word.lower()
    if len(folded) != len(text):  # a few letters change their length: better all than nothing
        return "" if found in folded else text
    while (at := folded.find(found)) >= 0:
        text, folded = text[:at] + text[at + len(word) :], folded[:at] + folded[at + len(word) :]
    return text
