"""Finds customers by whatever somebody types: a name in any alphabet and with errors, a number in
any spelling or its last digits, a mail address, a messenger name, a document's number.

The best come first, each with why it was found. A fixed number of statements, each along an index.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import phonenumbers
from sqlalchemy import Column, ColumnElement, Connection, Select, Table, and_, select

from callcenter.customers.customer import CustomerBrief
from callcenter.customers.names import prefix_end
from callcenter.customers.phone import NumberPlan, parse_number
from callcenter.queries import word_search
from callcenter.queries.name_ranks import ranked
from callcenter.queries.visibility import customers_seen_by
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import customer_rows
from callcenter.store.sets import among
from callcenter.store.tables import (
    contact_points,
    custom_fields,
    custom_values,
    customers,
    invoices,
    orders,
    organization_phones,
    organizations,
    phone_numbers,
)

WhyKind = Literal[
    "name",
    "organization",
    "spelling",
    "typo",
    "number",
    "switchboard",
    "email",
    "messenger",
    "invoice",
    "order",
    "tax_id",
    "field",
]
_SHORTEST_SUFFIX: Final = 4
_SHORTEST_DOCUMENT: Final = 3
_ENOUGH: Final = 5
"""With fewer found, typing errors are thought of."""
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Why:
    """What of the customer was like what was typed; `text` is that value, where it is not the
    name, and `label` the field it stands in, where the company named it."""

    kind: WhyKind
    text: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    customer: CustomerBrief
    why: Why


def find(  # noqa: PLR0917 (where, what, how many, when, for whom)
    connection: Connection,
    text: str,
    plan: NumberPlan,
    limit: int,
    today: date,
    viewer: Viewer = EVERYTHING,
) -> list[Found]:
    search = _Search(connection, text.strip()[:_LONGEST], plan, limit, viewer)
    reasons = search.run()
    people = customer_rows.briefs(connection, list(reasons)[: limit * 2], today)
    found = [Found(people[one], why) for one, why in reasons.items() if one in people]
    return found[:limit]


class _Search:
    """Gathers customers with reasons, the surest first; who is found twice keeps the first."""

    def __init__(
        self, connection: Connection, text: str, plan: NumberPlan, limit: int, viewer: Viewer
    ) -> None:
        self._connection, self._text, self._plan, self._limit = connection, text, plan, limit
        self._seen: list[ColumnElement[Any]] = customers_seen_by(viewer)
        self._viewer = viewer
        self._found: dict[int, Why] = {}

    def run(self) -> dict[int, Why]:
        if self._text:
            for step in self._steps():
                if len(self._found) >= self._limit:
                    break
                step()
        return self._found

    def _steps(self) -> Iterable[Callable[[], None]]:
        digits = re.sub(r"\D", "", self._text)
        letters = bool(re.search(r"[^\W\d_]", self._text))
        if digits:
            yield self._exact_number
        if digits and len(self._text) >= _SHORTEST_DOCUMENT:
            yield self._documents
        if "@" in self._text:
            yield self._contacts
        yield self._names
        if len(digits) >= _SHORTEST_SUFFIX and not letters:
            yield lambda: self._similar_numbers(digits)
        if len(self._text) >= _SHORTEST_DOCUMENT:
            if "@" not in self._text:
                yield self._contacts
            yield self._own_fields
        if letters and len(self._found) < _ENOUGH:
            yield self._names_with_errors

    # --- names ------------------------------------------------------------------------------------

    def _names(self) -> None:
        self._ranked(word_search.wanted_words(self._text))

    def _names_with_errors(self) -> None:
        if len(self._found) >= _ENOUGH:
            return
        wanted = word_search.wanted_words(self._text)
        near = word_search.with_near(self._connection, wanted)
        if any(one.near for one in near):
            self._ranked(near)

    def _ranked(self, wanted: Sequence[word_search.Wanted]) -> None:
        ids = word_search.customer_ids(self._connection, wanted, self._seen)
        for customer_id, kind, text in ranked(self._connection, ids, wanted, self._text):
            self._found.setdefault(customer_id, Why(kind, text))

    # --- numbers ----------------------------------------------------------------------------------

    def _exact_number(self) -> None:
        parsed = parse_number(self._text, self._plan, internal_allowed=False)
        if parsed is None or not parsed.e164:
            return
        columns = phone_numbers.c
        if self._viewer.field("customer", "phones") != "hidden":
            self._take(
                "number",
                select(columns.customer_id, columns.e164).where(columns.e164 == parsed.e164),
            )
        if self._viewer.field("organization", "phones") == "hidden":
            return
        boards = organization_phones.c
        self._take(
            "switchboard",
            select(customers.c.id, boards.e164)
            .join(organization_phones, boards.organization_id == customers.c.organization_id)
            .where(boards.e164 == parsed.e164),
        )

    def _similar_numbers(self, digits: str) -> None:
        """Suggestions while somebody types: numbers that begin so (with or without the country's
        code), then numbers that end so."""
        if not self._viewer.sees("customer", "phones"):
            return  # digit by digit they would be told
        code = phonenumbers.country_code_for_region(self._plan.region)
        columns = phone_numbers.c
        for column, start in (
            (columns.e164, f"+{digits}"),
            (columns.e164, f"+{code}{digits.lstrip('0')}"),
            (columns.reversed_digits, digits[::-1]),
        ):
            if len(self._found) < self._limit:
                within = _within(column, start)
                self._take("number", select(columns.customer_id, columns.e164).where(within))

    # --- what else they are known by --------------------------------------------------------------

    def _contacts(self) -> None:
        """The beginning of a mail address or of a name in a messenger."""
        columns = contact_points.c
        key = self._text.casefold().removeprefix("@")
        if " " in key or len(key) < _SHORTEST_DOCUMENT:
            return
        kinds: list[tuple[WhyKind, tuple[str, ...]]] = []
        if self._viewer.sees("customer", "emails"):
            kinds.append(("email", ("email",)))
        if self._viewer.sees("customer", "messengers"):
            kinds.append(("messenger", ("telegram", "whatsapp", "viber", "messenger")))
        for kind, names in kinds:
            for name in names:
                self._take(
                    kind,
                    select(columns.customer_id, columns.value).where(
                        columns.kind == name, _within(columns.value_key, key)
                    ),
                )

    def _documents(self) -> None:
        written = tuple(dict.fromkeys((self._text, self._text.upper())))
        papers: tuple[tuple[Table, WhyKind], ...] = ((invoices, "invoice"), (orders, "order"))
        if not self._viewer.may("account", "read"):
            papers = ()
        for table, kind in papers:
            for text in written:
                self._take(
                    kind,
                    select(table.c.customer_id, table.c.number).where(
                        _within(table.c.number, text)
                    ),
                )
        if not self._viewer.sees("organization", "tax_id"):
            return
        bare = re.sub(r"[\s.-]", "", self._text).upper()
        self._take(
            "tax_id",
            select(customers.c.id, organizations.c.tax_id)
            .join(organizations, organizations.c.id == customers.c.organization_id)
            .where(among(self._connection, organizations.c.tax_id, {*written, bare})),
        )

    def _own_fields(self) -> None:
        """The company's own fields of text: their beginnings, as written."""
        fields = custom_fields.c
        query = select(fields.id, fields.key, fields.label, fields.sensitive).where(
            fields.object == "customer",
            fields.active,
            ~fields.builtin,
            fields.kind.in_(("text", "link")),
        )
        known = {
            row.id: row.label
            for row in self._connection.execute(query)
            if self._viewer.sees_own("customer", row.key, sensitive=row.sensitive)
        }
        values = custom_values.c
        for field_id, label in known.items():
            for text in dict.fromkeys((self._text, self._text.upper(), self._text.capitalize())):
                self._take(
                    "field",
                    select(values.object_id, values.text).where(
                        values.field_id == field_id, _within(values.text, text)
                    ),
                    label,
                )

    def _take(self, kind: WhyKind, query: Select[Any], label: str = "") -> None:
        """At most as many as can be shown, those left out whom the viewer may not see."""
        rows = {row[0]: row[1] for row in self._connection.execute(query.limit(self._limit * 2))}
        if not rows:
            return
        allowed = select(customers.c.id).where(
            among(self._connection, customers.c.id, rows),
            customers.c.deleted_at.is_(None),
            *self._seen,
        )
        kept = set(self._connection.scalars(allowed))
        for customer_id, text in rows.items():
            if customer_id in kept:
                self._found.setdefault(customer_id, Why(kind, str(text or ""), label))


def _within(column: Column[str], start: str) -> ColumnElement[bool]:
    return and_(column >= start, column < prefix_end(start))
