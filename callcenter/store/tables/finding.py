"""The vocabulary of names: every distinct spelling key, and what each is found by in spite of
typing errors (`callcenter.finding.near`). Which customer has a word is in `customer_words`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Table

from callcenter.store.tables.base import metadata
from callcenter.store.types import Id, code_text

name_words = Table(
    "name_words",
    metadata,
    Column("id", Id, primary_key=True),
    Column("word", code_text(64), nullable=False, unique=True),
)

name_variants = Table(
    "name_variants",
    metadata,
    Column("variant", BigInteger, primary_key=True, autoincrement=False),
    Column("word_id", Id, ForeignKey("name_words.id"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
