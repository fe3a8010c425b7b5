"""Fills an empty, migrated PostgreSQL: customers by COPY, what is theirs by the server itself.

Of each hundred customers: 130 numbers, 1,000 interactions over three years, 60 mail addresses, 30
invoices, 20 tags, 15 consents, 30 values of own fields, 10 deals, 5 open tasks.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import psycopg

from bench.customers.people import People
from callcenter.customers.names import sort_key
from callcenter.finding.near import variants
from callcenter.finding.words import kept_words, vocabulary

HERE = Path(__file__).parent
FIRMS_EACH = 20
_BLOCK = 20_000


def fill(url: str, customers: int, interactions_each: int = 10) -> dict[str, float]:
    """Seconds by part."""
    seconds: dict[str, float] = {}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set statement_timeout = 0")
        connection.execute("set maintenance_work_mem = '1GB'")
        connection.execute("set work_mem = '256MB'")
        connection.execute("select setseed(0.42)")
        for name, part in (
            ("people", lambda: _people(connection, customers)),
            ("beside", lambda: _beside(connection, customers)),
            (
                "interactions",
                lambda: _interactions(connection, customers, customers * interactions_each),
            ),
            ("figures", lambda: _script(connection, "figures")),
            ("vacuum", lambda: connection.execute("VACUUM ANALYZE")),
        ):
            start = time.perf_counter()
            part()
            seconds[name] = round(time.perf_counter() - start, 1)
    return seconds


def _people(connection: psycopg.Connection, count: int) -> None:
    _script(connection, "first", firms=max(1, count // FIRMS_EACH))
    dropped = _drop_indexes(connection, "customers", "customer_words", "phone_numbers")
    known: dict[str, int] = {}
    source = enumerate(iter(People(7)), start=1)
    done = 0
    while done < count:
        block = list(islice(source, min(_BLOCK, count - done)))
        done += len(block)
        _copy_block(connection, block, count, known)
    with connection.cursor().copy("COPY name_variants (variant, word_id) FROM STDIN") as copy:
        for word, word_id in known.items():
            for variant in variants(word):
                copy.write_row((variant, word_id))
    _restore_indexes(connection, dropped)


def _copy_block(
    connection: psycopg.Connection, block: list, count: int, known: dict[str, int]
) -> None:
    now = datetime.now(UTC)
    cursor = connection.cursor()
    firms = max(1, count // FIRMS_EACH)
    with cursor.copy(
        "COPY customers (id, display_name, given_name, family_name, organization_id, city,"
        " language, vip_level, blocked, owner_id, confirmed, status, segment, created_at,"
        " updated_at, sort_name) FROM STDIN"
    ) as copy:
        for n, one in block:
            name = f"{one.given} {one.family}"
            copy.write_row(
                (
                    n,
                    name,
                    one.given,
                    one.family,
                    1 + n % firms if n % 3 == 0 else None,
                    one.city,
                    one.language,
                    int(n % 250 == 0),
                    n % 1500 == 1,
                    1001 + n % 50 if n % 4 else None,
                    n % 90 != 2,
                    ("lead", "active", "sleeping", "lost", "")[n % 7 % 5],
                    ("private", "small", "large")[n % 11 % 3],
                    datetime.fromtimestamp(now.timestamp() - (count - n) % 900 * 86_400, UTC),
                    datetime.fromtimestamp(now.timestamp() - n % 300 * 86_400, UTC),
                    sort_key(name, one.family),
                )
            )
    words = [(word, n) for n, word in _words(block, firms)]
    with cursor.copy("COPY customer_words (word, customer_id) FROM STDIN") as copy:
        for row in words:
            copy.write_row(row)
    new = [w for w in vocabulary(word for word, _n in words) if w not in known]
    with cursor.copy("COPY name_words (id, word) FROM STDIN") as copy:
        for word in new:
            known[word] = len(known) + 1
            copy.write_row((known[word], word))
    with cursor.copy(
        "COPY phone_numbers (customer_id, e164, is_primary, reversed_digits) FROM STDIN"
    ) as copy:
        for n, one in block:
            for place in range(1 + (n % 10 < 3)):
                number = f"48{500_000_000 + n * 7 % 99_999_989 + place * 100_000_000}"
                number = number if one.language == "pl" else f"79{100_000_000 + n * 7 + place}"
                copy.write_row((n, f"+{number}", place == 0, number[::-1]))


def _words(block: list, firms: int) -> Iterator[tuple[int, str]]:
    for n, one in block:
        firm = f"Firma {1 + n % firms}" if n % 3 == 0 else ""
        for word in kept_words(f"{one.given} {one.family}", firm):
            yield n, word


def _beside(connection: psycopg.Connection, count: int) -> None:
    dropped = _drop_indexes(
        connection, "contact_points", "invoices", "customer_tags", "consents", "custom_values"
    )
    _script(connection, "beside", count=count)
    _restore_indexes(connection, dropped)


def _interactions(connection: psycopg.Connection, customers: int, count: int) -> None:
    """Three years of them, a tenth missed."""
    dropped = _drop_indexes(connection, "interactions")
    _script(connection, "interactions", customers=customers, count=count)
    _restore_indexes(connection, dropped)


def _script(connection: psycopg.Connection, name: str, **values: int) -> None:
    script = (HERE / f"{name}.sql").read_text("utf-8").format(**values)
    for statement in script.split(";\n"):
        if statement.strip():
            connection.execute(statement)


def _drop_indexes(connection: psycopg.Connection, *tables: str) -> list[str]:
    """Of these tables, but for what constraints stand on; returns how to make them again."""
    rows = connection.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
        "JOIN pg_class t ON t.oid = i.indrelid WHERE t.relname = ANY(%s) AND NOT EXISTS "
        "(SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        (list(tables),),
    ).fetchall()
    for name, _definition in rows:
        connection.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in rows]


def _restore_indexes(connection: psycopg.Connection, definitions: Iterable[str]) -> None:
    for definition in definitions:
        connection.execute(definition)
